"""Status of one service's trusted access, the step that takes it further, and what a destroy may undo. Pure.

A service can only be trusted once the organization has all features. AWS enables and disables trusted access
at once; what the service then makes in the accounts, or leaves there, is the service's own affair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.model.on_off import OnDestroy, Removal, Step
from aws_org_features.model.trusted_services import TrustedServiceStatus

if TYPE_CHECKING:
    from aws_org_features.model.organizations import AccountDetails
    from aws_org_features.model.trusted_services import Seen


def status_of(service_principal: str, seen: Seen) -> TrustedServiceStatus:
    """Say where trusted access of a service stands."""
    if service_principal in seen.trusted:
        return TrustedServiceStatus.ENABLED
    if not seen.organization.has_all_features:
        return TrustedServiceStatus.WAITING_FOR_ALL_FEATURES
    return TrustedServiceStatus.DISABLED


def next_step(service_principal: str, seen: Seen) -> Step:
    """Decide how to get a service trusted."""
    status = status_of(service_principal, seen)
    return Step.ENABLE if status is TrustedServiceStatus.DISABLED else Step.NONE


def next_removal(
    service_principal: str,
    on_destroy: OnDestroy,
    seen: Seen,
    administrators: tuple[AccountDetails, ...] | None,
) -> Removal:
    """Decide how to end the trust in a service that this resource began.

    Args:
        service_principal: The service.
        on_destroy: What the program declared, which isn't to leave it.
        seen: What AWS shows.
        administrators: The accounts that administer for it; None if they weren't asked for.
    """
    if status_of(service_principal, seen) is not TrustedServiceStatus.ENABLED:
        return Removal(Step.NONE, "it isn't trusted any more")
    if on_destroy is OnDestroy.REFUSE_IF_USED and administrators:
        return Removal(Step.REFUSE, "accounts administer for it")
    return Removal(Step.DISABLE, "this resource enabled it")
