"""Allowed statements of a resource once it has been refreshed, by what is so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.reconcile.histories.truth import Truth


def what_is_said_is_so(so: Truth, outputs: Mapping[str, Any], *, shown: bool) -> str | None:
    """Check that the resource says what AWS has.

    Args:
        so: The truth.
        outputs: What the refresh recorded.
        shown: Whether AWS shows management the approvals.

    Returns:
        What is wrong, or None.
    """
    if outputs["current_feature_set"] != so.feature_set:
        return f"it says {outputs['current_feature_set']}, and the organization has {so.feature_set}"
    if outputs["enabled"] is not (so.feature_set == "ALL"):
        return f"it says enabled {outputs['enabled']}, and the organization has {so.feature_set}"
    expected = statuses(so, shown=shown)
    if outputs["status"] not in expected:
        return f"it says {outputs['status']}, which should be {' or '.join(sorted(expected))}: {so}"
    return _handshake(so, outputs) or _approvals(so, outputs, shown=shown)


def statuses(so: Truth, *, shown: bool) -> set[str]:
    """The statuses that it may show: several where AWS doesn't show which, or an account came back."""
    if so.feature_set == "ALL":
        return {"ENABLED"}
    if so.parent is None:
        return {"NOT_STARTED"}
    if not so.kept:
        # As it was last seen, and canceled if that was in progress; nothing if nobody looked.
        return {"NOT_STARTED", "EXPIRED", "CANCELED", "DECLINED"}
    if so.state == "CANCELED":
        return {"CANCELED"}
    plain = {"REQUESTED": "AWAITING_APPROVALS", "OPEN": "AWAITING_FINALIZATION", "EXPIRED": "EXPIRED"}[
        so.state
    ]
    declined = {account for account in so.who("DECLINED") if account in so.members}
    if not declined:
        return {plain}
    told = shown and all(so.answers[account].kept for account in declined)
    # An OPEN one is accepted, and only where AWS refuses that it is asked who declined.
    return {"DECLINED"} if told and so.state == "REQUESTED" else {"DECLINED", plain}


def _handshake(so: Truth, outputs: Mapping[str, Any]) -> str | None:
    if not so.kept or so.parent is None:
        return None
    if so.feature_set == "ALL" and outputs.get("handshake") is None:
        return None  # all features were found on, and nothing was recorded before
    said = outputs.get("handshake") or {}
    if (said.get("id"), said.get("state")) != (so.parent, so.state):
        return f"it says {said.get('id')} {said.get('state')}, which is {so.parent} {so.state}"
    return None


def _approvals(so: Truth, outputs: Mapping[str, Any], *, shown: bool) -> str | None:
    """Counts, where AWS shows them all."""
    if so.state != "REQUESTED" or not shown or not all(answer.kept for answer in so.answers.values()):
        return None
    said = {name: int(count) for name, count in outputs["approvals"].items()}
    if said["required"] != sum(count for name, count in said.items() if name != "required"):
        return f"its counts don't add up: {said}"
    if said["required"] != len(so.answers):
        return f"it says {said['required']} are asked, which are {len(so.answers)}"
    for state in ("ACCEPTED", "DECLINED", "CANCELED"):
        if said[state.lower()] != len(so.who(state)):
            return f"it says {said[state.lower()]} {state}, which are {len(so.who(state))}"
    waiting = {each["account_id"] for each in outputs["waiting_for"]}
    outstanding = so.who("OPEN") | so.who("REQUESTED")
    if not outstanding <= waiting or waiting - outstanding - so.who("DECLINED"):
        return f"it waits for {sorted(waiting)}, and outstanding are {sorted(outstanding)}"
    return None
