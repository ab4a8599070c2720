"""The outputs of an account's approval: what is kept in the state, and what it is read back as.

The names stand in users' state files: changing one needs a migration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common.handshake_output import handshake_from, handshake_output
from aws_org_features.member_account import messages
from aws_org_features.model.approval import NO_APPROVAL, Approval, ApprovalStatus
from aws_org_features.model.organizations import FEATURE_SET_ALL

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTPUTS: Final = ("account_id", "current_feature_set", "status", "handshake", "message")


@dataclass(frozen=True, slots=True)
class Recorded:
    """The record of an earlier run, in the state.

    Attributes:
        account_id: The account that approves; None before the first run.
        feature_set: The organization's, as it was then; None where the account isn't shown it.
        approval: How the account's approval stood.
    """

    account_id: str | None = None
    feature_set: str | None = None
    approval: Approval = NO_APPROVAL

    @property
    def settled(self) -> bool:
        """Return whether nothing can be asked any more: the change to all features is one-way."""
        return self.feature_set == FEATURE_SET_ALL and not self.approval.pending


def outputs(
    organization_id: str, account_id: str, feature_set: str | None, approval: Approval
) -> dict[str, Any]:
    """Everything observed, as plain values for the state."""
    return {
        "account_id": account_id,
        "current_feature_set": feature_set,
        "status": str(approval.status),
        "handshake": handshake_output(approval.handshake),
        "message": messages.message(organization_id, account_id, approval, feature_set),
    }


def recorded_from(props: Mapping[str, Any]) -> Recorded:
    """Read a state's outputs back."""
    if not props.get("status"):
        return Recorded()
    return Recorded(
        account_id=props.get("account_id"),
        feature_set=props.get("current_feature_set"),
        approval=Approval(ApprovalStatus(props["status"]), handshake_from(props.get("handshake"))),
    )
