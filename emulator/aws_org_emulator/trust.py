"""Whether a role's trust policy lets a principal assume it.

As much of IAM's evaluation as AssumeRole between accounts needs: Allow and Deny statements,
principals by account or ARN, and StringEquals or StringLike conditions on the ExternalId
(IAM User Guide, "Access to AWS accounts owned by third parties"). Other condition keys aren't met.
"""

import fnmatch
import json
from typing import Any

_ASSUME_ROLE = "sts:AssumeRole"


def may_assume(policy: str, principal_arn: str, external_id: str | None) -> bool:
    """Evaluate a trust policy for one call of AssumeRole.

    Args:
        policy: the trust policy, JSON.
        principal_arn: who calls.
        external_id: the call's ExternalId.

    Returns:
        Whether some statement allows it and none denies it.
    """
    statements = [
        statement
        for statement in _listed(json.loads(policy).get("Statement"))
        if _about(statement, principal_arn) and _met(statement.get("Condition", {}), external_id)
    ]
    effects = {statement["Effect"] for statement in statements}
    return effects == {"Allow"}


def _about(statement: dict[str, Any], principal_arn: str) -> bool:
    actions = _listed(statement.get("Action"))
    if not any(fnmatch.fnmatchcase(_ASSUME_ROLE.lower(), each.lower()) for each in actions):
        return False
    principal = statement.get("Principal", {})
    trusted = ["*"] if principal == "*" else _listed(principal.get("AWS"))
    account_id = principal_arn.split(":")[4]
    return any(
        each in {"*", account_id, principal_arn} or each.endswith(f"::{account_id}:root") for each in trusted
    )


def _met(conditions: dict[str, dict[str, Any]], external_id: str | None) -> bool:
    return all(
        _holds(operator, key, _listed(expected), external_id)
        for operator, by_key in conditions.items()
        for key, expected in by_key.items()
    )


def _holds(operator: str, key: str, expected: list[str], external_id: str | None) -> bool:
    if key.lower() != "sts:externalid" or external_id is None:
        return False
    if operator == "StringLike":
        return any(fnmatch.fnmatchcase(external_id, each) for each in expected)
    return operator == "StringEquals" and external_id in expected


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
