"""Promises of every command after any history: a check each, by what was asked and is so.

A check gives what is wrong, or None. None of them reads what the provider says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.model.steps import THE_NEW_ONE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.reconcile.histories.truth import Asked

READING: Final = frozenset({"preview", "refresh", "status", "plan", "get"})


@dataclass(frozen=True)
class Command:
    """A command, and what a person knows who looks over its shoulder.

    Attributes:
        name: What it is.
        declared: What the program declares.
        fresh: Whether nothing is kept of the resource under its present name.
        attempt: Under which attempt the last migration was begun or adopted; 1 for a fresh resource.
        management: The account of the declared organization that may act.
        canceled: The migrations that a person has canceled, as far as a look could have shown.
        reliable: Whether AWS answers as it should, at once shows what was written, and nobody else acts
            meanwhile.
        asked: What it asked.
        announced: The steps that it announced, as the input.
        warned: What it warned of.
    """

    name: str
    declared: Mapping[str, Any]
    fresh: bool
    attempt: int
    management: str
    canceled: frozenset[str]
    reliable: bool
    asked: tuple[Asked, ...]
    announced: Mapping[str, Any]
    warned: str

    @property
    def writes(self) -> list[Asked]:
        """The calls that may have changed an organization."""
        return [each for each in self.asked if each.call.writes]

    @property
    def raised(self) -> bool:
        """Return whether a person has asked to begin again."""
        return int(self.declared["attempt"]) > self.attempt


def never_a_second_migration(command: Command) -> str | None:
    """Never a second migration while one is in progress."""
    for each in command.asked:
        if each.after.in_flight > 1:
            return "two migrations are in progress"
        again = each.call.operation == "EnableAllFeatures" and each.seen.pending
        if again and command.reliable:
            return f"another was asked for while {each.before.parent} is in progress"
    begun = sum(1 for each in command.asked if each.began)
    return f"{begun} were begun at once" if begun > 1 else None


def none_after_a_cancel_without_a_raised_attempt(command: Command) -> str | None:
    """No migration is begun after a person canceled one, unless `attempt` was raised."""
    for each in command.asked:
        if each.began and each.before.parent in command.canceled and not command.raised:
            return f"one was begun after {each.before.parent} was canceled: {_attempts(command)}"
    return None


def finalized_only_when_open_and_allowed(command: Command) -> str | None:
    """The parent is accepted only when it is OPEN, by an `up`, and `finalize` allows it."""
    for each in command.asked:
        if not each.finalized:
            continue
        if command.name != "up" or not command.declared["finalize"]:
            return f"{command.name} finalized, and finalize is {command.declared['finalize']}"
        if each.seen.state != "OPEN" and command.reliable:
            return f"the parent was {each.seen.state}"
    return None


def no_write_elsewhere(command: Command) -> str | None:
    """Nothing is written but by the declared organization's management, or in an account on its behalf."""
    for each in command.writes:
        here = each.call.account_id == command.management
        if not here and each.call.account_id not in each.seen.members:
            return f"{each.call.operation} as {each.call.account_id}"
    return None


def no_write_while_reading(command: Command) -> str | None:
    """Nothing is written by what only looks."""
    if command.name not in READING or not command.writes:
        return None
    return f"{command.name} asked for {', '.join(each.call.operation for each in command.writes)}"


def nothing_approved_is_canceled(command: Command) -> str | None:
    """Nothing that anyone has approved is canceled, unless an existing resource's `attempt` was raised."""
    for each in command.asked:
        approved = each.seen.who("ACCEPTED")  # AWS cancels what has come since the last look
        if not each.canceled or not approved:
            continue
        if command.name != "up" or command.fresh or not command.raised:
            return (
                f"{command.name} canceled what {', '.join(sorted(approved))} approved: {_attempts(command)}"
            )
    return None


def canceled_only_by_declaration(command: Command) -> str | None:
    """A destroy cancels only where `on_destroy` says so, an `up` only where `attempt` was raised."""
    for each in command.asked:
        if not each.canceled:
            continue
        if command.name == "destroy" and command.declared["on_destroy"] != "cancel":
            return "destroy canceled, and on_destroy is leave"
        if command.name == "up" and not command.raised:
            return f"up canceled: {_attempts(command)}"
    return None


def no_consent_without_an_approver(command: Command) -> str | None:
    """Check that consent is given, or even asked for, for no account unless an approver covers it."""
    for each in command.asked:
        for account in each.approved:
            if command.name != "up" or not covers(command.declared.get("approver"), account):
                return f"{command.name} approved for {account}: {command.declared.get('approver')}"
        within = each.call.writes and each.call.account_id in each.seen.members
        if within and not covers(command.declared.get("approver"), each.call.account_id):
            return f"{each.call.operation} in {each.call.account_id}: {command.declared.get('approver')}"
    return None


def nothing_that_was_not_announced(command: Command) -> str | None:
    """An `up` takes no step that can't be undone, or costs approvals, but those of its announcement."""
    if command.name != "up":
        return None
    announced, begun = command.announced, set[str]()
    for each in command.asked:
        if each.began:
            begun.add(str(each.after.parent))
            if not announced.get("start"):
                return f"started, and announced {announced}"
        parent = str(each.before.parent)
        known = {parent, THE_NEW_ONE} if parent in begun else {parent}
        if each.finalized and announced.get("finalize") not in known:
            return f"finalized {parent}, and announced {announced}"
        if each.canceled and announced.get("cancel") != parent:
            return f"canceled {parent}, and announced {announced}"
        if not each.approved:
            continue
        if not each.approved <= set(announced.get("approve", ())) or announced["migration"] not in known:
            return f"approved for {set(each.approved)} in {parent}, and announced {announced}"
    return None


def nothing_that_was_not_warned_of(command: Command) -> str | None:
    """Check that the warnings of the very run name, by ids, what can't be undone."""
    if command.name != "up":
        return None
    for each in command.asked:
        parent = str(each.before.parent)
        told = parent in command.warned or THE_NEW_ONE in command.warned
        if each.finalized and not ("finaliz" in command.warned and told):
            return f"finalized {parent}, and warned of {command.warned!r}"
        if each.canceled and f"canceling {parent}" not in command.warned:
            return f"canceled {parent}, and warned of {command.warned!r}"
        if any(account not in command.warned for account in each.approved):
            return f"approved for {set(each.approved)}, and warned of {command.warned!r}"
    return None


def covers(approver: Mapping[str, Any] | None, account: str) -> bool:
    """Return whether an approver is declared to approve for an account."""
    if approver is None or account in approver.get("exclude", ()):
        return False
    return not approver.get("only") or account in approver["only"]


def _attempts(command: Command) -> str:
    return f"attempt is {command.declared['attempt']}, and was {command.attempt}"


PROMISES: Final[tuple[Callable[[Command], str | None], ...]] = (
    no_write_elsewhere,
    no_write_while_reading,
    never_a_second_migration,
    none_after_a_cancel_without_a_raised_attempt,
    finalized_only_when_open_and_allowed,
    nothing_approved_is_canceled,
    canceled_only_by_declaration,
    no_consent_without_an_approver,
    nothing_that_was_not_announced,
    nothing_that_was_not_warned_of,
)


def hold(command: Command) -> None:
    """Hold a command to every promise.

    Raises:
        AssertionError: One is broken; it begins with the check's name.
    """
    for promise in PROMISES:
        wrong = promise(command)
        assert wrong is None, f"{promise.__name__}: {wrong}"
