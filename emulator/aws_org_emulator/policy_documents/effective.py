"""Merging of management policies, from the root down to an account, into the one that is in effect.

Pure. From the User Guide, "Inheritance operators" and "Policy inheritance examples": a policy's values are
laid over those of its parents, @@assign in their place, @@append beside them, @@remove without them; which of
these a policy below may use, its parents say. Texts of a tag policy were seen.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from aws_org_emulator.policy_documents.checks import CONTROL, VALUE_OPERATORS

_ASSIGN, _APPEND, _REMOVE = VALUE_OPERATORS
_ALLOWED = "@@allowed"
"""The key under which a merged node keeps the operators that those below may use; not in any policy."""


def effective(policy_type: str, levels: Iterable[Iterable[str]]) -> str:
    """The policy in effect.

    Args:
        policy_type: botocore's `EffectivePolicyType`.
        levels: what is attached at the root, at each unit below it, and at the account, in that order.

    Returns:
        JSON without operators; `{}` where nothing is attached.
    """
    merged: dict[str, Any] = {}
    for contents in levels:
        for content in contents:
            _merge(merged, json.loads(content))
        _end_level(merged)
    found = _plain(merged)
    if policy_type == "TAG_POLICY":
        _name_tags(found)
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False)


def _merge(below: dict[str, Any], policy: Mapping[str, Any], allowed: frozenset[str] | None = None) -> None:
    """Lay a policy over what its parents have made."""
    allowed = below.get(_ALLOWED, allowed)
    for name, value in policy.items():
        if name == CONTROL:
            below.setdefault("@@next", []).append(frozenset(value))
        elif isinstance(value, dict) and set(value) & set(VALUE_OPERATORS):
            _apply_operators(below, name, value, allowed)
        elif isinstance(value, dict):
            inner = below.setdefault(name, {})
            if isinstance(inner, dict):
                _merge(inner, value, allowed)
        elif _is_allowed(_ASSIGN, allowed):
            below[name] = value


def _apply_operators(
    below: dict[str, Any], name: str, value: Mapping[str, Any], allowed: frozenset[str] | None
) -> None:
    found = below.get(name)
    node: dict[str, Any] = found if isinstance(found, dict) and "@@value" in found else {"@@value": found}
    allowed = node.get(_ALLOWED, allowed)
    for operator in VALUE_OPERATORS:
        if operator in value and _is_allowed(operator, allowed):
            node["@@value"] = _applied(operator, node["@@value"], value[operator])
    if CONTROL in value:
        node.setdefault("@@next", []).append(frozenset(value[CONTROL]))
    if node["@@value"] is not None:
        below[name] = node


def _applied(operator: str, old: Any, given: Any) -> Any:
    if operator == _ASSIGN:
        return given
    values = given if isinstance(given, list) else [given]
    before = old if isinstance(old, list) else [] if old is None else [old]
    if operator == _REMOVE:
        return [each for each in before if each not in values]
    return [*before, *(each for each in values if each not in before)]


def _is_allowed(operator: str, allowed: frozenset[str] | None) -> bool:
    return allowed is None or "@@all" in allowed or operator in allowed


def _end_level(node: dict[str, Any]) -> None:
    """End a level: what its policies allow those below holds from now on."""
    said = node.pop("@@next", None)
    if said is not None:
        both = frozenset.intersection(*said)
        held = node.get(_ALLOWED)
        node[_ALLOWED] = both if held is None or "@@all" in held else both & held
    for value in node.values():
        if isinstance(value, dict):
            _end_level(value)


def _plain(node: Any) -> Any:
    """Without what only merging needs."""
    if not isinstance(node, dict):
        return node
    if "@@value" in node:
        return node["@@value"]
    return {name: _plain(value) for name, value in node.items() if not name.startswith("@@")}


def _name_tags(policy: dict[str, Any]) -> None:
    """A tag whose policy says no key has the one that the policy calls it by."""
    tags = policy.get("tags")
    for name, tag in tags.items() if isinstance(tags, dict) else ():
        if isinstance(tag, dict):
            tag.setdefault("tag_key", name)
