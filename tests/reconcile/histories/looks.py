"""Readers that only look: the commands `status` and `plan`, and the function that programs ask."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from aws_org_features.cli import plan as plan_command
from aws_org_features.cli.environment import Environment
from aws_org_features.cli.status_looks import Looking
from aws_org_features.common.errors import OrgFeaturesError
from aws_org_features.lifecycle.connection import resolve
from tests.reconcile.histories.program import Failed

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_features.aws import Connection
    from tests.reconcile.histories.program import Program


def _status(program: Program, connection: Connection) -> None:
    organization = program.org.organization_id
    Looking(connection, organization, _world(program), names=True, note=program.heard.append).look()


def _plan(program: Program, connection: Connection) -> None:
    organization = program.org.organization_id
    plan_command._made(connection, organization, _world(program), program.heard.append)


def _world(program: Program) -> Environment:
    return Environment(lambda: datetime.now(UTC), program.org.clock.elapsed, program.wait, lambda: None)


_LOOKS: Final[dict[str, Callable[[Program, Connection], None]]] = {
    "status": _status,
    "plan": _plan,
}
GET: Final = "get"
NAMES: Final = (*_LOOKS, GET)


def look(name: str, program: Program) -> None:
    """Look in one of these ways, with the program's credentials.

    Raises:
        Failed: By an error of ours.
    """
    if name == GET:
        program.get()
        return
    with program.process():
        try:
            _LOOKS[name](program, resolve(None, program.configuration().get))
        except OrgFeaturesError as error:
            raise Failed(str(error)) from error
