"""Evaluation of policies for a request: the logic of the IAM User Guide, nothing of AWS's services.

Pure: documents and a request in, an effect out. moto's own evaluator knows neither what a request is about
nor conditions; whose policies count is `permissions`' business.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from aws_org_emulator.iam.conditions import Context, conditions_met, like, listed


class Effect(Enum):
    """The effect of a set of policies."""

    ALLOWED = auto()
    DENIED = auto()
    """Some statement says Deny; others don't matter."""
    NOT_ALLOWED = auto()
    """No statement is about it."""


@dataclass(frozen=True, slots=True)
class Request:
    """The request that policies are evaluated for.

    Attributes:
        action: e.g. "organizations:AcceptHandshake".
        resource: an ARN, or "*" where the action knows no resources.
        context: condition keys in lower case, and their values.
        principals: ARNs and account ids by which a trust policy may name the caller.
    """

    action: str
    resource: str = "*"
    context: Context = field(default_factory=dict)
    principals: frozenset[str] = frozenset()


def evaluate(documents: Iterable[str], request: Request) -> Effect:
    """Evaluate policies of one kind together.

    Args:
        documents: policies, JSON.
        request: what is asked.

    Raises:
        UnknownOperatorError: a condition uses an operator that isn't known here.
    """
    effects = {
        statement.get("Effect")
        for document in documents
        for statement in _statements(document)
        if _applies(statement, request)
    }
    if "Deny" in effects:
        return Effect.DENIED
    return Effect.ALLOWED if "Allow" in effects else Effect.NOT_ALLOWED


def _statements(document: str) -> Iterator[Mapping[str, Any]]:
    yield from listed(json.loads(document).get("Statement"))


def _applies(statement: Mapping[str, Any], request: Request) -> bool:
    return (
        _is_about(statement, "Action", request.action, request.context, ignore_case=True)
        and _is_about(statement, "Resource", request.resource, request.context)
        and _names(statement.get("Principal"), request.principals)
        and conditions_met(statement.get("Condition") or {}, request.context)
    )


def _is_about(
    statement: Mapping[str, Any], element: str, value: str, context: Context, *, ignore_case: bool = False
) -> bool:
    """Return whether an element names a value, or its Not-element doesn't; a missing one says nothing."""
    for name, wanted in ((element, True), (f"Not{element}", False)):
        if name in statement:
            patterns = listed(statement[name])
            return any(like(each, value, context, ignore_case=ignore_case) for each in patterns) is wanted
    return True


def _names(principal: Any, principals: frozenset[str]) -> bool:
    """Return whether a trust policy's Principal names the caller; identity policies have none."""
    if principal is None:
        return True
    named = ["*"] if principal == "*" else listed(principal.get("AWS"))
    return any(each == "*" or each in principals for each in named)
