"""The steps of one run that can't be undone or cost approvals: as a value, and as an input. Pure.

Small, and apart from what works it out (`announce`): runs that ask AWS nothing load it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

THE_NEW_ONE: Final = "the migration that this run starts"
"""The name of the migration to finalize, where it has no id yet."""

NOTHING: Final = "nothing is started, approved, finalized or canceled"
ALL_ENABLED: Final = "all features are enabled"
FINALIZED: Final = "the last run finalized"
"""Taken for so until somebody looks: the run that was to finalize has ended without an error."""
NOT_LOOKED: Final = "AWS couldn't be looked at"
NOT_KNOWN: Final = "inputs aren't known yet"
NOT_REFRESHED: Final = "no refresh has recorded anything to do"

_NONE: Final = "none"
_AGAIN: Final = "again"
_ONCE: Final = "once"
_ALL_APPROVED: Final = "all have approved"


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of one run that can't be undone or cost approvals.

    Attributes:
        start: Whom a new migration asks, in words; empty if none is started.
        approve: The accounts to approve for, in order,
        migration: and the handshake of the migration that they approve, or `THE_NEW_ONE`.
        finalize: The handshake to accept, or `THE_NEW_ONE`; empty if none is.
        cancel: The handshake to cancel; empty if none is.
        awaited: Whether it is finalized only if others approve before.
    """

    start: str = ""
    approve: tuple[str, ...] = ()
    migration: str = ""
    finalize: str = ""
    cancel: str = ""
    awaited: bool = False

    def within(self, other: Steps) -> Steps:
        """The steps that both announce."""
        same = set(other.approve) if self.migration == other.migration else set()
        return Steps(
            start=self.start if other.start else "",
            approve=tuple(each for each in self.approve if each in same),
            migration=self.migration if same else "",
            finalize=self.finalize if self.finalize == other.finalize else "",
            cancel=self.cancel if self.cancel == other.cancel else "",
            awaited=self.awaited and self.finalize == other.finalize,
        )


NO_STEPS: Final = Steps()


def as_input(steps: Steps, otherwise: str = NOTHING) -> dict[str, Any]:
    """Steps as the computed input: texts, and the ids of accounts.

    Args:
        steps: The steps.
        otherwise: What to say where there are none.
    """
    named: dict[str, Any] = {
        "cancel": steps.cancel,
        "start": steps.start,
        "approve": list(steps.approve),
        "migration": steps.migration,
        "finalize": steps.finalize,
        _ONCE: _ALL_APPROVED if steps.awaited else "",
    }
    return {name: value for name, value in named.items() if value} or {_NONE: otherwise}


def from_input(value: Any) -> Steps | None:
    """Steps as they were announced; None where the run's own look is to announce them."""
    if not isinstance(value, dict):
        return NO_STEPS
    if value.get(_NONE) == FINALIZED:
        return None
    texts = {name: str(value.get(name) or "") for name in ("start", "migration", "finalize", "cancel")}
    return Steps(approve=tuple(value.get("approve") or ()), awaited=_ONCE in value, **texts)


def without_a_look(before: Any, *, same_inputs: bool) -> dict[str, Any] | None:
    """The steps of a run that needn't look at AWS to announce that there are none; None if it must.

    Args:
        before: The steps that the run before announced.
        same_inputs: Whether the program declares what it declared then.
    """
    if not isinstance(before, dict):
        return None
    if before.get(_NONE) == ALL_ENABLED:
        return dict(before)
    finalizing = set(before) - {_AGAIN} == {"finalize"} and before["finalize"] != THE_NEW_ONE
    if same_inputs and (finalizing or before.get(_NONE) == FINALIZED):
        return {_NONE: FINALIZED}
    return None


def unlike(before: Any, steps: Any) -> Any:
    """The steps, in a form that differs from what the run before announced.

    Or they wouldn't be a difference that a preview shows, and a plan keeps.

    Args:
        before: What the run before announced.
        steps: What this one announces; in a preview it may not be known yet.
    """
    if not isinstance(steps, dict) or _NONE in steps or steps != before:
        return steps
    return {**steps, _AGAIN: "as the run before announced"}
