"""What a create would do in other people's name, told before there is anything to compare it with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features import errors, words
from aws_org_features.assess import assess
from aws_org_features.decide import decide
from aws_org_features.model import NOTHING_RECORDED, Action, Look
from aws_org_features.observe import LOOKS, observe

if TYPE_CHECKING:
    from aws_org_features.aws import Organizations
    from aws_org_features.model import Desired


def consent(api: Organizations, desired: Desired) -> str | None:
    """Say for which accounts an approver is going to approve; None where there is nothing to approve.

    Reads only. Whatever keeps it from looking is told, never raised: a preview works without credentials.
    """
    if desired.approver is None:
        return None
    try:
        seen = observe(api, desired, NOTHING_RECORDED)
        decision = decide(desired, NOTHING_RECORDED, assess(NOTHING_RECORDED, seen))
        if decision.action is Action.APPROVE:
            return words.consent(decision.accounts)
        if decision.action is not Action.START:
            return None
        accounts = LOOKS[Look.ACCOUNTS](api, seen).accounts
    except errors.OrgFeaturesError as error:
        return f"for whom the approver is going to approve couldn't be looked up: {error.what}"
    if accounts is None or not accounts.known:
        return "for whom the approver is going to approve can't be told: ListAccounts is denied"
    return words.consent(tuple(sorted(filter(desired.approver.covers, accounts.invited))))
