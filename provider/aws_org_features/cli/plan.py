"""`org-features plan`: what a migration is going to take, before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from aws_org_features.cli.acting import by_stack
from aws_org_features.cli.command import Command
from aws_org_features.cli.environment import environment
from aws_org_features.cli.exit_codes import Exit
from aws_org_features.cli.observe import organization_of
from aws_org_features.cli.options import ONLY_ORGANIZATION, connected, recorded
from aws_org_features.cli.page_progress import listing
from aws_org_features.cli.render import output

if TYPE_CHECKING:
    from aws_org_features.aws import Connection
    from aws_org_features.cli.acting import Acts
    from aws_org_features.cli.environment import Environment
    from aws_org_features.views.plan import Plan
    from aws_org_features.views.plan.look import Caller


def _print_schema(ctx: click.Context, _param: click.Parameter, value: Any) -> None:
    if value:
        from aws_org_features.cli.render.plan_json import schema_text

        output.say(schema_text().rstrip())
        ctx.exit()


@click.command("plan", cls=Command)
@click.option(
    "--all",
    "everyone",
    is_flag=True,
    help="Show all accounts that must approve; default: 15 at most.",
)
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
def plan(
    *,
    everyone: bool,
    organization_id: str | None,
    acts: Acts,
    as_json: bool,
) -> None:
    """Show what enabling all features will do, which accounts it affects, and what blocks it.

    For review before an irreversible change. It reads AWS, not a stack's state, and writes nothing. Exit
    codes: 0 no blockers known, 1 error, 2 wrong arguments, 8 something blocks it.
    """
    here = environment()
    with listing(here) as pages:
        made, caller = _made(*acts(organization_id), here, pages)
    if as_json:
        from aws_org_features.cli.render.plan_json import as_json as told

        output.show_json(told(made, caller))
    else:
        _show(made, caller, here, everyone=everyone)
    obstructed = made.obstacles or made.decision.blocked
    click.get_current_context().exit(Exit.OBSTRUCTED if obstructed else Exit.DONE)


def _made(
    connection: Connection, organization_id: str | None, here: Environment, pages: Any
) -> tuple[Plan, Caller]:
    from aws_org_features.aws import Organizations, Paces, Principal
    from aws_org_features.model.migration import Desired, Observation
    from aws_org_features.views.plan import plan as plan_of
    from aws_org_features.views.plan.look import look_ahead, look_at_caller

    paces = Paces(clock=here.clock, sleep=here.sleep)
    api = Organizations(connection, output.note, paces=paces, paged=pages)
    organization = organization_of(api, organization_id)
    # An OPEN parent says that everyone has responded; how they have takes a look at their approvals.
    ahead = look_ahead(api, Desired(organization.id, finalize=False), Observation(organization))
    caller = look_at_caller(Principal(connection, output.note), ahead)
    return plan_of(ahead, here.now(), caller.permissions), caller


def _show(made: Plan, caller: Caller, here: Environment, *, everyone: bool) -> None:
    from aws_org_features.cli.render import status
    from aws_org_features.cli.render.plan import PlanDrawing

    console = status.console_for(here.terminal())
    for row in status.lines_of(console, PlanDrawing(made, caller, everyone=everyone)):
        output.say(row)
