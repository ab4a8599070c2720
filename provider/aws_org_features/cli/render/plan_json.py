"""A plan as JSON: an object whose shape stays; `schemas/plan.json` describes it."""

from __future__ import annotations

from dataclasses import asdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.cli.render.output import timestamp
from aws_org_features.cli.render.status_json import handshake_of
from aws_org_features.model.organizations import MOST_ACCOUNTS

if TYPE_CHECKING:
    from aws_org_features.model.organizations import AccountDetails, Invitation
    from aws_org_features.views.plan import Consideration, Effort, Plan
    from aws_org_features.views.plan.look import Caller

SCHEMA_ID: Final = "urn:aws-org-features:plan:1"
"""A field that is taken away, or comes to mean something else, makes another one; a new field doesn't."""


def schema_text() -> str:
    """The JSON Schema, as it is shipped."""
    return files("aws_org_features.cli").joinpath("schemas", "plan.json").read_text("utf-8")


def as_json(plan: Plan, caller: Caller) -> dict[str, Any]:
    """A plan as JSON has it.

    Args:
        plan: What is going to happen.
        caller: Who looked.
    """
    outlook = plan.outlook
    return {
        "schema": SCHEMA_ID,
        "looked_at": timestamp(outlook.looked_at),
        "organization_id": outlook.organization.id,
        "management_account_id": outlook.organization.management_account_id,
        "feature_set": outlook.organization.feature_set,
        "caller": caller.arn,
        "status": outlook.status,
        "action": plan.decision.action.name,
        "blocked": plan.decision.blocked,
        "headline": outlook.headline,
        "handshake": handshake_of(outlook),
        "deadline": timestamp(outlook.deadline),
        "must_act": outlook.to_do,
        "next_step": plan.then,
        "if_nobody_acts": plan.otherwise,
        "must_approve": None if plan.asked is None else [_account(each) for each in plan.asked],
        "created_accounts": plan.not_asked,
        "roles_lost": None if plan.roles_lost is None else list(plan.roles_lost),
        "accounts": plan.accounts,
        "most_accounts": MOST_ACCOUNTS,
        "invitations": None if plan.invitations is None else [_invitation(each) for each in plan.invitations],
        "obstacles": [asdict(each) for each in plan.obstacles],
        "considerations": None
        if plan.considerations is None
        else [_consideration(each) for each in plan.considerations],
        "permissions": [asdict(each) for each in caller.permissions],
        "permissions_untold": caller.untold or None,
        "next_up": _effort(plan.effort),
        "while_waiting": _effort(plan.waiting),
    }


def _account(account: AccountDetails) -> dict[str, str | None]:
    return {
        "account_id": account.id,
        "name": account.name or None,
        "email": account.email or None,
        "account_state": None if account.active else account.state,
    }


def _invitation(invitation: Invitation) -> dict[str, str | None]:
    return {"handshake_id": invitation.handshake_id, "invited": invitation.invited or None}


def _consideration(consideration: Consideration) -> dict[str, Any]:
    return {**asdict(consideration), "account_ids": list(consideration.account_ids)}


def _effort(effort: Effort | None) -> dict[str, float] | None:
    return asdict(effort) if effort else None
