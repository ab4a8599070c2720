"""Looking at what an organization trusts: the organization first, then its services. Never writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.aws import caller
from aws_org_features.model.trusted_services import Declared, Seen

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from aws_org_features.aws import ServiceAccess
    from aws_org_features.model.organizations import Organization


def observe(api: ServiceAccess, declared: Declared, organization: Organization | None = None) -> Seen:
    """Look at the services that the organization trusts. Without all features AWS has no answer to that.

    Args:
        api: The calls, with the connection's credentials.
        declared: The organization that they must lead to.
        organization: The organization, where this run knows already that it has all features: they stay.

    Raises:
        AccountNotAllowedError: The configuration rules the account out.
        OrganizationMismatchError: The credentials lead elsewhere.
        NoOrganizationError: They lead to no organization.
        NotManagementAccountError: They belong to another account of it, which isn't shown the services.
    """
    if organization is None:
        organization = caller.declared_organization(api, declared.organization_id)
    if not organization.has_all_features:
        return Seen(organization)
    with as_whom(api, organization):
        return Seen(organization, api.trusted())


def as_whom(api: ServiceAccess, organization: Organization) -> AbstractContextManager[None]:
    """Distinguish a missing permission from a wrong account, which AWS answers alike."""
    return caller.as_whom(
        api,
        organization,
        f"which services organization {organization.id} trusts is its management account's affair "
        f"({organization.management_account_id})",
    )
