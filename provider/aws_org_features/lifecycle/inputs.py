"""The inputs of `OrganizationFeatureSet`: what is wrong with them, and what they mean.

Values may be unknown in a preview; a check on an unknown value is left for later.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common import ids
from aws_org_features.lifecycle import connection
from aws_org_features.lifecycle.approver import approver_from
from aws_org_features.lifecycle.approver import problems as approver_problems
from aws_org_features.lifecycle.durations import seconds
from aws_org_features.lifecycle.unknown import is_known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_org_features.lifecycle.resource import Problem
    from aws_org_features.model.migration import Desired

GOAL_REACHED: Final = "ENABLED"

INPUTS: Final = (
    "organization_id",
    "feature_set",
    "finalize",
    "attempt",
    "approver",
    "wait_until",
    "timeout",
    "on_destroy",
    "observe",
    "connection",
)

FAIL_UNLESS_ENABLED: Final = "fail_unless_enabled"
"""An input for edges whose state outlives a create or an update that fails."""

_HANDSHAKE_ID: Final = re.compile(r"h-[0-9a-z]{8,32}")
_CHOICES: Final = {
    "on_destroy": ("leave", "cancel"),
    "observe": ("diff", "refresh"),
    "wait_until": ("requested", "approved", "enabled"),  # the core's WaitUntil
}

DEFAULTS: Final[Mapping[str, Any]] = {"approver": None, "wait_until": "requested", "timeout": "30m"}
"""Defaults for a state that was written before these inputs existed."""

_LONGEST: Final = 7 * 24 * 3600


def desired(props: Mapping[str, Any]) -> Desired:
    """Read valid inputs; the outputs hold a copy of them, so this reads a state as well."""
    from aws_org_features.model.migration import Desired, WaitUntil

    return Desired(
        organization_id=props["organization_id"],
        finalize=props.get("finalize", True),
        attempt=int(props.get("attempt", 1)),
        approver=approver_from(props.get("approver")),
        wait_until=WaitUntil(props.get("wait_until") or DEFAULTS["wait_until"]),
        timeout=float(seconds(props.get("timeout") or DEFAULTS["timeout"]) or 0),
    )


def find_problems(recorded: Mapping[str, Any], given: Mapping[str, Any]) -> list[Problem]:
    """Problems with the inputs: pairs of an input's name, if it may be shown, and a sentence.

    Args:
        recorded: The inputs of the existing resource; empty for a new one.
        given: The inputs of the program.
    """
    return [
        *organization_id_problems(recorded, given.get("organization_id")),
        *_feature_set(given.get("feature_set")),
        *_finalize(given.get("finalize")),
        *_attempt(given.get("attempt")),
        *_choices(given),
        *_fail_unless_enabled(given.get(FAIL_UNLESS_ENABLED, False)),
        *_waiting(given),
        *connection_problems(given.get("connection")),
        # As of a connection: it may hold an external id.
        *(("", text) for text in approver_problems(given.get("approver"))),
    ]


def connection_problems(value: Any) -> Iterator[Problem]:
    """Problems with a `connection`. It may hold secrets, and the engine prints what a problem blames."""
    yield from (("", text) for text in connection.problems(value))


def organization_id_problems(recorded: Mapping[str, Any], value: Any) -> Iterator[Problem]:
    """Problems with an organization's id, which an existing resource keeps."""
    if not is_known(value):
        return
    if not isinstance(value, str) or not ids.ORGANIZATION_ID.fullmatch(value):
        text = (
            f"organization_id is {value!r}, but an organization's id is o- and 10 to 32 lower-case letters "
            "or digits; `aws organizations describe-organization` shows it"
        )
        yield ("organization_id", text)
        return
    before = recorded.get("organization_id")
    if is_known(before) and before is not None and before != value:
        yield (
            "organization_id",
            f"organization_id can't be changed ({before} to {value}): declare a second resource for {value}",
        )


def _feature_set(value: Any) -> Iterator[Problem]:
    if not is_known(value) or value == "ALL":
        return
    if value == "CONSOLIDATED_BILLING":
        text = "feature_set can only be ALL: enabling all features is irreversible"
    else:
        text = f"feature_set is {value!r}, but can only be ALL"
    yield ("feature_set", text)


def _finalize(value: Any) -> Iterator[Problem]:
    if not is_known(value) or isinstance(value, bool):
        return
    if not isinstance(value, str) or not _HANDSHAKE_ID.fullmatch(value):
        text = f"finalize is {value!r}, but must be True, False, or the id of the one migration to finalize"
        yield ("finalize", f"{text} (h- and 8 to 32 lower-case letters or digits)")


def _attempt(value: Any) -> Iterator[Problem]:
    if not is_known(value):
        return
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or value != int(value) or value < 1:
        yield ("attempt", f"attempt is {value!r}, but must be a whole number, 1 or greater")


def _fail_unless_enabled(value: Any) -> Iterator[Problem]:
    if is_known(value) and not isinstance(value, bool):
        text = f"{FAIL_UNLESS_ENABLED} is {value!r}, but must be true or false"
        yield (FAIL_UNLESS_ENABLED, text)


def _choices(given: Mapping[str, Any]) -> Iterator[Problem]:
    for name, choices in _CHOICES.items():
        value = given.get(name, DEFAULTS.get(name))
        if is_known(value) and value not in choices:
            yield (name, f"{name} is {value!r}, but must be one of {', '.join(choices)}")


def _waiting(given: Mapping[str, Any]) -> Iterator[Problem]:
    timeout = given.get("timeout", DEFAULTS["timeout"])
    if is_known(timeout):
        length = seconds(timeout)
        if length is None or not 0 < length <= _LONGEST:
            yield (
                "timeout",
                f"timeout is {timeout!r}, but must be a time from 1s to 168h (like 45m or 1h30m)",
            )
    if given.get("wait_until") == "enabled" and given.get("finalize") is False:
        text = "wait_until is 'enabled', but finalize is False, so a run would wait for nothing"
        yield ("wait_until", text)
