"""The commands of `aws-org-emulator`: it runs an organization, and lets people act on one that runs.

Arguments in, text and exit codes out: 0 done, 1 refused or unreachable, 2 called wrongly.
"""

import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from aws_org_emulator.cli import output
from aws_org_emulator.cli.control_client import ControlClient
from aws_org_emulator.cli.options import (
    DEFAULT_PORT,
    SWITCH_NAMES,
    SwitchOption,
    endpoint_option,
    option_for,
    switch_options,
)
from aws_org_emulator.cli.people_commands import PEOPLE_COMMANDS
from aws_org_emulator.cli.standard_streams import OutputError
from aws_org_emulator.emulator import Emulator
from aws_org_emulator.scenario.file import load_scenario
from aws_org_emulator.scenario.generate import generate
from aws_org_emulator.scenario.scenario import Scenario
from aws_org_emulator.scenario.switches import FORMER, FormerSwitchWarning, by_todays_names
from aws_org_emulator.server.control import status_of
from aws_org_emulator.server.faults import Call

_DEFAULTS = Scenario()


class _Group(click.Group):
    """Turns what a user can fix into one plain line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except click.exceptions.Exit:  # click's own way out, though a RuntimeError
            raise
        except (OSError, RuntimeError, ValueError) as error:
            raise click.ClickException(str(error)) from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands in the order in which one meets them."""
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write options and commands, and the switches, which are many, below them."""
        records: dict[bool, list[tuple[str, str]]] = {False: [], True: []}
        for each in self.get_params(ctx):
            record = each.get_help_record(ctx)
            if record is not None:
                records[isinstance(each, SwitchOption)].append(record)
        with formatter.section("Options"):
            formatter.write_dl(records[False])
        self.format_commands(ctx, formatter)
        with formatter.section("Switches, where AWS's documentation is unclear"):
            formatter.write_dl(records[True], col_max=formatter.width // 2)


@click.group(cls=_Group, invoke_without_command=True, context_settings={"max_content_width": 120})
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--allow-host",
    "allowed_hosts",
    multiple=True,
    metavar="NAME",
    help="A name by which clients reach it, besides localhost and its address: a container's, say.",
)
@click.option(
    "--scenario",
    "scenario_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A YAML file to begin with; other options, where given, count more.",
)
@click.option("--accounts", type=int, help="Generate an organization of so many accounts, 5 to 50,000.")
@click.option(
    "--invited",
    default=_DEFAULTS.invited,
    show_default=True,
    type=click.IntRange(0),
    metavar="NUMBER",
    help="How many members were invited.",
)
@click.option(
    "--created",
    default=_DEFAULTS.created,
    show_default=True,
    type=click.IntRange(0),
    metavar="NUMBER",
    help="How many members were created.",
)
@click.option(
    "--organization-id", default=_DEFAULTS.organization_id, show_default=True, metavar="ID", help="Its id."
)
@click.option(
    "--management-id",
    default=_DEFAULTS.management_id,
    show_default=True,
    metavar="ID",
    help="The management account's id.",
)
@click.option(
    "--policy-type",
    "policy_types",
    multiple=True,
    metavar="TYPE",
    help="A policy type that it offers, and no other than those given.  [default: all that botocore knows]",
)
@click.option("--quiet", is_flag=True, help="Don't print a line for each request.")
@switch_options
@click.pass_context
def main(ctx: click.Context, /, **options: Any) -> None:
    """Run a local AWS Organizations emulator in the foreground, with consolidated billing only.

    Point any AWS client at it with --endpoint-url; `aws-config` prints profiles.
    """
    if ctx.invoked_subcommand is None:
        given = {name: options[name] for name in options if _is_given(ctx, name)}
        names = ("port", "host", "allowed_hosts", "quiet")
        with _warnings_on_stderr():
            scenario = _scenario(given)
        _serve(scenario, **{name: options[name] for name in names})


@contextmanager
def _warnings_on_stderr() -> Iterator[None]:
    """Say of each former name of a switch what to write, as one plain line."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FormerSwitchWarning)
        yield
    for each in caught:
        click.echo(f"note: {each.message}", err=True)


def _is_given(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is not ParameterSource.DEFAULT


def _scenario(given: dict[str, Any]) -> Scenario:
    """The scenario that the options describe.

    Args:
        given: those of the options that somebody gave.
    """
    if "accounts" in given and given.keys() & {"invited", "created", "scenario_file"}:
        raise click.UsageError("--accounts goes without --invited, --created and --scenario.")
    base = Scenario()
    if "scenario_file" in given:
        base = load_scenario(given["scenario_file"])
    elif "accounts" in given:
        base = generate(given["accounts"])
    names = ("invited", "created", "organization_id", "management_id", "policy_types", *SWITCH_NAMES, *FORMER)
    return base.varied(**by_todays_names({name: given[name] for name in names if name in given}, option_for))


def _serve(scenario: Scenario, *, port: int, host: str, allowed_hosts: tuple[str, ...], quiet: bool) -> None:
    served = _ignore if quiet else _log
    emulator = Emulator(scenario, port, host, served, allowed_hosts=allowed_hosts)
    with _signals(emulator.stop_requested.set), emulator:
        output.show(output.banner(status_of(emulator)))
        emulator.stop_requested.wait()
    click.echo("stopped")


@contextmanager
def _signals(action: Callable[[], None]) -> Iterator[None]:
    """Let the signals that end a program do this instead, for as long as it serves."""
    before = {
        number: signal.signal(number, lambda *_: action()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


for _command in PEOPLE_COMMANDS:
    main.add_command(_command)


@main.command()
@endpoint_option
def status(endpoint: str) -> None:
    """Say where the organization and its migration stand."""
    output.show(output.report(ControlClient(endpoint).status()))


@main.command()
@click.option("--days", type=click.FloatRange(0), required=True)
@endpoint_option
def advance(days: float, endpoint: str) -> None:
    """Move the organization's clock forward."""
    click.echo(f"it is now {output.moment(ControlClient(endpoint).advance(days))}")


@main.command()
@click.argument("name", default="default")
@endpoint_option
def snapshot(name: str, endpoint: str) -> None:
    """Keep everything as it is, under NAME."""
    ControlClient(endpoint).snapshot(name)
    click.echo(f"kept {name}")


@main.command()
@click.argument("name", default="default")
@endpoint_option
def restore(name: str, endpoint: str) -> None:
    """Make everything what it was at the snapshot NAME."""
    ControlClient(endpoint).restore(name)
    click.echo(f"restored {name}")


@main.command("aws-config")
@endpoint_option
def aws_config(endpoint: str) -> None:
    """Print an AWS config with a profile for each account."""
    click.echo(output.aws_config(ControlClient(endpoint).status()), nl=False)


@main.command()
@endpoint_option
def stop(endpoint: str) -> None:
    """End the running emulator."""
    ControlClient(endpoint).stop()
    click.echo("stopping")


def _log(call: Call, status: int, error: str | None) -> None:
    # Nobody reads the log any more, or the disk is full: clients are served on.
    with suppress(OutputError):
        click.echo(output.log_line(call.operation, call.account_id, status, error))


def _ignore(_call: Call, _status: int, _error: str | None) -> None:
    pass
