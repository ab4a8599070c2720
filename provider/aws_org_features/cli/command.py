"""What every subcommand is: errors that a person can mend are told in one line, and end it."""

from __future__ import annotations

from typing import Any

import click

from aws_org_features.cli import output
from aws_org_features.cli.exits import Exit
from aws_org_features.errors import OrgFeaturesError


class Command(click.Command):
    """A subcommand. It has the option `--json`, of which its function is told as `as_json`."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.params.append(click.Option(["--json", "as_json"], is_flag=True, help="Print JSON, errors too."))

    def invoke(self, ctx: click.Context) -> Any:
        """Run it."""
        try:
            return super().invoke(ctx)
        except OrgFeaturesError as error:
            output.tell(error, as_json=ctx.params["as_json"])
            raise click.exceptions.Exit(Exit.FAILED) from error
        except KeyboardInterrupt as interrupt:
            raise click.exceptions.Exit(Exit.INTERRUPTED) from interrupt
