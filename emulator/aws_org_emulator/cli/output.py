"""The output of the command line: a banner, a status, a log, an AWS config file. No decisions."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from aws_org_emulator.cli.options import option_for
from aws_org_emulator.handshakes.parties import asked_account
from aws_org_emulator.people.clients import REGION
from aws_org_emulator.scenario.switches import Switches
from aws_org_emulator.state.accounts import credentials_of

_PIPED_WIDTH = 120
_UNBOUNDED = 1000
_MOST_ROWS = 20


def show(parts: Iterable[str | Table]) -> None:
    """Print it: plain text, and wide enough lines, into a pipe; in a terminal, with no id cut or folded.

    In one write: a reader that wants no more than the first line doesn't cut it short.
    """
    width = None if sys.stdout.isatty() else _PIPED_WIDTH
    with Console(highlight=False, width=width) as console:
        for part in parts:
            if isinstance(part, str):
                console.print(part, soft_wrap=True)  # what is typed can be copied
            elif _fits(part, console) or _fits(_without_frame(part), console):
                console.print(part)
            else:
                console.print("\n".join(_below(part)), soft_wrap=True)


def _fits(table: Table, console: Console) -> bool:
    unbounded = console.options.update_width(_UNBOUNDED)
    return Measurement.get(console, unbounded, table).maximum <= console.width


def _without_frame(table: Table) -> Table:
    table.box, table.pad_edge = None, False
    return table


def _below(table: Table) -> Iterator[str]:
    """A table whose ids don't fit beside one another: a row's cells below its first."""
    for row in zip(*(column.cells for column in table.columns), strict=True):
        yield "\n  ".join(map(str, row))


def accounts_of(status: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each account's id and what it is, management first.

    Args:
        status: what the control endpoint's `status` answers.
    """
    yield status["management"], "management"
    for kind in ("invited", "created", "standalone"):
        for account_id in status[kind]:
            yield account_id, kind


def banner(status: dict[str, Any]) -> Iterator[str | Table]:
    """Everything that a newcomer needs: the address, the accounts to act as, the commands to type next."""
    endpoint = status["endpoint"]
    yield f"AWS Organizations at {endpoint}"
    yield f"{status['organization_id']} has {status['feature_set']}"
    moved = _changed_switches(status["switches"])
    if moved:
        yield f"unlike the default: {' '.join(moved)}"
    table = _table("account", "is", "access key id")
    accounts = list(accounts_of(status))
    for account_id, kind in accounts[:_MOST_ROWS]:
        table.add_row(account_id, kind, credentials_of(account_id).access_key_id)
    yield table
    if len(accounts) > _MOST_ROWS:
        yield f"and {len(accounts) - _MOST_ROWS:,} more; aws-config names them all"
    yield "any secret access key will do: signatures aren't checked"
    yield "\nIn another terminal:"
    for command, about in _NEXT:
        yield f"  {command.format(endpoint):40}{about}".rstrip()
    yield ""


_NEXT = (
    ("export AWS_ORG_EMULATOR_ENDPOINT={}", ""),
    ("aws-org-emulator enable-all-features", "starts a migration"),
    ("aws-org-emulator approve --all", "approves it, as the owners"),
    ("aws-org-emulator status", "says where it stands"),
    ("aws-org-emulator aws-config", "prints a profile for each account"),
    ("aws-org-emulator stop", "ends this program"),
)
"""Commands that a newcomer may type, and their effects."""


def _changed_switches(switches: dict[str, Any]) -> list[str]:
    """The switches that aren't where they are by default, as one would type them."""
    default = asdict(Switches())
    return [option_for(name, value) for name, value in switches.items() if value != default[name]]


def report(status: dict[str, Any]) -> Iterator[str | Table]:
    """Status of the organization and of its migration; accounts that block it come first."""
    yield f"organization {status['organization_id']}: {status['feature_set']}"
    yield f"clock: {moment(status['now'])}"
    parent, children = status["parent"], status["children"]
    if parent is None:
        yield "migration: none yet"
        return
    yield f"migration: {parent['Id']} {parent['State']}, expires {moment(parent['ExpirationTimestamp'])}"
    if not children:
        return
    accepted = [child for child in children if child["State"] == "ACCEPTED"]
    yield f"approvals: {len(accepted):,} of {len(children):,}"
    rows = [child for child in children if child not in accepted] + accepted
    table = _table("account", "action", "state", "handshake")
    for child in rows[:_MOST_ROWS]:
        table.add_row(asked_account(child), child["Action"], child["State"], child["Id"])
    yield table
    if len(rows) > _MOST_ROWS:
        yield f"and {len(rows) - _MOST_ROWS:,} more"


def moment(told: str) -> str:
    """A time of the control endpoint, for people."""
    return f"{datetime.fromisoformat(told):%Y-%m-%d %H:%M} UTC"


def log_line(operation: str, account_id: str, status: int, error: str | None) -> str:
    """One request, on one line of a terminal; colored, which `click.echo` takes out where nobody sees it."""
    color = "yellow" if not status else "red" if error else "green"
    answer = click.style(str(status) if status else "---", fg=color)
    now = datetime.now().astimezone()
    asked = f"{now:%H:%M:%S}  {answer}  {account_id or 'unknown':12}  {operation or 'no operation'}"
    return f"{asked}  {click.style(error.removesuffix('Exception'), fg=color)}" if error else asked


def aws_config(status: dict[str, Any]) -> str:
    """An AWS config file with a profile for each account."""
    profiles = []
    for account_id, kind in accounts_of(status):
        credentials = credentials_of(account_id)
        profiles.append(
            f"[profile {kind if kind == 'management' else account_id}]\n"
            f"aws_access_key_id = {credentials.access_key_id}\n"
            f"aws_secret_access_key = {credentials.secret_access_key}\n"
            f"region = {REGION}\n"
            f"endpoint_url = {status['endpoint']}\n"
        )
    return "\n".join(profiles)


def _table(*columns: str) -> Table:
    people = sys.stdout.isatty()
    table = Table(box=box.ROUNDED if people else None, pad_edge=people)
    for column in columns:
        table.add_column(column, no_wrap=True)
    return table
