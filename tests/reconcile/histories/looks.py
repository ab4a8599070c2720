"""What only looks: the commands `status` and `plan`, and the function that programs ask."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pulumi
import pytest

from aws_org_features.cli import plan as plan_command
from aws_org_features.cli.environment import Environment
from aws_org_features.cli.status_looks import Looking
from aws_org_features.common.errors import OrgFeaturesError
from aws_org_features.lifecycle.connection import resolve
from aws_org_features.resources.get_feature_set import get_organization_feature_set
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


def _get(program: Program, _connection: Connection) -> None:
    get_organization_feature_set(organization_id=program.org.organization_id)


def _world(program: Program) -> Environment:
    return Environment(lambda: datetime.now(UTC), program.org.clock.elapsed, program.wait, lambda: None)


_LOOKS: Final[dict[str, Callable[[Program, Connection], None]]] = {
    "status": _status,
    "plan": _plan,
    "get": _get,
}
NAMES: Final = tuple(_LOOKS)


def look(name: str, program: Program) -> None:
    """Look in one of these ways, as whoever the program's credentials make it.

    Raises:
        Failed: By an error of ours.
    """
    configuration = program.configuration()
    with program.process(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(pulumi.runtime, "get_config", configuration.get)
        try:
            _LOOKS[name](program, resolve(None, configuration.get))
        except (OrgFeaturesError, pulumi.RunError) as error:
            raise Failed(str(error)) from error
