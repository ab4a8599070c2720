"""Policy types: their names, of which AWS's own model has the list, and turning them on and off."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from botocore.session import get_session

from tests.fake_pulumi_aws.description import roots_of
from tests.fake_pulumi_aws.errors import Refused, telling

if TYPE_CHECKING:
    from tests.fake_pulumi_aws.connection import Aws

_PATIENCE: Final = 300.0
_PAUSE: Final = 1.0


@cache
def _policy_types() -> tuple[str, ...]:
    shape = get_session().get_service_model("organizations").shape_for("PolicyType")
    return tuple(shape.enum)  # type: ignore[attr-defined]  # of a shape that is a string


def policy_type_problem(value: str) -> str | None:
    """The problem of a type's name."""
    known = _policy_types()
    return None if value in known else f"expected type to be one of {list(known)}, got {value}"


def policy_types_problem(values: list[str]) -> str | None:
    """The problem of the first name that isn't right."""
    return next(filter(None, map(policy_type_problem, values)), None)


def enable(aws: Aws, policy_type: Any) -> None:
    """Enable a type on the root; returns when AWS has done so."""
    root_id = roots_of(aws)[0]["id"]
    with telling(f"enabling policy type ({policy_type}) in Organizations Organization root ({root_id})"):
        aws.organizations.enable_policy_type(RootId=root_id, PolicyType=policy_type)
        _wait(aws, policy_type, "ENABLED")


def disable(aws: Aws, policy_type: Any) -> None:
    """Disable a type on the root; returns when AWS has done so."""
    root_id = roots_of(aws)[0]["id"]
    with telling(f"disabling policy type ({policy_type}) in Organizations Organization root ({root_id})"):
        aws.organizations.disable_policy_type(RootId=root_id, PolicyType=policy_type)
        _wait(aws, policy_type, "DISABLED")


def _wait(aws: Aws, policy_type: str, wanted: str) -> None:
    """Wait until a policy type is what it must be: AWS may only have begun."""
    deadline = time.monotonic() + _PATIENCE
    while (status := _status(aws, policy_type)) != wanted:
        if time.monotonic() > deadline:
            raise Refused(f"waiting for Organizations Organization policy ({policy_type}): still {status}")
        time.sleep(_PAUSE)


def _status(aws: Aws, policy_type: str) -> str:
    shown = {each["type"]: each["status"] for each in roots_of(aws)[0]["policyTypes"]}
    return str(shown.get(policy_type, "DISABLED"))
