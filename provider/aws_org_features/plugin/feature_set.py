"""`OrganizationFeatureSet`, natively."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common.errors import ConfigurationError
from aws_org_features.lifecycle.feature_set import FeatureSetLifecycle
from aws_org_features.lifecycle.inputs import GOAL_REACHED, organization_id_problems
from aws_org_features.lifecycle.resource import GOAL, STEPS
from aws_org_features.plugin import schema
from aws_org_features.plugin.resource import NO_CHANGE, Imported, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.lifecycle.resource import Call, Difference


def _imported(_call: Call, id_: str) -> Imported:
    for _, text in organization_id_problems({}, id_):
        raise ConfigurationError(text, "A feature set is imported by that id.")
    return Imported({"organization_id": id_})


def _ahead(call: Call, kept: Mapping[str, Any], wanted: Mapping[str, Any]) -> Difference:
    """Tell what the inputs say already. It asks AWS nothing: a read has looked."""
    if not KIND.is_settled(kept):
        from aws_org_features.lifecycle import announce_from_state

        announce_from_state.tell(call.log, kept, wanted)
        FeatureSetLifecycle(call).say_what_will_fail(wanted)
    return NO_CHANGE


KIND: Final = Kind(
    token=schema.FEATURE_SET,
    lifecycle=FeatureSetLifecycle,
    imported=_imported,
    computed=(GOAL, STEPS),
    goal=GOAL_REACHED,
    defaults=MappingProxyType({"finalize": True}),
    stable=("organization_arn", "management_account_id"),
    ahead=_ahead,
)
