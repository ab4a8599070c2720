"""The steps of a history, and how often each is drawn: a method of the machine, and what it is given.

They are one rule with weights rather than a rule each: hypothesis leaves most rules out of most histories,
and what is left would rarely meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

from tests.reconcile.histories import looks
from tests.reconcile.histories.worlds import approvers, faults

Step = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Meanwhile:
    """A step that another person takes while a command runs: before the command's Nth call."""

    nth: int
    name: str
    given: dict[str, Any]


RAISE: Final[dict[str, Any]] = {"attempt": "+ 1"}

_who: Final = st.sampled_from((*["mine"] * 7, "foreign", "member"))
_run: Final = {"who": _who, "fault": faults}
_looks: Final = st.sampled_from(("preview", "refresh", "refresh", *looks.NAMES))
_account: Final = st.integers(0, 5)


def _step(name: str, weight: int = 1, **given: st.SearchStrategy[Any]) -> list[st.SearchStrategy[Step]]:
    # As many strategies, for one that is there twice counts once.
    return [st.tuples(st.just(name), st.fixed_dictionaries(given)) for _ in range(weight)]


def _in_accounts(*what: str, weight: int = 1) -> list[st.SearchStrategy[Step]]:
    return _step("in_an_account", weight, what=st.sampled_from(what), which=_account)


def _declare(weight: int = 1, **changes: st.SearchStrategy[Any]) -> list[st.SearchStrategy[Step]]:
    return _step("change_the_program", weight, change=st.fixed_dictionaries(changes))


_PEOPLE: Final = (
    *_in_accounts("approve", "approve", "approve all", weight=2),
    *_in_accounts("decline", weight=2),
    *_in_accounts("leave", "remove", "invite", "invite again", "create", "lose role", weight=2),
    *_in_accounts("suspend", "reinstate"),
    *_step("in_the_console", what=st.sampled_from(("begin", "begin", "finalize"))),
    *_step("in_the_console", 2, what=st.just("cancel")),
    *_step("another_up", 2, change=st.fixed_dictionaries({"finalize": st.booleans()})),
)
_meanwhile: Final = st.one_of(
    st.none(),
    st.builds(lambda nth, step: Meanwhile(nth, *step), st.integers(1, 9), st.one_of(*_PEOPLE)),
)
_raced: Final[dict[str, Any]] = {"who": st.just("mine"), "fault": st.none(), "meanwhile": _meanwhile}

STEPS: Final = st.one_of(
    *_PEOPLE,
    *_step("days_pass", 2, days=st.sampled_from((1, 29, 31, 60, 91, 91))),
    *_step("change_the_program", 2, change=st.just(RAISE)),
    *_declare(finalize=st.booleans()),
    *_declare(approver=approvers),
    *_declare(on_destroy=st.sampled_from(("cancel", "leave")), observe=st.sampled_from(("diff", "refresh"))),
    *_step("up", 6, refresh=st.booleans(), **_run),
    *_step("up", 3, refresh=st.booleans(), **_raced),
    *_step("look", 3, what=_looks, **_run),
    *_step("look", what=_looks, **_raced),
    *_step("destroy", **_raced),
    *_step("rename", fault=faults),
    *_step("destroy", 2, **_run),
    # Steps that lead to a cancel would rarely come together otherwise.
    *_step("raise_attempt_and_up", 2, **_run),
    *_step("up_and_destroy", 2, on_destroy=st.sampled_from(("cancel", "cancel", "leave")), fault=faults),
)
