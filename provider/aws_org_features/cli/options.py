"""The options that subcommands share: who acts, and where. No secret ever stands on a command line."""

from __future__ import annotations

import functools
import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click

from aws_org_features.aws import AssumeRole, Connection, Endpoints
from aws_org_features.common import ids

if TYPE_CHECKING:
    from collections.abc import Callable

    Function = Callable[..., Any]


class Shaped(click.ParamType):  # type: ignore[type-arg]  # not generic in older versions of click
    """A text of a certain shape, refused by its name before anything is asked.

    Args:
        name: What it is.
        fits: Tells whether a text is one.
        example: One that is right.
    """

    def __init__(self, name: str, fits: Callable[[str], object], example: str) -> None:
        self.name = name
        self._fits = fits
        self._example = example

    def get_metavar(self, *_args: Any, **_kwargs: Any) -> str:
        """Its name as one word, for the help; click's versions pass different arguments."""
        return self.name.upper().replace(" ", "_")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check a value."""
        if not self._fits(str(value)):
            self.fail(f"{value!r} is no {self.name}; {self._example} is one", param, ctx)
        return str(value)


class _Address(click.ParamType):  # type: ignore[type-arg]  # as above
    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check an address; it is never shown, as it may hold a password."""
        try:
            parts = urlsplit(str(value))
            sound = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or 1)
        except ValueError:
            sound = False
        if not sound:
            self.fail("it isn't an address like https://HOST[:PORT]", param, ctx)
        return str(value)


ORGANIZATION_ID: Final = Shaped("organization id", ids.ORGANIZATION_ID.fullmatch, "o-exampleorg1")
ONLY_ORGANIZATION: Final = click.option(
    "--organization-id",
    type=ORGANIZATION_ID,
    help="Fail unless the credentials belong to this organization. Default: the stack's organizationId.",
)
"""For a command about the organization that the credentials belong to."""
STACK: Final = Shaped("stack", ids.STACK.fullmatch, "production")
ACCOUNT_ID: Final = Shaped("account id", ids.ACCOUNT_ID.fullmatch, "111111111111")
PARTITION: Final = Shaped("partition", re.compile(r"aws(-[a-z]+)*").fullmatch, "aws")
ROLE_NAME: Final = Shaped("role name", ids.ROLE_NAME.fullmatch, "AllFeaturesApprover")
ROLE_ARN: Final = Shaped("role's ARN", ids.ROLE_ARN.fullmatch, "arn:aws:iam::111111111111:role/organization")
SERVICE_PRINCIPAL: Final = Shaped(
    "service principal", ids.SERVICE_PRINCIPAL.fullmatch, "guardduty.amazonaws.com"
)

_CONNECTION: Final = (
    click.option(
        "--profile", help="A profile of the AWS configuration files; default: the usual environment."
    ),
    click.option("--region", help="Only selects the partition (aws, aws-cn, aws-us-gov)."),
    click.option(
        "--assume-role",
        "roles",
        multiple=True,
        type=ROLE_ARN,
        metavar="ARN",
        help="A role to assume to reach the management account; may be repeated, for a chain of roles.",
    ),
    click.option(
        "--external-id-env",
        "external_ids",
        multiple=True,
        metavar="NAME",
        help="The environment variable that holds the external id of an --assume-role: the first for the "
        "first role, and so on ('' for a role without one).",
    ),
    click.option(
        "--endpoint-url",
        "endpoint",
        type=_Address(),
        metavar="URL",
        help="Send requests to this address instead of AWS.",
    ),
    click.option(
        "--allowed-account-id",
        "allowed",
        multiple=True,
        type=ACCOUNT_ID,
        metavar="ACCOUNT",
        help="Act only in this account, the management account or a member; may be repeated.",
    ),
    click.option(
        "--forbidden-account-id",
        "forbidden",
        multiple=True,
        type=ACCOUNT_ID,
        metavar="ACCOUNT",
        help="Never act in this account; may be repeated.",
    ),
)


def recorded(function: Function) -> Function:
    """Give a subcommand the option that records what AWS answers; stands below `connected`."""

    @functools.wraps(function)
    def told(*, record: Path | None, connection: Connection, **others: Any) -> Any:
        if record is not None:
            connection = replace(connection, record=str(record))
        return function(connection=connection, **others)

    return click.option(
        "--record",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Append AWS's answers to a file, pseudonymized: see `evidence`.",
    )(told)


def connected(function: Function) -> Function:
    """Give a subcommand the options that say who acts; its function gets them as `connection`."""

    @functools.wraps(function)
    def told(
        *,
        profile: str | None,
        region: str | None,
        roles: tuple[str, ...],
        external_ids: tuple[str, ...],
        endpoint: str | None,
        allowed: tuple[str, ...],
        forbidden: tuple[str, ...],
        **others: Any,
    ) -> Any:
        connection = Connection(
            profile=profile or None,
            region=region or None,
            assume_roles=_chain(roles, external_ids),
            endpoints=Endpoints(endpoint, endpoint, endpoint),
            allowed_accounts=frozenset(allowed),
            forbidden_accounts=frozenset(forbidden),
            may_ask=sys.stdin.isatty() and sys.stderr.isatty(),
        )
        return function(connection=connection, **others)

    for option in reversed(_CONNECTION):
        told = option(told)
    return told


def _chain(roles: tuple[str, ...], variables: tuple[str, ...]) -> tuple[AssumeRole, ...]:
    if len(variables) > len(roles):
        raise click.UsageError("There are more --external-id-env than --assume-role.")
    external_ids = [from_environment("--external-id-env", name) if name else None for name in variables]
    external_ids += [None] * (len(roles) - len(variables))
    return tuple(map(AssumeRole, roles, external_ids))


def from_environment(option: str, name: str) -> str:
    """Read the environment variable that an option names.

    Raises:
        UsageError: There is no such variable, or it is empty.
    """
    value = os.environ.get(name)
    if not value:
        raise click.UsageError(f"{option}: the environment has no {name}.")
    return value
