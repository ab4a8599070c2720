"""Guard of the probe: it refuses accounts that somebody needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_org_features.evidence.probe.step import State


@dataclass(frozen=True, slots=True)
class Found:
    """The callers and their organizations, as AWS says now; empty where there is none.

    Attributes:
        management, member: The accounts of the credentials.
        organization: The organization of the first,
        owner: and its management account.
        member_of: The organization of the second.
    """

    management: str
    member: str
    organization: str = ""
    owner: str = ""
    member_of: str = ""


def refusal(state: State, found: Found) -> str | None:
    """The reason why the probe may not act; None if it may."""
    if state.management == state.member:
        return "both accounts are the same one"
    for role, named, actual in (
        ("management account", state.management, found.management),
        ("member account", state.member, found.member),
    ):
        if named != actual:
            return f"the credentials for the {role} belong to account {actual}, not to {named}"
    if found.organization and not _is_ours(state, found):
        return (
            f"account {state.management} is in organization {found.organization}, which the probe hasn't made"
        )
    if found.member_of and found.member_of != found.organization:
        return f"account {state.member} is in organization {found.member_of}, which the probe hasn't made"
    return None


def _is_ours(state: State, found: Found) -> bool:
    known = state.facts.get("organization")
    made = {"create", "create again"} & {*state.done, state.begun}
    if not made or found.owner != state.management:
        return False
    # Of one that may have been made as the run was killed, nobody knows the id yet.
    return known == found.organization or (known is None and state.begun in made)
