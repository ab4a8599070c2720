"""`AllFeaturesGate`, natively."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from aws_org_features.common.errors import ImportUnsupportedError
from aws_org_features.lifecycle.gate import GateLifecycle
from aws_org_features.plugin import schema
from aws_org_features.plugin.resource import Kind

if TYPE_CHECKING:
    from aws_org_features.lifecycle.resource import Call


def _imported(_call: Call, id_: str) -> NoReturn:
    raise ImportUnsupportedError(
        f"The gate of {id_} can't be imported, for it stands for nothing in AWS.",
        "Declare it: where all features are enabled, creating it is all there is to do.",
    )


KIND: Final = Kind(
    token=schema.GATE,
    lifecycle=GateLifecycle,
    imported=_imported,
    settled=lambda _: True,
    quiet=("enabled", "status", "reason"),
)
