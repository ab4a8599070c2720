"""The policies that `iam-policy` prints for the organization of the tests, whole or short of an action."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aws_org_features.views.iam_policies import policy_for

if TYPE_CHECKING:
    from aws_org_features.views.iam_policies import Purpose


def policy(purpose: Purpose, without: str | None = None) -> str:
    """The policy that is printed, or what is left of it."""
    document = policy_for(
        purpose,
        partition="aws",
        organization_id="o-exampleorg1",
        management_account_id="111111111111",
    )
    for statement in document["Statement"]:
        statement["Action"] = [action for action in statement["Action"] if action != without]
    document["Statement"] = [statement for statement in document["Statement"] if statement["Action"]]
    return json.dumps(document)


def actions(purpose: Purpose) -> list[str]:
    """Actions that it allows, in its order."""
    return [action for s in json.loads(policy(purpose))["Statement"] for action in s["Action"]]
