"""The text of `approve`, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.cli.render import failures, output
from aws_org_features.common import text
from aws_org_features.migration import messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_org_features.approver.approve import Result
    from aws_org_features.cli.account_names import Names
    from aws_org_features.migration.approval_scope import Scope
    from aws_org_features.migration.approve_standalone import Standing
    from aws_org_features.model.migration import Failure, Waiting

_NOT_SHOWN: Final = "not shown"
_NAMED: Final = 10
"""Number of accounts that a line names before it only counts them."""


class TextReport:
    """Tells a person.

    Args:
        names: What the accounts are called.
    """

    def __init__(self, names: Names) -> None:
        self._names = names

    def plan(self, standing: Standing) -> None:
        """Show the accounts that it would approve for."""
        scope = standing.scope
        if scope.to_give:
            output.say(f"Would approve on behalf of {text.accounts(len(scope.to_give))}:")
            self._show_waiting(scope.to_give)
        else:
            output.say("Nothing in scope is outstanding.")
        if not all(waiting.state for waiting in scope.to_give):
            output.paragraph(
                "AWS doesn't show who of them has already approved; accounts that have answered are skipped."
            )
        self._show_declined(scope)
        if scope.elsewhere:
            output.say(f"Outstanding, but out of scope: {text.accounts(len(scope.elsewhere))}:")
            self._show_waiting(scope.elsewhere)
        self._show_why(standing)
        if scope.nameless:
            output.say(f"AWS doesn't show the account of {scope.nameless} more of the approvals.")
        if scope.not_asked:
            output.paragraph(f"Not asked to approve: {text.named(scope.not_asked, _NAMED)}.")
        output.paragraph(standing.message)
        if scope.to_give:
            output.say("Nothing was written: add --yes to approve.")

    def approved(
        self, standing: Standing, result: Result, failed: Sequence[Failure], *, interrupted: bool
    ) -> None:
        """Report the outcome of approving.

        Args:
            standing: Where it stands now.
            result: What came of the accounts.
            failed: Those failures that still matter.
            interrupted: Whether Ctrl-C ended it.
        """
        # The result stands below what may be long, so that it stays on the screen.
        if failed:
            output.say(f"Couldn't approve on behalf of {text.accounts(len(failed))}:")
            failures.show(failed, self._name)
        self._show_declined(standing.scope)
        output.say(f"Approved on behalf of {text.accounts(len(result.given))}.")
        if elsewhere := [waiting.account_id for waiting in standing.scope.elsewhere]:
            output.paragraph(f"Outstanding, but out of scope: {text.named(elsewhere, _NAMED)}.")
        self._show_why(standing)
        if interrupted:
            self._show_interrupted(result)
        output.paragraph(standing.message)

    def probed(
        self, standing: Standing, reached: Sequence[str], result: Result, *, interrupted: bool
    ) -> None:
        """Report which accounts can be reached.

        Args:
            standing: Where it stands.
            reached: Accounts that can be acted in.
            result: What came of the others.
            interrupted: Whether Ctrl-C ended it.
        """
        if reached:
            output.say(f"Can act in {text.accounts(len(reached))}:")
            rows = [(account_id, self._name(account_id)) for account_id in reached]
            output.show_table(("account", "name"), rows, most=None)
        if result.failures:
            output.say(f"Can't act in {text.accounts(len(result.failures))}:")
            failures.show(result.failures, self._name)
        self._show_why(standing)
        if interrupted:
            self._show_interrupted(result)
        elif not reached and not result.failures:
            output.say("No approval in scope is outstanding, so there was no account to probe.")
        output.paragraph(f"Nothing was written. {standing.message}")
        if not standing.in_flight:
            output.paragraph(
                "This probed the accounts that joined by invitation. AWS will also ask created accounts that "
                "have lost their service-linked role, which can't be detected from here: pass them with "
                "--only."
            )

    def _show_declined(self, scope: Scope) -> None:
        if scope.declined:
            output.say(f"Declined by {text.accounts(len(scope.declined))}:")
            self._show_waiting(scope.declined)

    def _show_why(self, standing: Standing) -> None:
        """Explain why accounts are out of scope that no option names: ruled out, or a request isn't clear."""
        for reason in messages.kept_from(standing.kept_from):
            output.paragraph(text.sentence(reason))
        for waiting in standing.scope.elsewhere:
            if waiting.handshake_id in standing.now.unclear:
                output.paragraph(output.of_a_command(f"{waiting.reason} {waiting.next_step}"))

    def _show_waiting(self, waiting: Sequence[Waiting]) -> None:
        rows = [
            (
                each.account_id,
                self._name(each.account_id),
                each.handshake_id or _NOT_SHOWN,
                each.state or _NOT_SHOWN,
            )
            for each in waiting
        ]
        output.show_table(("account", "name", "handshake", "state"), rows, most=None)

    def _show_interrupted(self, result: Result) -> None:
        left = f": {text.accounts(len(result.left))} not tried" if result.left else ""
        output.say(f"Interrupted{left}. Nothing is lost. Run it again.")

    def _name(self, account_id: str) -> str:
        return self._names.of(account_id) or ""
