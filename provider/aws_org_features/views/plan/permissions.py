"""Permissions for the whole way: those of the policy that is printed for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aws_org_features.views.iam_policies import policy_for
from aws_org_features.views.plan.values import Permission, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aws_org_features.model.organizations import Handshake, Organization

_PURPOSES: Final = {
    "LookAtTheMigration": "look at it",
    "StartTheMigration": "start it",
    "FinalizeOrCancelTheMigration": "finalize or cancel it",
}

_ANY: Final = "h-00000000"
"""Stands for a handshake that there isn't yet."""


@dataclass(frozen=True, slots=True)
class Need:
    """Actions that are needed on the same resources.

    Attributes:
        purpose: What for.
        actions: As IAM has them.
        resources: ARNs; empty where the actions know no resource.
    """

    purpose: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]


def needs(organization: Organization, parent: Handshake | None) -> tuple[Need, ...]:
    """Permissions needed from start to end, in the management account.

    Args:
        organization: Whose migration it is.
        parent: The migration in progress, if there is one.
    """
    document = policy_for(
        "operate",
        partition=organization.arn.split(":")[1],
        organization_id=organization.id,
        management_account_id=organization.management_account_id,
    )
    handshake_id = parent.id if parent is not None and parent.pending else _ANY
    return tuple(
        Need(
            _PURPOSES[statement["Sid"]],
            tuple(statement["Action"]),
            ()
            if statement["Resource"] == "*"
            else tuple(each.replace("h-*", handshake_id) for each in statement["Resource"]),
        )
        for statement in document["Statement"]
    )


def judged(needed: Iterable[Need], found: Mapping[str, bool]) -> tuple[Permission, ...]:
    """The caller's permissions.

    Args:
        needed: What is needed.
        found: Whether an action is allowed, as far as that is known.
    """
    verdicts = {True: Verdict.ALLOWED, False: Verdict.DENIED, None: Verdict.UNKNOWN}
    return tuple(
        Permission(action, need.purpose, verdicts[found.get(action)])
        for need in needed
        for action in need.actions
    )


def missing(permissions: Iterable[Permission], verdict: Verdict) -> tuple[str, ...]:
    """The actions of which something is so."""
    return tuple(each.action for each in permissions if each.verdict is verdict)
