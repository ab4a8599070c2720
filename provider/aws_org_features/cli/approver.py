"""The options that say who approves on behalf of member accounts: those of `ApproverArgs`."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

import click

from aws_org_features.cli.options import ACCOUNT_ID, ROLE_NAME, Shaped, from_environment
from aws_org_features.common import ids
from aws_org_features.model.migration import Approver

if TYPE_CHECKING:
    from collections.abc import Callable

    Function = Callable[..., Any]

_TEMPLATE: Final = Shaped(
    "template of a role's ARN",
    ids.is_role_arn_template,
    "arn:{partition}:iam::{account_id}:role/AllFeaturesApprover",
)
_SESSION_NAME: Final = Shaped("session name", ids.SESSION_NAME.fullmatch, "aws-org-features")
_EXTERNAL_ID_ENV: Final = "--member-external-id-env"


def _checked_rate(_ctx: click.Context, _param: click.Parameter, value: float | None) -> float | None:
    if value is not None and not ids.is_rate(value):
        raise click.BadParameter(f"it must be a number above 0, up to {ids.FASTEST}")
    return value


_OPTIONS: Final = (
    click.option(
        "--role-name",
        type=ROLE_NAME,
        metavar="NAME",
        help="The role to assume in each account, with its path if it has one.",
    ),
    click.option(
        "--role-arn-template",
        type=_TEMPLATE,
        metavar="ARN",
        help="The role's ARN instead, with {account_id} and optionally {partition} in it.",
    ),
    click.option(
        _EXTERNAL_ID_ENV,
        "external_id_env",
        metavar="NAME",
        help="The environment variable that holds the external id of the roles.",
    ),
    click.option("--session-name", type=_SESSION_NAME, help="Shown in the accounts' CloudTrail."),
    click.option(
        "--only",
        multiple=True,
        type=ACCOUNT_ID,
        metavar="ACCOUNT",
        help="Only for this account; may be repeated.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        type=ACCOUNT_ID,
        metavar="ACCOUNT",
        help="Never for this account; may be repeated.",
    ),
    click.option(
        "--max-calls-per-second",
        type=float,
        callback=_checked_rate,
        metavar="N",
        help="Over all accounts; default: 80 % of AWS's published rates.",
    ),
)


def approving(function: Function) -> Function:
    """Give a subcommand the options that say who approves; its function gets them as `approver`."""

    @functools.wraps(function)
    def told(
        *,
        role_name: str | None,
        role_arn_template: str | None,
        external_id_env: str | None,
        session_name: str | None,
        only: tuple[str, ...],
        exclude: tuple[str, ...],
        max_calls_per_second: float | None,
        **others: Any,
    ) -> Any:
        approver = Approver(
            role_arn_template=_template(role_name, role_arn_template),
            external_id=_external_id(external_id_env),
            session_name=session_name,
            only=frozenset(only),
            exclude=frozenset(exclude),
            max_calls_per_second=max_calls_per_second,
        )
        return function(approver=approver, **others)

    for option in reversed(_OPTIONS):
        told = option(told)
    return told


def _template(name: str | None, template: str | None) -> str:
    if name and not template:
        return ids.role_arn_template(name)
    if template and not name:
        return template
    raise click.UsageError("Use either --role-name or --role-arn-template.")


def _external_id(variable: str | None) -> str | None:
    if variable is None:
        return None
    external_id = from_environment(_EXTERNAL_ID_ENV, variable)
    if not ids.EXTERNAL_ID.fullmatch(external_id):
        # Never with the value.
        raise click.UsageError(
            f"{_EXTERNAL_ID_ENV}: what {variable} holds isn't an external id, which is 2 to 1,224 letters, "
            "digits or any of +=,.@:/-_"
        )
    return external_id
