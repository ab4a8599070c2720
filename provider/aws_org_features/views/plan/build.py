"""Making a plan of what AWS shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.common.ownership import ROLE_REQUEST
from aws_org_features.common.text import accounts
from aws_org_features.migration.assess import assess
from aws_org_features.migration.decide import decide
from aws_org_features.model.migration import NOTHING_RECORDED, Action, Desired, Status
from aws_org_features.model.organizations import MOST_ACCOUNTS, AccountDetails
from aws_org_features.views.plan.considerations import considerations
from aws_org_features.views.plan.effort import next_up, while_waiting
from aws_org_features.views.plan.permissions import missing
from aws_org_features.views.plan.values import Obstacle, Plan, Verdict
from aws_org_features.views.status import outlook

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from aws_org_features.model.migration import Decision, Observation
    from aws_org_features.model.organizations import Accounts
    from aws_org_features.views.plan.values import Ahead, Permission
    from aws_org_features.views.status import Outlook


def plan(ahead: Ahead, at: datetime, permissions: Collection[Permission] = ()) -> Plan:
    """Say what is going to happen.

    Args:
        ahead: What was looked at.
        at: When, UTC.
        permissions: What the caller may do, as far as that was found out.
    """
    seen, known = ahead.seen, ahead.accounts
    stands = outlook(seen, at, known)
    decision = decide(Desired(seen.organization.id), NOTHING_RECORDED, assess(NOTHING_RECORDED, seen))
    asked = _asked(ahead, stands)
    begins = to_begin(stands)
    return Plan(
        outlook=stands,
        decision=decision,
        then=_then(stands, decision, asked),
        otherwise=_otherwise(stands, decision, asked),
        asked=asked,
        not_asked=None if known is None else _created(seen, known),
        roles_lost=None if begins else _roles_lost(seen),
        accounts=None if known is None else len(known.members),
        invitations=ahead.invitations if begins else (),
        obstacles=(*_too_large(known if begins else None), *_denied(permissions)),
        considerations=considerations(stands, known, asked),
        effort=next_up(decision, known, asked),
        waiting=while_waiting(asked) if begins or stands.status is Status.AWAITING_APPROVALS else None,
    )


def to_begin(stands: Outlook) -> bool:
    """Return whether a migration would have to be started, so that everyone would be asked."""
    in_flight = stands.handshake is not None and stands.handshake.pending
    return stands.status in {
        Status.NOT_STARTED,
        Status.EXPIRED,
        Status.CANCELED,
    } or (stands.status is Status.DECLINED and not in_flight)


def _then(stands: Outlook, decision: Decision, asked: Collection[AccountDetails] | None) -> str:
    if decision.action is not Action.START or asked is None:
        return stands.next_step
    if not asked:
        return (
            "`pulumi up` starts and finalizes it at once, which can't be undone: no account must be asked "
            "(unless the program says finalize=False)."
        )
    whose = "owner of 1 account" if len(asked) == 1 else f"owners of {accounts(len(asked))}"
    return (
        f"`pulumi up` starts it: AWS asks the {whose} to approve. Once all have, the next `pulumi up` "
        "finalizes, even one that somebody else runs, which can't be undone (unless the program says "
        "finalize=False). One account that declines blocks it, until it is removed or everyone is asked "
        "again."
    )


def _otherwise(stands: Outlook, decision: Decision, asked: Collection[AccountDetails] | None) -> str:
    if decision.action is not Action.START or (asked is not None and not asked):
        return stands.otherwise
    return (
        f"{stands.otherwise} Once started, the requests expire after 90 days (AWS User Guide); then everyone "
        "must be asked again, and approvals are lost."
    )


# Who


def _asked(ahead: Ahead, stands: Outlook) -> tuple[AccountDetails, ...] | None:
    if to_begin(stands) or stands.status is Status.DECLINED:
        # Nobody finalizes what was declined: the next migration, if any, asks everyone again.
        known = ahead.accounts
        return None if known is None else _details(known, known.invited)
    waiting = [each.account_id for each in stands.holders if each.unanswered]
    if not waiting and stands.status is Status.AWAITING_APPROVALS and stands.approvals is None:
        return None
    return _details(ahead.accounts, filter(None, waiting))


def _details(known: Accounts | None, account_ids: Iterable[str]) -> tuple[AccountDetails, ...]:
    found = known.details if known else {}
    asked = (found.get(each) or AccountDetails(each, "", "") for each in account_ids)
    return tuple(sorted(asked, key=lambda account: (account.active, account.id)))


def _created(seen: Observation, known: Accounts) -> int:
    return len(known.members - known.invited - {seen.organization.management_account_id})


def _roles_lost(seen: Observation) -> tuple[str, ...]:
    lost = (child.account_id or "" for child in seen.children or () if child.action == ROLE_REQUEST)
    return tuple(sorted(lost))


# What blocks it


def _too_large(known: Accounts | None) -> Iterable[Obstacle]:
    if known is not None and len(known.members) > MOST_ACCOUNTS:
        yield Obstacle(
            "organization-too-large",
            f"The organization has {len(known.members):,} accounts, and self-service migration allows at "
            f"most {MOST_ACCOUNTS:,}.",
            "Ask AWS Support for an assisted migration.",
        )


def _denied(permissions: Iterable[Permission]) -> Iterable[Obstacle]:
    lacking = missing(permissions, Verdict.DENIED)
    if lacking:
        yield Obstacle(
            "access-denied",
            f"The caller lacks the permissions {', '.join(lacking)}.",
            "`org-features iam-policy --for operate` prints a policy that grants them.",
        )
