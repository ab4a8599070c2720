"""Comparison of the same test without an engine and with it.

Compared are, for each command, how many resources were created, updated and so on, whether it failed, the
stack's outputs, each message, and what was written to AWS so far. Ids, ports and times are each run's
own.
"""

from __future__ import annotations

import functools
import json
import re
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.stacks import CommandResult, Project

COMMANDS: Final = ("up", "preview", "refresh", "destroy")
_OF_THE_ENGINE: Final = (
    "update failed",
    "preview failed",
    "no changes were expected",
    "Resource monitor has terminated",
    "an unhandled error occurred",
)
"""The engine's messages about its own run."""
_OWN: Final = (
    (re.compile(r"\bh-[0-9a-z]{8,32}\b"), "h-"),
    (re.compile(r"\br-[0-9a-z]{4,32}\b"), "r-"),
    (re.compile(r"\bp-[0-9a-z]{8,128}\b"), "p-"),
    (re.compile(r"\b127\.0\.0\.1:\d+\b"), "127.0.0.1:"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z| UTC)"), "TIME"),
    (re.compile(r"\bin \d+ days?\b"), "in DAYS"),
)
_ANOTHER_ORGANIZATION: Final = re.compile(r"\bo-(?!exampleorg1\b)[0-9a-z]{10,32}\b")
"""Made in a test, its id is another one each time; which is which stays to be seen."""


@dataclass(frozen=True)
class CommandTrace:
    """One command, and what came of it."""

    command: str
    failed: bool
    ops: dict[str, int]
    outputs: dict[str, Any]
    messages: list[tuple[str, str]]
    writes: dict[str, int]


def traced(project: Project) -> list[CommandTrace]:
    """Take down what a stack's commands do from now on."""
    steps: list[CommandTrace] = []
    for name in COMMANDS:
        setattr(project, name, _noting(project, name, getattr(project, name), steps))
    return steps


def _noting(
    project: Project, name: str, command: Callable[..., CommandResult], steps: list[CommandTrace]
) -> Callable[..., CommandResult]:
    @functools.wraps(command)
    def noting(**options: Any) -> CommandResult:
        ran = command(**options)
        said = " ".join([name, *(option for option, given in options.items() if given)])
        # The engine tells some errors twice.
        told = {(severity, text.strip()) for severity, text in ran.messages}
        messages = sorted(each for each in told if not any(own in each[1] for own in _OF_THE_ENGINE))
        ops = {} if ran.failed else dict(ran.ops)
        steps.append(
            CommandTrace(said, ran.failed, ops, ran.outputs, messages, dict(Counter(project.org.writes)))
        )
        return ran

    return noting


def differences(
    engine: Iterable[CommandTrace], in_process: Iterable[CommandTrace], *, but: str = ""
) -> list[str]:
    """Differences between two traces, a line each; `but` names what isn't compared."""
    one, other = list(engine), list(in_process)
    if len(one) != len(other):
        return [f"{len(one)} commands with the engine, {len(other)} without"]
    return [
        f"{left.command}: {what} with the engine: {of_engine}\n{' ' * len(left.command)}  without: {of_other}"
        for left, right in zip(one, other, strict=True)
        for what in asdict(left)
        if what != but
        and (of_engine := _plain(getattr(left, what))) != (of_other := _plain(getattr(right, what)))
    ]


def _plain(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    text = re.sub(r"(?<=\d)\.0\b(?!\.)", "", text)
    for own, instead in _OWN:
        text = own.sub(instead, text)
    made: dict[str, str] = {}
    return _ANOTHER_ORGANIZATION.sub(lambda id_: made.setdefault(id_[0], f"o-{len(made) + 1}"), text)
