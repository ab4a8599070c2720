"""`org-features status`: where a migration stands, who must act, what happens if nobody does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from aws_org_features.cli.acting import by_stack
from aws_org_features.cli.command import Command
from aws_org_features.cli.environment import environment
from aws_org_features.cli.exit_codes import BY_STATUS
from aws_org_features.cli.options import ONLY_ORGANIZATION, connected, recorded
from aws_org_features.cli.page_progress import listing
from aws_org_features.cli.render import output
from aws_org_features.cli.render.heading import title
from aws_org_features.cli.status_looks import Looking

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_features.cli.acting import Acts
    from aws_org_features.cli.environment import Environment
    from aws_org_features.model.organizations import Organization
    from aws_org_features.views.status import Outlook

NAMES = click.option(
    "--names/--no-names",
    default=True,
    help="Show account names (default). Needs one extra ListAccounts pass.",
)
EVERYONE = click.option(
    "--all",
    "everyone",
    is_flag=True,
    help="List every account that hasn't approved; default: as many as fit, 15 at most.",
)


def _print_schema(ctx: click.Context, _param: click.Parameter, value: Any) -> None:
    if value:
        from aws_org_features.cli.render.status_json import schema_text

        output.say(schema_text().rstrip())
        ctx.exit()


@click.command("status", cls=Command)
@EVERYONE
@NAMES
@click.option(
    "--json-schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_schema,
    help="Print the JSON Schema of what --json prints, and ask AWS nothing.",
)
@ONLY_ORGANIZATION
@connected
@recorded
@by_stack
def status(
    *,
    everyone: bool,
    names: bool,
    organization_id: str | None,
    acts: Acts,
    as_json: bool,
) -> None:
    """Show where the migration stands, who must act, and what happens if nobody does.

    It reads AWS, not a stack's state, and writes nothing. Exit codes: 0 all features are enabled,
    1 error, 2 wrong arguments, 3 approvals are outstanding, 4 an account declined, 6 it can be finalized,
    7 no migration is in progress.
    """
    here = environment()
    with listing(here) as pages:
        looking = Looking(*acts(organization_id), here, names=names, note=output.note, paged=pages)
        outlook = looking.look() if as_json else looking.look(_entitled(here))
    if as_json:
        from aws_org_features.cli.render.status_json import as_json as told

        output.show_json(told(outlook))
    else:
        _show(outlook, here, everyone=everyone)
    click.get_current_context().exit(BY_STATUS[outlook.status])


def _entitled(here: Environment) -> Callable[[Organization], None]:
    """Says whose migration it is, before what takes longer is asked and loaded."""

    def begun(organization: Organization) -> None:
        text = title(organization)
        output.say(text if here.terminal() else click.unstyle(text))

    return begun


def _show(outlook: Outlook, here: Environment, *, everyone: bool) -> None:
    from aws_org_features.cli.render import status

    console = status.console_for(here.terminal())
    for row in status.lines_of(console, status.Drawing(outlook, everyone=everyone, above=1)):
        output.say(row)
