"""Base of every subcommand: errors that a person can fix are one line, and end it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import click

from aws_org_features.aws.bounded_requests import telling_of_silence
from aws_org_features.cli.exit_codes import Exit
from aws_org_features.cli.render import output
from aws_org_features.common.errors import OrgFeaturesError
from aws_org_features.common.sanitize import message

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def _told_in_one_line() -> Iterator[None]:
    """Report wrong arguments in one inert line, even if they hold control characters."""
    try:
        yield
    except click.UsageError as error:
        raise click.UsageError(message(error.format_message()), error.ctx) from error


class Command(click.Command):
    """A subcommand. It has the option `--json`, which its function gets as `as_json`."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.params.append(
            click.Option(["--json", "as_json"], is_flag=True, help="Print JSON, including errors.")
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take arguments apart."""
        with _told_in_one_line():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run it."""
        try:
            with _told_in_one_line(), telling_of_silence(output.note):
                return super().invoke(ctx)
        except OrgFeaturesError as error:
            output.tell(error, as_json=ctx.params["as_json"])
            raise click.exceptions.Exit(Exit.FAILED) from error
        except KeyboardInterrupt as interrupt:
            raise click.exceptions.Exit(Exit.INTERRUPTED) from interrupt
