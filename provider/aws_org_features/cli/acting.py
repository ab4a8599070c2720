"""The caller and the organization: from options, the environment, or a stack's configuration.

Options win, then what somebody set in the environment, then the stack that is selected in the Pulumi project
of the working directory. A stack that `--stack` names wins over the environment.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from aws_org_features.aws import Connection, Endpoints
from aws_org_features.cli.options import STACK
from aws_org_features.cli.origin import Origin, remember
from aws_org_features.cli.render.output import note
from aws_org_features.common import ids
from aws_org_features.common.errors import OrgFeaturesError, StackNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.cli.stack.configuration import Stack, Values

    Function = Callable[..., Any]

OF_THE_ENVIRONMENT: Final = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)
"""Variables that somebody sets to choose the caller. A container's or machine's role is nobody's choice."""
_CALLER: Final = ("accessKey", "profile", "assumeRole", "assumeRoles")
"""The settings of a stack that do so."""
_SAID: Final = (
    *_CALLER,
    "endpoints",
    "allowedAccountIds",
    "forbiddenAccountIds",
    "skipMetadataApiCheck",
)
"""Those that are named where a command says by what it acts."""


class Acting(NamedTuple):
    """The caller, and the only organization to act on.

    Attributes:
        connection: Who acts.
        organization_id: The only organization to act on; None for the one that the credentials belong to.
    """

    connection: Connection
    organization_id: str | None


Acts = Callable[[str | None], Acting]
"""Decides it, as late as a command wants: takes what `--organization-id` says."""


def by_stack(function: Function) -> Function:
    """Give a subcommand `--stack`; its function gets `acts`, which decides. Stands below `connected`."""

    @functools.wraps(function)
    def told(*, stack: str | None, connection: Connection, **others: Any) -> Any:
        return function(acts=functools.partial(_acting, stack or None, connection), **others)

    return click.option(
        "--stack",
        type=STACK,
        metavar="NAME",
        help="Take credentials and organization from this Pulumi stack's configuration. Default: the "
        "selected stack's, unless options or environment variables give credentials.",
    )(told)


def _acting(named: str | None, given: Connection, organization_id: str | None) -> Acting:
    if named is None and (given.profile or given.assume_roles or given.endpoints != Endpoints()):
        return Acting(given, organization_id)
    by = next(filter(os.environ.get, OF_THE_ENVIRONMENT), None)
    if named is None and by:
        with contextlib.suppress(OrgFeaturesError):
            _tell_of_the_other(by)
        return Acting(given, organization_id)
    stack = _stack(named)
    if stack is None:
        return Acting(given, organization_id)
    return _by(stack, given, organization_id, named=named is not None)


def _stack(named: str | None) -> Stack | None:
    from aws_org_features.cli.stack.configuration import project_here, selected, stack_of

    project = project_here()
    if project is None and named is not None:
        raise StackNotFoundError(
            "There is no Pulumi project here, so no stack either: neither this folder nor one above it has a "
            "Pulumi.yaml.",
            "Go to the project's folder, or give credentials with --profile or AWS_PROFILE.",
        )
    name = named or (selected(project) if project else None)
    return stack_of(project, name) if project and name else None


def _tell_of_the_other(variable: str) -> None:
    """Say that the environment wins over a stack that would have somebody else act."""
    stack = _stack(None)
    if stack and any(f"{_namespace(stack.kept)}:{name}" in stack.kept for name in _CALLER):
        note(f"using {variable}; --stack {stack.short} uses that stack's configuration instead")


def _by(stack: Stack, given: Connection, organization_id: str | None, *, named: bool) -> Acting:
    """Act by a stack's configuration; each option stands in for what the stack says of the same."""
    from aws_org_features.cli.stack.configuration import values_of, values_of_named
    from aws_org_features.lifecycle.aws_settings import refuse_unknown
    from aws_org_features.lifecycle.configuration import configured

    values = values_of_named(stack) if named else values_of(stack)
    namespace = _namespace(values.texts)
    settings = _settings(values, namespace, given)
    organization = organization_id or _organization(values, stack.project.organization)
    key = stack.project.organization if organization != organization_id else ""
    remember(Origin(stack.short, namespace, key))
    refuse_unknown(settings)
    connection = _joined(configured(settings.get), given)
    said = [*_said(settings, namespace, values.secret), *([f"{key} {organization}"] if key else ())]
    if said:
        note(f"using stack {stack.short}'s configuration ({', '.join(said)})")
    elif named:
        note(f"stack {stack.short}'s configuration has no credentials")
    else:
        remember(Origin())
    return Acting(connection, organization)


def _namespace(config: Mapping[str, Any]) -> str:
    """Namespace of the settings: the native provider's own win, as nothing else goes by them."""
    from aws_org_features.cli.stack.configuration import NAMESPACES

    spaces = {key.partition(":")[0] for key in config}
    return next((each for each in NAMESPACES if each in spaces), "aws")


def _settings(values: Values, namespace: str, given: Connection) -> dict[str, str]:
    """A stack's settings, under pulumi-aws's names, without those that an option stands in for."""
    replaced = {
        *(("profile", "accessKey", "secretKey", "token") if given.profile else ()),
        *(("assumeRole", "assumeRoles") if given.assume_roles else ()),
        *(("endpoints",) if given.endpoints != Endpoints() else ()),
        *(("region",) if given.region else ()),
        *(("allowedAccountIds",) if given.allowed_accounts else ()),
    }
    names = {key: key.partition(":")[2] for key in values.texts if key.partition(":")[0] == namespace}
    return {f"aws:{name}": values.texts[key] for key, name in names.items() if name not in replaced}


def _joined(told: Connection, given: Connection) -> Connection:
    """A stack's connection with what options say; an account that one of both forbids is forbidden."""
    return replace(
        told,
        profile=given.profile or told.profile,
        region=given.region or told.region,
        assume_roles=given.assume_roles or told.assume_roles,
        endpoints=given.endpoints if given.endpoints != Endpoints() else told.endpoints,
        allowed_accounts=given.allowed_accounts or told.allowed_accounts,
        forbidden_accounts=given.forbidden_accounts | told.forbidden_accounts,
        may_ask=given.may_ask,
        record=given.record,
    )


def _organization(values: Values, key: str) -> str | None:
    """The organization that the project's configuration names, if what it names is one of AWS's."""
    found = values.texts.get(key, "")
    return found if ids.ORGANIZATION_ID.fullmatch(found) else None


def _said(settings: Mapping[str, str], namespace: str, secret: frozenset[str]) -> list[str]:
    """The settings by which it acts, with what may be shown of them."""
    from aws_org_features.lifecycle.aws_settings import entries, is_set

    found = []
    for name in _SAID:
        value, key = settings.get(f"aws:{name}"), f"{namespace}:{name}"
        if not is_set(value):
            continue
        shown = str(value) if name == "profile" else ""
        if name.startswith("assumeRole"):
            shown = str(entries(value)[-1].get("roleArn", ""))
        found.append(f"{key} {shown}".strip() if key not in secret else key)
    return found
