"""The commands by which people act on a running emulator's organization, each in somebody's shoes.

What they do is done by the emulator; these say it, and how it went.
"""

from collections.abc import Iterable
from typing import Any

import click

from aws_org_emulator.cli.control_client import ControlClient
from aws_org_emulator.cli.options import endpoint_option
from aws_org_emulator.handshakes.parties import asked_account


@click.command("enable-all-features")
@endpoint_option
def enable_all_features(endpoint: str) -> None:
    """Start a migration, as management."""
    click.echo(f"started {ControlClient(endpoint).perform('enable_all_features')['handshake']['Id']}")


@click.command()
@click.argument("account_ids", nargs=-1)
@click.option("--all", "everyone", is_flag=True, help="All accounts that are asked.")
@endpoint_option
def approve(account_ids: tuple[str, ...], everyone: bool, endpoint: str) -> None:  # noqa: FBT001
    """Approve the migration as the owners of ACCOUNT_IDS."""
    if bool(account_ids) == everyone:
        raise click.UsageError("Name accounts, or say --all.")
    client = ControlClient(endpoint)
    asked = account_ids or _asked(client.status())
    if not asked:
        click.echo("nobody is asked")
    _each(asked, client, "approve", "approved")


@click.command()
@click.argument("account_id")
@endpoint_option
def decline(account_id: str, endpoint: str) -> None:
    """Decline the migration as the owner of ACCOUNT_ID."""
    _each([account_id], ControlClient(endpoint), "decline", "declined")


@click.command()
@endpoint_option
def cancel(endpoint: str) -> None:
    """Cancel the migration, as management."""
    click.echo(f"canceled {ControlClient(endpoint).perform('cancel')['handshake']['Id']}")


@click.command()
@endpoint_option
def finalize(endpoint: str) -> None:
    """Accept the migration that all have approved, as management."""
    click.echo(f"finalized {ControlClient(endpoint).perform('finalize')['handshake']['Id']}")


@click.command()
@click.argument("account_id", required=False)
@endpoint_option
def invite(account_id: str | None, endpoint: str) -> None:
    """Invite ACCOUNT_ID, or a new account, as management."""
    arguments = {} if account_id is None else {"account_id": account_id}
    click.echo(f"invited {ControlClient(endpoint).perform('invite', **arguments)['account_id']}")


@click.command()
@click.argument("account_id")
@endpoint_option
def join(account_id: str, endpoint: str) -> None:
    """Accept an invitation, as the owner of ACCOUNT_ID."""
    _each([account_id], ControlClient(endpoint), "join", "joined by")


@click.command()
@click.argument("account_id")
@endpoint_option
def leave(account_id: str, endpoint: str) -> None:
    """Leave the organization, as the owner of ACCOUNT_ID."""
    ControlClient(endpoint).perform("leave", account_id=account_id)
    click.echo(f"{account_id} left")


@click.command()
@click.argument("account_id")
@endpoint_option
def remove(account_id: str, endpoint: str) -> None:
    """Remove ACCOUNT_ID, as management."""
    ControlClient(endpoint).perform("remove_account", account_id=account_id)
    click.echo(f"removed {account_id}")


PEOPLE_COMMANDS: tuple[click.Command, ...] = (
    enable_all_features,
    approve,
    decline,
    cancel,
    finalize,
    invite,
    join,
    leave,
    remove,
)
"""In the order in which one meets them."""


def _each(account_ids: Iterable[str], client: ControlClient, action: str, done: str) -> None:
    """Act as several accounts, saying how each went."""
    failed = False
    for account_id in account_ids:
        try:
            handshake = client.perform(action, account_id=account_id)["handshake"]
            click.echo(f"{account_id} {done} {handshake['Id']}")
        except ValueError as error:
            failed = True
            click.echo(f"{account_id} not {done}: {error}", err=True)
    if failed:
        raise click.exceptions.Exit(1)


def _asked(status: dict[str, Any]) -> list[str]:
    pending = [child for child in status["children"] if child["State"] in ("REQUESTED", "OPEN")]
    return [account_id for child in pending if (account_id := asked_account(child)) is not None]
