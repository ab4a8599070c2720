"""`FeatureSetApproval`, natively."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aws_org_features.common.errors import ConfigurationError
from aws_org_features.lifecycle.approval import GOAL_REACHED, ApprovalLifecycle
from aws_org_features.lifecycle.resource import GOAL, STEPS
from aws_org_features.member_account.state import recorded_from
from aws_org_features.model.approval import ApprovalStatus
from aws_org_features.plugin import schema
from aws_org_features.plugin.resource import Imported, Kind

if TYPE_CHECKING:
    from aws_org_features.lifecycle.resource import Call

_ID: Final = re.compile(r"(o-[a-z0-9]{10,32})/([0-9]{12})")


def _imported(_call: Call, id_: str) -> Imported:
    match = _ID.fullmatch(id_)
    if match is None:
        raise ConfigurationError(
            f"{id_!r} isn't the id of an approval.", "An approval is imported by ORGANIZATION/ACCOUNT."
        )
    return Imported(
        {"organization_id": match[1]},
        {"account_id": match[2], "status": str(ApprovalStatus.NOT_ASKED)},
        is_there=lambda found: found["handshake"] is not None,
    )


KIND: Final = Kind(
    token=schema.APPROVAL,
    lifecycle=ApprovalLifecycle,
    imported=_imported,
    computed=(GOAL, STEPS),
    goal=GOAL_REACHED,
    settled=lambda kept: recorded_from(kept).settled,
    stable=("account_id",),
)
