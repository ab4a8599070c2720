"""`RootPolicyType`, natively."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aws_org_features.common.errors import ConfigurationError
from aws_org_features.lifecycle.policy_type import PolicyTypeLifecycle, organization_led_to
from aws_org_features.lifecycle.resource import GOAL
from aws_org_features.model.on_off import ENABLED
from aws_org_features.model.policy_types import PolicyTypeStatus
from aws_org_features.plugin import schema
from aws_org_features.plugin.resource import Imported, Kind

if TYPE_CHECKING:
    from aws_org_features.lifecycle.resource import Call

_ID: Final = re.compile(r"(r-[0-9a-z]{4,32})/([A-Z][A-Z0-9_]*)")
_ON: Final = frozenset({PolicyTypeStatus.ENABLED, PolicyTypeStatus.PENDING_ENABLE})


def _imported(call: Call, id_: str) -> Imported:
    match = _ID.fullmatch(id_)
    if match is None:
        raise ConfigurationError(
            f"{id_!r} isn't the id of a policy type on a root.", "It is imported by ROOT/TYPE."
        )
    return Imported(
        {"organization_id": organization_led_to(call), "policy_type": match[2]},
        {"root_id": match[1]},
        is_there=lambda found: found["status"] in _ON,
    )


KIND: Final = Kind(
    token=schema.POLICY_TYPE,
    lifecycle=PolicyTypeLifecycle,
    imported=_imported,
    computed=(GOAL,),
    goal=ENABLED,
    stable=("current_root_id", "root_arn", "management_account_id"),
)
