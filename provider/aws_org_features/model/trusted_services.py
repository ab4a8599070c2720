"""Services that an organization trusts, and one's way to being trusted."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aws_org_features.model.on_off import OnDestroy

if TYPE_CHECKING:
    from aws_org_features.model.organizations import Organization


class TrustedServiceStatus(enum.StrEnum):
    """Status of a service's trusted access."""

    WAITING_FOR_ALL_FEATURES = "WAITING_FOR_ALL_FEATURES"
    DISABLED = "DISABLED"
    ENABLED = "ENABLED"


@dataclass(frozen=True, slots=True)
class Declared:
    """The program's declaration.

    Attributes:
        organization_id: The only organization that is ever written to.
        service_principal: AWS's name of the service: `guardduty.amazonaws.com`.
        on_destroy: What happens to its trusted access when the resource is deleted.
    """

    organization_id: str
    service_principal: str
    on_destroy: OnDestroy = OnDestroy.REFUSE_IF_USED


@dataclass(frozen=True, slots=True)
class Seen:
    """AWS's answers.

    Attributes:
        organization: The organization that the credentials lead to.
        trusted: The principals of the services that it trusts; none without all features.
    """

    organization: Organization
    trusted: frozenset[str] = frozenset()

    def with_trust(self, service_principal: str) -> Seen:
        """The same, but that one service is trusted."""
        return replace(self, trusted=self.trusted | {service_principal})

    def without_trust(self, service_principal: str) -> Seen:
        """The same, but that one service isn't trusted."""
        return replace(self, trusted=self.trusted - {service_principal})
