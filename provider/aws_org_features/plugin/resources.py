"""The table of resources: a row each. Those that a run doesn't have aren't loaded."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.plugin import schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.plugin.resource import Resource

MODULES: Final[Mapping[str, str]] = {
    schema.FEATURE_SET: "feature_set",
    schema.GATE: "gate",
    schema.APPROVAL: "approval",
    schema.POLICY_TYPE: "policy_type",
    schema.TRUSTED_SERVICE: "trusted_service",
}
"""The module of each that has its `KIND`, by its token."""

COMPONENTS: Final[Mapping[str, str]] = {
    schema.ORGANIZATION: "all_features_organization",
}
"""The module of each component, which makes it, by its token."""


def begin(token: str) -> Resource:
    """All resources of a kind, for one run of the engine.

    Raises:
        KeyError: There is none of this token.
    """
    from aws_org_features.plugin.resource import Resource

    return Resource(importlib.import_module(f"{__package__}.{MODULES[token]}").KIND)


def component(token: str) -> Any:
    """The module that makes a component: `problem` says what is wrong with its inputs, `make` makes it.

    Raises:
        KeyError: There is none of this token.
    """
    return importlib.import_module(f"{__package__}.{COMPONENTS[token]}")
