"""The input `approver`: what is wrong with it, and what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common.ids import (
    ACCOUNT_ID,
    EXTERNAL_ID,
    FASTEST,
    ROLE_NAME,
    SESSION_NAME,
    is_rate,
    is_role_arn_template,
    role_arn_template,
)
from aws_org_features.lifecycle.connection import not_texts, unknown_keys
from aws_org_features.lifecycle.unknown import is_known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.model.migration import Approver

_SETTINGS: Final = frozenset(
    {
        "role_name",
        "role_arn_template",
        "external_id",
        "session_name",
        "only",
        "exclude",
        "max_calls_per_second",
    }
)


def approver_from(declared: Mapping[str, Any] | None) -> Approver | None:
    """Read a valid `approver`, from a state as well."""
    if not declared:
        return None
    from aws_org_features.model.migration import Approver

    template = declared.get("role_arn_template")
    return Approver(
        role_arn_template=template or role_arn_template(str(declared.get("role_name"))),
        external_id=declared.get("external_id"),
        session_name=declared.get("session_name"),
        only=frozenset(declared.get("only") or ()),
        exclude=frozenset(declared.get("exclude") or ()),
        max_calls_per_second=declared.get("max_calls_per_second"),
    )


def problems(declared: Any) -> list[str]:
    """Problems with a resource's `approver`, a sentence each.

    Never with a value that may be the external id.

    Args:
        declared: As the engine hands it over; parts may not be known yet in a preview.
    """
    if declared is None or not is_known(declared):
        return []
    if not isinstance(declared, dict):
        return ["approver must be ApproverArgs or a dictionary"]
    given = {name: value for name, value in declared.items() if is_known(value) and value is not None}
    texts = ("role_name", "role_arn_template", "external_id", "session_name")
    found = unknown_keys("approver", declared, _SETTINGS) + not_texts("approver", given, texts)
    if found:
        return found
    return [*_role_problems(declared, given), *_name_problems(given), *_account_problems(given)]


def _role_problems(declared: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    named = [name for name in ("role_name", "role_arn_template") if declared.get(name) is not None]
    if len(named) != 1:
        return ["approver needs either role_name or role_arn_template"]
    name, template = given.get("role_name"), given.get("role_arn_template")
    if name is not None and not ROLE_NAME.fullmatch(name):
        return [f"approver.role_name is {name!r}, not the name of a role (like {_EXAMPLE_NAME})"]
    if template is not None and not is_role_arn_template(template):
        return [f"approver.role_arn_template is {template!r}, not an ARN like {_EXAMPLE_ARN}"]
    return []


_EXAMPLE_NAME: Final = "OrganizationAccountAccessRole"
_EXAMPLE_ARN: Final = "arn:{partition}:iam::{account_id}:role/NAME"


def _name_problems(given: Mapping[str, Any]) -> list[str]:
    found = []
    session, external_id = given.get("session_name"), given.get("external_id")
    if session is not None and not SESSION_NAME.fullmatch(session):
        found.append("approver.session_name must be 2 to 64 letters, digits or any of +=,.@-_")
    if external_id is not None and not EXTERNAL_ID.fullmatch(external_id):
        found.append("approver.external_id must be 2 to 1,224 letters, digits or any of +=,.@:/-_")
    return found


def _account_problems(given: Mapping[str, Any]) -> list[str]:
    found = []
    for name in ("only", "exclude"):
        accounts = given.get(name, [])
        if not isinstance(accounts, list):
            found.append(f"approver.{name} must be a list of account ids")
            continue
        odd = [a for a in accounts if is_known(a) and not (isinstance(a, str) and ACCOUNT_ID.fullmatch(a))]
        found += [f"approver.{name} holds {each!r}, but an account id is a text of 12 digits" for each in odd]
    if not is_rate(given.get("max_calls_per_second", 1)):
        found.append(f"approver.max_calls_per_second must be a number above 0, up to {FASTEST}")
    return found
