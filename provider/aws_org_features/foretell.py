"""Looking at what lies ahead, before there is anything to compare it with. Never writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_org_features import errors
from aws_org_features.model import NOTHING_RECORDED, Look, Observation
from aws_org_features.observe import LOOKS, complete, observe
from aws_org_features.plan import Ahead, Verdict, short
from aws_org_features.plan.permissions import Need, judged, missing, needs
from aws_org_features.plan.short import Line
from aws_org_features.scope import limited

if TYPE_CHECKING:
    from aws_org_features.aws import Organizations, Principal
    from aws_org_features.model import Desired
    from aws_org_features.plan import Permission


def look_ahead(api: Organizations, desired: Desired, seen: Observation) -> Ahead:
    """Look at whatever a migration is going to depend on.

    Args:
        api: The calls.
        desired: What the program declares.
        seen: What was seen already: the organization.

    Returns:
        Without accounts or invitations where the caller may not list them, or all features are on.
    """
    seen = complete(api, desired, NOTHING_RECORDED, seen)
    if seen.organization.has_all_features:
        return Ahead(seen)
    if seen.accounts is None:
        seen = LOOKS[Look.ACCOUNTS](api, seen)
    known = seen.accounts if seen.accounts is not None and seen.accounts.known else None
    in_flight = seen.parent is not None and seen.parent.pending
    return Ahead(
        seen, known, None if in_flight else tuple(each for each in api.invitations() if each.pending)
    )


def first_up(api: Organizations, desired: Desired) -> tuple[Line, ...]:
    """Say what the first `up` of a resource is going to do, in a few lines.

    Whatever keeps it from looking is told, never raised: a preview works without credentials.
    """
    try:
        desired = limited(desired, api.connection)
        seen = observe(api, desired, NOTHING_RECORDED)
        return short(look_ahead(api, desired, seen), desired)
    except errors.OrgFeaturesError as error:
        return (Line(f"what this is going to do couldn't be looked up: {error.what}"),)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever acts, and what they may do.

    Attributes:
        arn: As AWS has it.
        permissions: What the whole way takes.
        untold: Why some of it couldn't be found out; empty if all was.
    """

    arn: str
    permissions: tuple[Permission, ...]
    untold: str = ""


def look_at_caller(principal: Principal, ahead: Ahead) -> Caller:
    """Find out, without trying, what the caller may do.

    What it has done already it may do; IAM is asked about the rest.
    """
    arn = principal.arn()
    if ahead.seen.organization.has_all_features:
        return Caller(arn, ())
    needed = needs(ahead.seen.organization, ahead.seen.parent)
    found = {
        "organizations:DescribeOrganization": True,
        "organizations:ListAccounts": ahead.accounts is not None,
        "organizations:ListHandshakesForOrganization": True,
    }
    if arn.endswith(":root"):
        # No policy says so, and none can take it away in a management account.
        return Caller(arn, judged(needed, {action: True for need in needed for action in need.actions}))
    try:
        untold = _ask(principal, arn, needed, found)
    except errors.OrgFeaturesError as error:
        untold = error.what
    permissions = judged(needed, found)
    if not untold and missing(permissions, Verdict.UNKNOWN):
        untold = "IAM's simulation (`SimulatePrincipalPolicy`) answered without a decision"
    return Caller(arn, permissions, untold)


def _ask(principal: Principal, arn: str, needed: tuple[Need, ...], found: dict[str, bool]) -> str:
    source = principal.policy_source(arn)
    if source is None:
        return "IAM can be asked about users and roles alone, and the caller is neither"
    for need in needed:
        actions = [action for action in need.actions if action not in found]
        if actions:
            found |= principal.allowed(source, actions, need.resources)
    return ""
