"""Two stacks side by side: a command of the engine in one and in the other, in turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench.figure import Budget, Figure, Of
from bench.timing import in_turns
from bench.world import served
from tools.progress import ToolError

if TYPE_CHECKING:
    from bench.stack import Stack

_LITTLE: Final = Budget(Of.RATIO, 1.15)
"""The most that we may add to what would be there without us."""


def paired(rounds: int, command: str, ours: Stack, other: Stack, against: str) -> Figure:
    """Measure a command of the engine.

    Args:
        rounds: How often.
        command: What follows `pulumi`.
        ours: The stack with our resource,
        other: and the one to compare it with, on the same organization.
        against: What that is.
    """
    arguments = command.split()
    _same_calls(arguments, ours, other)
    pair = in_turns(rounds, lambda: ours.run(*arguments), lambda: other.run(*arguments))
    ours.org.reset_calls()
    ours.run(*arguments)
    share = served(ours.org)
    return Figure(f"`pulumi {command}`", pair.ours, "s", _LITTLE, against, pair.theirs, pair.ratio, share)


def _same_calls(arguments: list[str], *stacks: Stack) -> None:
    """See that both ask AWS the same, or else the comparison would be unfair to one."""
    made = []
    for each in stacks:
        each.org.reset_calls()
        each.run(*arguments)
        made.append(each.org.calls)
    if made[0] != made[1]:
        raise ToolError(f"pulumi {arguments[0]}: the calls differ, so the times can't be compared: {made}")
