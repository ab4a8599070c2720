"""A step of the probe, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ALL: Final = "ALL"


class Who(StrEnum):
    """The account that asks, of the two."""

    MANAGEMENT = "management"
    MEMBER = "member"


class Kind(StrEnum):
    """The purpose of a step."""

    LOOK = "look"
    """Reads."""
    WRITE = "write"
    """Changes something, and has to succeed."""
    PROVOKE = "provoke"
    """Is there for the answer, usually a refusal."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call.

    Attributes:
        name: Stable: states name it.
        who: Which account asks.
        operation: As AWS names it.
        request: What it is asked; a text like `{parent}` stands for what an earlier answer told.
        kind: What it is for.
        tells: Facts that the answer is looked through for.
        needs: Those that it must tell: they are waited for, and without them nothing goes on.
        already: Error codes and reasons that tell that it was done before.
        undo: The step that undoes it.
        settles: Steps that need no undoing once this is done.
        unless_all: Whether it is left out once the organization has all features,
        only_all: or until it has.
        unless: Facts that make it needless, if all of them are known,
        given: or that it makes sense with alone.
    """

    name: str
    who: Who
    operation: str
    request: Mapping[str, Any] = field(default_factory=dict)
    kind: Kind = Kind.LOOK
    tells: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    already: frozenset[str] = frozenset()
    undo: Step | None = None
    settles: tuple[str, ...] = ()
    unless_all: bool = False
    only_all: bool = False
    unless: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """The state of a probe: what it has done.

    Attributes:
        management: The account that makes the organization.
        member: The other one.
        done: Names of steps, in their order.
        begun: The write that may have been done, if any.
        facts: What answers told: ids, and the feature set.
        undone: Names of steps that were undone.
        undoing: Whether it is being undone.
    """

    management: str
    member: str
    done: tuple[str, ...] = ()
    begun: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    undone: tuple[str, ...] = ()
    undoing: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a call.

    Attributes:
        answer: AWS's answer; empty if it refused.
        code, reason, message: Of a refusal.
    """

    answer: Mapping[str, Any]
    code: str = ""
    reason: str = ""
    message: str = ""

    @property
    def refused(self) -> bool:
        """Return whether it was refused."""
        return bool(self.code)


def joined(first: Outcome, more: Outcome) -> Outcome:
    """The answers of two pages of a list as one."""
    if more.refused:
        return more
    lists = {
        name: [*first.answer.get(name, []), *found] for name, found in more.answer.items() if _is_list(found)
    }
    return Outcome({**first.answer, **lists})


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def look(name: str, operation: str, who: Who = Who.MANAGEMENT, *tells: str, **others: Any) -> Step:
    """A step that reads."""
    return Step(name, who, operation, tells=tells, **others)


def provoke(name: str, operation: str, who: Who = Who.MANAGEMENT, **others: Any) -> Step:
    """A step that is there for its answer."""
    return Step(name, who, operation, kind=Kind.PROVOKE, **others)


def write(name: str, operation: str, who: Who = Who.MANAGEMENT, **others: Any) -> Step:
    """A step that changes something."""
    return Step(name, who, operation, kind=Kind.WRITE, **others)
