"""The screen of a plan: where it stands and who must act, what can't be undone, then everything else.

Where a terminal can't show all of it, the answers stand last, and stay in sight. In a pipe, a fact is a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.text import Text

from aws_org_features.cli.render import status
from aws_org_features.cli.render.narrow import Whole
from aws_org_features.common.sanitize import line
from aws_org_features.common.text import accounts
from aws_org_features.model.migration import IN_FLIGHT, Action
from aws_org_features.views.plan.details import details, grave

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from aws_org_features.model.organizations import AccountDetails
    from aws_org_features.views.plan import Plan
    from aws_org_features.views.plan.look import Caller

_EMAIL: Final = 64
"""Characters of an address: AWS takes no more."""


class PlanDrawing:
    """Draws it.

    Args:
        plan: What is going to happen.
        caller: Who looked.
        everyone: Show all accounts that must approve, rather than the first.
    """

    def __init__(self, plan: Plan, caller: Caller, *, everyone: bool) -> None:
        self._plan = plan
        self._caller = caller
        self._everyone = everyone

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it, as rich asks for it."""
        width = status.readable(console, options)
        title = Group(*self._title())
        answers = Group(*self._answers(console, width))
        others = Group(*self._others(width, options.max_width))
        yield title
        if not console.is_terminal:
            yield answers
            yield others
        elif status.height(console, options, Group(title, answers, others)) + 2 > console.height:
            # The last lines stay in sight.
            yield Text()
            yield others
            yield answers
        else:
            yield answers
            yield Text()
            yield others

    def _title(self) -> Iterator[RenderableType]:
        yield status.title(self._plan.outlook.organization)
        yield Whole(Text(f"as {line(self._caller.arn)} sees it; nothing was written", "dim"))

    def _answers(self, console: Console, width: int) -> Iterator[RenderableType]:
        plan = self._plan
        yield from status.standing(plan.outlook, console, width)
        answers = status.facts(plan.outlook, plan.then, plan.otherwise)
        style = "bold red" if plan.obstacles else "yellow" if plan.inactive else ""
        graves = [(label, Text(text, style if label == "Blockers" else "")) for label, text in grave(plan)]
        yield status.labeled((*answers, *graves), width)

    def _others(self, width: int, whole: int) -> Iterator[RenderableType]:
        caller = self._caller
        told = details(self._plan, caller.permissions, caller.untold)
        others = [(label, Text(text)) for label, text in told]
        if others:
            yield status.labeled(others, width)
        if self._plan.asked:
            yield from self._asked(self._plan.asked, whole)

    def _asked(self, asked: Sequence[AccountDetails], width: int) -> Iterator[RenderableType]:
        shown = asked if self._everyone else asked[: status.MOST]
        yield Text()
        yield Text.assemble((self._caption(), "bold"), f": {accounts(len(asked))}")
        yield status.columned(
            {
                "account": [account.id for account in shown],
                "name": [account.name for account in shown],
                "email": [line(account.email, _EMAIL) for account in shown],
                "state": [account.state for account in shown],
            },
            width,
        )
        if len(asked) > len(shown):
            yield Text(f"and {len(asked) - len(shown):,} more (--all)", "dim")

    def _caption(self) -> str:
        if self._plan.outlook.status in IN_FLIGHT:
            return "Asked, not yet approved"
        if self._plan.decision.action is Action.START:
            return "Will be asked to approve"
        return "Would be asked to approve"
