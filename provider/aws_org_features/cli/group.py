"""The command itself: its subcommands, in the order of the alphabet, each imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import click

_SUBCOMMANDS: Final = {
    "approval-kit": "Write approval requests for account owners to files; sends nothing.",
    "approve": "Approve on behalf of member accounts.",
    "evidence": "Read recordings of AWS's answers, and show what they tell about how AWS behaves.",
    "iam-policy": "Print the least-privilege IAM policy for a task.",
    "plan": "Show what enabling all features will do, which accounts it affects, and what blocks it.",
    "plugin": "Install the native provider's plugin, for programs in any language.",
    "report": "Write a report on the migration's status.",
    "status": "Show where the migration stands, who must act, and what happens if nobody does.",
    "watch": "Watch the migration: its status, refreshed in place, and what has changed.",
}
"""The first sentence of each subcommand's help; a test holds the two together."""


class _Group(click.Group):
    """Imports only the subcommand that runs, so that `--help` is quick as well."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Their names."""
        return list(_SUBCOMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """One of them."""
        return subcommand(name) if name in _SUBCOMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand; of a misspelled one, name the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            nearest = get_close_matches(args[0], _SUBCOMMANDS, 1)
            if not nearest or "Did you mean" in error.message:
                raise
            raise click.UsageError(f"{error.message} Did you mean '{nearest[0]}'?", ctx) from error

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them."""
        limit = formatter.width - 6 - max(map(len, _SUBCOMMANDS))
        rows = [(name, click.Command(name, help=text)) for name, text in _SUBCOMMANDS.items()]
        with formatter.section("Commands"):
            formatter.write_dl([(name, each.get_short_help_str(limit)) for name, each in rows])


def subcommand(name: str) -> click.Command:
    """Import a subcommand, from the file of its name."""
    here = name.replace("-", "_")
    found: Any = getattr(import_module(f"aws_org_features.cli.{here}"), here)
    assert isinstance(found, click.Command)  # noqa: S101 - one of ours
    return found


def subcommands() -> dict[str, click.Command]:
    """All of them, by name."""
    return {name: subcommand(name) for name in _SUBCOMMANDS}


@click.group(
    "org-features",
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="aws-org-features", prog_name="org-features")
def org_features() -> None:
    """Plan, approve, monitor and report on the move to all features in an AWS organization.

    Commands act on the organization that your credentials belong to: use the management account.
    --organization-id guards against acting on another one. In a Pulumi project, credentials come
    from the selected stack's configuration, unless options or the environment give them.
    """
