"""The list of AWS's open questions in docs/evidence.md: drawn from the program's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.evidence.questions import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_KNOWN: Final = {
    "captures": "AWS's answers that others captured",
    "documents": "AWS's documents alone",
    "nothing": "nothing",
}


def questions() -> str:
    """The questions, the switches that settle them, and by what an answer is known so far."""
    rows = [
        f"| {each.asks} | {f'`{each.switch}`' if each.switch else ''} | {_KNOWN[each.known]} |"
        for each in QUESTIONS
    ]
    return "\n".join(["| question | switch | known so far by |", "|---|---|---|", *rows])


GENERATED: Final[Mapping[str, Callable[[], str]]] = {"open questions": questions}
