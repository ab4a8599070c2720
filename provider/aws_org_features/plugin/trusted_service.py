"""`TrustedService`, natively."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aws_org_features.common.errors import ConfigurationError
from aws_org_features.lifecycle.resource import GOAL
from aws_org_features.lifecycle.trusted_service import TrustedServiceLifecycle
from aws_org_features.model.on_off import ENABLED
from aws_org_features.plugin import schema
from aws_org_features.plugin.resource import Imported, Kind

if TYPE_CHECKING:
    from aws_org_features.lifecycle.resource import Call

_ID: Final = re.compile(r"(o-[a-z0-9]{10,32})/(.+)")


def _imported(_call: Call, id_: str) -> Imported:
    match = _ID.fullmatch(id_)
    if match is None:
        raise ConfigurationError(
            f"{id_!r} isn't the id of a trusted service.", "It is imported by ORGANIZATION/PRINCIPAL."
        )
    return Imported(
        {"organization_id": match[1], "service_principal": match[2]},
        {},
        is_there=lambda found: bool(found["enabled"]),
    )


KIND: Final = Kind(
    token=schema.TRUSTED_SERVICE,
    lifecycle=TrustedServiceLifecycle,
    imported=_imported,
    computed=(GOAL,),
    goal=ENABLED,
    stable=("management_account_id",),
)
