"""Contents of a resource-based delegation policy, and the form in which AWS returns it.

Pure. From the User Guide ("Delegated administrator for AWS Organizations") and from what AWS was seen to
take, to refuse and to answer: accounts become the ARNs of their roots, elements come in one order, blanks go.
"""

import fnmatch
import json
import re
from collections.abc import Collection
from typing import Any

from aws_org_emulator.iam.conditions import is_operator, listed
from aws_org_emulator.policy_documents.checks import read
from aws_org_emulator.protocol.exceptions import MalformedPolicyDocumentError
from aws_org_emulator.protocol.invalid_input import (
    ResourcePolicyJsonError,
    UnsupportedActionError,
    UnsupportedResourceError,
)
from aws_org_emulator.protocol.validation import model

_VERSIONS = ("2008-10-17", "2012-10-17")
_ELEMENTS = ("Version", "Id", "Statement")
_OF_STATEMENT = ("Sid", "Effect", "Principal", "Action", "Resource", "Condition")
_REQUIRED = frozenset({"Effect", "Principal", "Action", "Resource"})
_SCALARS = (str, bool, int, float)
"""Values that a condition compares with."""
_ROOT = re.compile(r"arn:[^:]+:iam::(\d{12}):root")
_ACCOUNT = re.compile(r"\d{12}")
_WRITES = frozenset(
    {
        "AttachPolicy",
        "CreatePolicy",
        "DeletePolicy",
        "DetachPolicy",
        "DisablePolicyType",
        "EnablePolicyType",
        "TagResource",
        "UntagResource",
        "UpdatePolicy",
    }
)
"""Besides all that read, what can be delegated."""


def normalized(content: str, partition: str, management_id: str, accounts: Collection[str]) -> str:
    """A delegation policy as AWS keeps it.

    Args:
        content: JSON.
        partition: the organization's.
        management_id: its management account.
        accounts: the ids of all its accounts.

    Raises:
        ResourcePolicyJsonError: it is no such policy, or names somebody who can't be delegated to.
        UnsupportedActionError: an action can't be delegated.
        UnsupportedResourceError: a resource isn't the organization's.
    """
    try:
        document = read(content)
    except MalformedPolicyDocumentError:
        raise ResourcePolicyJsonError from None
    statements = document.get("Statement")
    if isinstance(statements, dict):
        statements = [statements]
    if not set(document) <= set(_ELEMENTS) or not isinstance(statements, list) or not statements:
        raise ResourcePolicyJsonError
    version = document.get("Version", _VERSIONS[0])
    if version not in _VERSIONS:
        raise ResourcePolicyJsonError
    for statement in statements:
        _check_statement(statement, management_id)
    kept = {
        **document,
        "Version": version,
        "Statement": [_written(statement, partition, accounts) for statement in statements],
    }
    return json.dumps(_ordered(kept, _ELEMENTS), separators=(",", ":"), ensure_ascii=False)


def _check_statement(statement: Any, management_id: str) -> None:
    if not isinstance(statement, dict) or not _REQUIRED <= set(statement) <= set(_OF_STATEMENT):
        raise ResourcePolicyJsonError
    if statement["Effect"] not in ("Allow", "Deny"):
        raise ResourcePolicyJsonError
    for action in _texts(statement["Action"]):
        _check_action(action)
    for resource in _texts(statement["Resource"]):
        if resource != "*" and not re.fullmatch(
            rf"arn:[^:]+:organizations::({management_id}|aws|\*):.+", resource
        ):
            raise UnsupportedResourceError(resource)
    _check_condition(statement.get("Condition", {}))


def _check_action(action: str) -> None:
    service, _, pattern = action.partition(":")
    meant = fnmatch.filter(model().operation_names, pattern) if service == "organizations" else []
    reads = ("Describe", "List")
    if not meant or not all(name in _WRITES or name.startswith(reads) for name in meant):
        raise UnsupportedActionError(action)


def _check_condition(condition: Any) -> None:
    if not isinstance(condition, dict):
        raise ResourcePolicyJsonError
    for operator, keys in condition.items():
        if not is_operator(operator) or not isinstance(keys, dict) or not keys:
            raise ResourcePolicyJsonError
        if not all(isinstance(each, _SCALARS) for values in keys.values() for each in listed(values)):
            raise ResourcePolicyJsonError


def _written(statement: dict[str, Any], partition: str, accounts: Collection[str]) -> dict[str, Any]:
    principal = _principal(statement["Principal"], partition, accounts)
    return _ordered({**statement, "Principal": principal}, _OF_STATEMENT)


def _principal(principal: Any, partition: str, accounts: Collection[str]) -> Any:
    if principal == "*":
        return principal
    if not isinstance(principal, dict) or not principal or not set(principal) <= {"AWS", "Service"}:
        raise ResourcePolicyJsonError
    found = dict(principal)
    if "AWS" in found:
        roots = [_root(each, partition, accounts) for each in _texts(found["AWS"])]
        found["AWS"] = roots if isinstance(found["AWS"], list) else roots[0]
    return found


def _root(name: str, partition: str, accounts: Collection[str]) -> str:
    """An account of the organization, by its root; nobody else can be named."""
    if name == "*":
        return name
    root = _ROOT.fullmatch(name)
    account_id = root[1] if root else name
    if not _ACCOUNT.fullmatch(account_id) or account_id not in accounts:
        raise ResourcePolicyJsonError
    return f"arn:{partition}:iam::{account_id}:root"


def _texts(value: Any) -> list[str]:
    found = listed(value)
    if not found or not all(isinstance(each, str) for each in found):
        raise ResourcePolicyJsonError
    return found


def _ordered(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}
