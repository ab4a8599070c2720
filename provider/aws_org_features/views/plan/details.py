"""Further details for a reviewer: a label and a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.common.sanitize import line
from aws_org_features.common.text import named
from aws_org_features.model.migration import Action, Status
from aws_org_features.model.organizations import MOST_ACCOUNTS
from aws_org_features.views.plan.permissions import missing
from aws_org_features.views.plan.values import Topic, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from aws_org_features.views.plan.values import Effort, Permission, Plan

_UNLISTED: Final = "Unknown: the caller may not list the accounts (organizations:ListAccounts)."
_NO_WAY_BACK: Final = (
    "With all features, the management account can restrict every member account by policies. Finalizing is "
    "irreversible. Until then you can cancel, but approvals already given are lost."
)
_DAYS: Final = "90 days at most, then the requests expire (AWS User Guide). Owners may take any part of that."
_TOPICS: Final = {
    Topic.NEW_ORGANIZATION: "New instead",
    Topic.MOVE_OUT: "Moving out",
    Topic.ASSISTED_MIGRATION: "Assisted",
    Topic.BILLING_TRANSFER: "Reseller",
    Topic.CONTROL_TOWER: "Control Tower",
    Topic.LANDING_ZONE_ACCELERATOR: "Accelerator",
}
_FEW: Final = 3
_LONGEST: Final = 200
"""Characters that are shown of why something isn't known."""
_MINUTE: Final = 60
_SOON: Final = 5


def grave(plan: Plan) -> Iterator[tuple[str, str]]:
    """The irreversible step, and what blocks it."""
    if plan.outlook.status is Status.ENABLED:
        return
    yield "No way back", _NO_WAY_BACK
    told = [f"{each.what} {each.next_step}" for each in plan.obstacles]
    if plan.decision.blocked:
        told.append("A decision, see above.")
    if plan.inactive:
        told.append(_inactive(plan))
    yield "Blockers", " ".join(told) or "None known."


def details(plan: Plan, permissions: Collection[Permission], untold: str) -> Iterator[tuple[str, str]]:
    """Details: whom it doesn't ask or can't reach, what it cancels, what it takes, what to weigh before it.

    Args:
        plan: What is going to happen.
        permissions: What the caller may do.
        untold: Why some of that isn't known.
    """
    if plan.outlook.status is Status.ENABLED:
        return
    yield "Not asked", _not_asked(plan)
    if plan.invitations is None or plan.invitations:
        yield "Invitations", _invitations(plan)
    if plan.accounts is not None:
        yield (
            "Accounts",
            f"{plan.accounts:,} in total; self-service migration allows at most {MOST_ACCOUNTS:,}.",
        )
    yield "Permissions", _permissions(permissions, untold)
    if plan.decision.action is Action.START:
        yield "Time", _DAYS
    calls = " ".join(_efforts(plan))
    if calls:
        yield "Calls", calls
    yield from ((_TOPICS[each.topic], each.text) for each in plan.considerations or ())
    if plan.considerations:
        yield "Sources", "`org-features plan --json` names AWS's page for each of these."


def _not_asked(plan: Plan) -> str:
    if plan.not_asked is None:
        return _UNLISTED
    created = "1 account that was" if plan.not_asked == 1 else f"{plan.not_asked:,} accounts that were"
    told = f"The management account, and {created} created in the organization"
    if not plan.not_asked:
        return "The management account; no account was created in the organization."
    if plan.roles_lost is None:
        return (
            f"{told}, unless one of these has lost its service-linked role: then AWS asks it as well, which "
            "can't be seen before the start."
        )
    if plan.roles_lost:
        return (
            f"{told}, but for {named(plan.roles_lost)}: it lost its service-linked role, so AWS asks it as "
            "well."
        )
    return f"{told}."


def _inactive(plan: Plan) -> str:
    found = plan.inactive
    who = named([account.id for account in found])
    states = named(sorted({account.state for account in found}))
    verb, it, them = ("is", "it", "it") if len(found) == 1 else ("are", "they", "them")
    return (
        f"Maybe {who}: {it} {verb} {states}, so nobody can approve there, and AWS doesn't document whether "
        f"it waits for {them}. Have {them} reinstated, or remove {them} from the organization."
    )


def _invitations(plan: Plan) -> str:
    if plan.invitations is None:
        return _UNLISTED
    who = named([line(each.invited) or "an account that AWS doesn't name" for each in plan.invitations], _FEW)
    if len(plan.invitations) == 1:
        return f"1 is pending, and AWS cancels it as a migration starts: {who}."
    return f"{len(plan.invitations):,} are pending, and AWS cancels them as a migration starts: {who}."


def _permissions(permissions: Collection[Permission], untold: str) -> str:
    told = []
    if denied := missing(permissions, Verdict.DENIED):
        told.append(f"The caller lacks {', '.join(denied)}.")
    if unknown := missing(permissions, Verdict.UNKNOWN):
        why = line(untold, _LONGEST).removesuffix(".")
        told.append(f"Unknown whether the caller has {', '.join(unknown)}: {why}.")
    if not told:
        return "OK to read, start, finalize and cancel (IAM simulation)."
    return " ".join(told)


# What it takes


def _efforts(plan: Plan) -> Iterator[str]:
    if plan.effort is not None:
        what = "To start" if plan.decision.action is Action.START else "To finalize"
        yield f"{what}: {_effort(plan.effort)}."
    if plan.waiting is not None:
        yield f"Each `pulumi up` while approvals are outstanding: {_effort(plan.waiting)}."


def _effort(effort: Effort) -> str:
    writes = {0: "no writes", 1: "1 write"}.get(effort.writes, f"{effort.writes} writes")
    return f"{effort.calls:,} API calls ({writes}){_duration(effort.seconds)}"


def _duration(seconds: float) -> str:
    if seconds < _SOON:
        return ""
    took = f"{seconds:.0f} s" if seconds < 2 * _MINUTE else f"{seconds / _MINUTE:.0f} min"
    return f", about {took} at AWS's rates"
