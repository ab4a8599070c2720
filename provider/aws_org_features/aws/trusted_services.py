"""Services that the organization trusts, as the management account sees and changes them.

Changes are tried once: the caller looks again before the next try.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.aws.calls import Calls
from aws_org_features.aws.parse import account, service_principal
from aws_org_features.common import errors

if TYPE_CHECKING:
    from aws_org_features.model.organizations import AccountDetails


class ServiceAccess(Calls):
    """The calls that trusted services take."""

    def trusted(self) -> frozenset[str]:
        """The principals of the services that are trusted (`ListAWSServiceAccessForOrganization`).

        Raises:
            TrustedServiceRefusedError: The organization doesn't have all features.
        """
        listed = self._clients.organizations.list_aws_service_access_for_organization
        name = "EnabledServicePrincipals"
        pages = self._pages("ListAWSServiceAccessForOrganization", listed, name, service_principal)
        return frozenset(found for page in pages for found in page)

    def enable(self, principal: str) -> None:
        """Trust a service, in one try; one that is trusted already stays so.

        Raises:
            TrustedServiceUnknownError: AWS knows no such service.
        """
        self._once(
            "EnableAWSServiceAccess",
            principal,
            lambda: self._clients.writer.enable_aws_service_access(ServicePrincipal=principal),
        )

    def disable(self, principal: str) -> None:
        """Trust a service no longer, in one try; one that isn't trusted is no error.

        Raises:
            TrustedServiceInUseError: Something of the organization needs it.
            TrustedServiceUnknownError: AWS knows no such service.
        """
        self._once(
            "DisableAWSServiceAccess",
            principal,
            lambda: self._clients.writer.disable_aws_service_access(ServicePrincipal=principal),
        )

    def administrators(self, principal: str) -> tuple[AccountDetails, ...]:
        """The accounts that administer for a service (`ListDelegatedAdministrators`)."""
        listed = self._clients.organizations.list_delegated_administrators
        name = "DelegatedAdministrators"
        pages = self._pages("ListDelegatedAdministrators", listed, name, account, ServicePrincipal=principal)
        try:
            return tuple(found for page in pages for found in page)
        except errors.TrustedServiceUnknownError:
            return ()  # so AWS calls a service for which nobody can
