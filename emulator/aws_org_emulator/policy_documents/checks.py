"""Validation of a policy's text for its type: its JSON, its elements, its inheritance operators.

From the User Guide (SCP syntax, policy inheritance operators, tag policy syntax) and from what AWS was seen
to take and to refuse. What management policies of other types say below their first element isn't looked at.
"""

import json
from collections.abc import Mapping
from typing import Any

from aws_org_emulator.policy_documents.quotas import quota
from aws_org_emulator.protocol.exceptions import MalformedPolicyDocumentError, PolicyTooLargeError

AUTHORIZATION = frozenset({"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"})
"""Types that have statements; all others are management policies, which are merged."""
_FIRST: Mapping[str, str] = {
    "AISERVICES_OPT_OUT_POLICY": "services",
    "BACKUP_POLICY": "plans",
    "TAG_POLICY": "tags",
}
"""Name of a management policy's first element, where it has one of its own."""
CONTROL = "@@operators_allowed_for_child_policies"
VALUE_OPERATORS = ("@@assign", "@@append", "@@remove")
_ALONE = "@@none"
_CONTROLS = frozenset({*VALUE_OPERATORS, "@@all", _ALONE})
_EFFECTS = ("Allow", "Deny")


def check(policy_type: str, content: str) -> None:
    """See to it that a text is a policy of a type.

    Raises:
        PolicyTooLargeError: it is too long.
        MalformedPolicyDocumentError: it isn't one.
    """
    if len(content) > quota(policy_type).size:
        raise PolicyTooLargeError
    document = read(content)
    try:
        if policy_type in AUTHORIZATION:
            _check_statements(document)
        else:
            _check_management(document, _FIRST.get(policy_type))
    except RecursionError:
        raise MalformedPolicyDocumentError from None


def read(content: str) -> dict[str, Any]:
    """A policy, read.

    Raises:
        MalformedPolicyDocumentError: it isn't JSON, no object, or has one name twice.
    """
    try:
        document = json.loads(content, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise MalformedPolicyDocumentError from None
    if not isinstance(document, dict):
        raise MalformedPolicyDocumentError
    return document


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is there twice")
    return found


def _check_statements(document: dict[str, Any]) -> None:
    statements = document.get("Statement")
    if isinstance(statements, dict):
        statements = [statements]
    known = set(document) <= {"Version", "Id", "Statement"}
    if not known or not isinstance(statements, list) or not all(map(_is_statement, statements)):
        raise MalformedPolicyDocumentError


def _is_statement(statement: Any) -> bool:
    if not isinstance(statement, dict) or statement.get("Effect") not in _EFFECTS:
        return False
    return ("Action" in statement) is not ("NotAction" in statement)


def _check_management(document: dict[str, Any], first: str | None) -> None:
    if first is not None and not (set(document) == {first} and isinstance(document[first], dict)):
        raise MalformedPolicyDocumentError
    _check_operators(document)


def _check_operators(value: Any) -> None:
    if isinstance(value, list):
        for each in value:
            _check_operators(each)
    if not isinstance(value, dict):
        return
    for name, each in value.items():
        if name == CONTROL:
            _check_control(each)
        elif name.startswith("@@") and name not in VALUE_OPERATORS:
            raise MalformedPolicyDocumentError
        else:
            _check_operators(each)


def _check_control(allowed: Any) -> None:
    """Check which operators policies below may use: `@@none` stands alone."""
    if not isinstance(allowed, list) or not allowed or not set(map(str, allowed)) <= _CONTROLS:
        raise MalformedPolicyDocumentError
    if _ALONE in allowed and len(allowed) > 1:
        raise MalformedPolicyDocumentError
