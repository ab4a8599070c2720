"""Trusted access of services, and the members that administer services, over moto's Organizations backend.

From the User Guide ("Using AWS Organizations with other AWS services") and botocore's model. Both need all
features, changing them as well as reading them. A call that is refused changes nothing.
"""

from datetime import UTC, datetime
from typing import Any

from moto.organizations.exceptions import (
    AccountAlreadyRegisteredException,
    AccountNotRegisteredException,
)
from moto.organizations.models import FakeAccount, FakeDelegatedAdministrator

from aws_org_emulator.organization.organizational_units import OrganizationalUnits
from aws_org_emulator.organization.service_principals import DELEGABLE, TRUSTED
from aws_org_emulator.protocol.exceptions import (
    ManagementAsDelegateError,
    NotInAllFeaturesModeError,
    ServiceAccessNotEnabledError,
    SuspendedDelegateError,
)
from aws_org_emulator.protocol.invalid_input import UnrecognizedServicePrincipalError
from aws_org_emulator.state.accounts import INACTIVE


class DelegatedAdministrator(FakeDelegatedAdministrator):
    """A member that administers services, and since when, by the organization's clock."""

    def __init__(self, account: FakeAccount, at: datetime) -> None:
        self.account = account
        self.enabled_date = at
        self.services: dict[str, dict[str, Any]] = {}


class TrustedAccess(OrganizationalUnits):
    """moto's backend with AWS's rules of trust and delegation."""

    def enable_aws_service_access(self, **kwargs: str) -> None:
        """EnableAWSServiceAccess; of a service that is trusted already, it changes nothing.

        Raises:
            NotInAllFeaturesModeError: the organization has consolidated billing alone.
            UnrecognizedServicePrincipalError: it is no service that can be trusted.
        """
        self._check_all_features()
        principal = _known(kwargs["ServicePrincipal"], TRUSTED)
        if principal not in self.trusted():
            self.services.append({"ServicePrincipal": principal, "DateEnabled": self._seconds()})

    def disable_aws_service_access(self, **kwargs: str) -> None:
        """DisableAWSServiceAccess; who administers for the service stays registered.

        Raises:
            NotInAllFeaturesModeError: the organization has consolidated billing alone.
            UnrecognizedServicePrincipalError: it is no service that can be trusted.
        """
        self._check_all_features()
        principal = _known(kwargs["ServicePrincipal"], TRUSTED)
        self.services = [each for each in self.services if each["ServicePrincipal"] != principal]

    def list_aws_service_access_for_organization(self) -> dict[str, Any]:
        """ListAWSServiceAccessForOrganization.

        Raises:
            NotInAllFeaturesModeError: the organization has consolidated billing alone.
        """
        self._check_all_features()
        return {"EnabledServicePrincipals": list(self.services)}

    def register_delegated_administrator(self, **kwargs: str) -> None:
        """RegisterDelegatedAdministrator.

        Raises:
            NotInAllFeaturesModeError: the organization has consolidated billing alone.
            UnrecognizedServicePrincipalError: nobody can administer for it.
            ManagementAsDelegateError: it is the management account.
            AccountNotFoundException: it is no member.
            SuspendedDelegateError: the account is suspended or closed.
            ServiceAccessNotEnabledError: the service isn't trusted.
            AccountAlreadyRegisteredException: it is registered for the service.
        """
        self._check_all_features()
        principal, account_id = _known(kwargs["ServicePrincipal"], DELEGABLE), kwargs["AccountId"]
        if account_id == self.account_id:
            raise ManagementAsDelegateError
        account = self.get_account_by_id(account_id)
        if self.shared.accounts.state(account_id) in INACTIVE:
            raise SuspendedDelegateError
        if principal not in self.trusted():
            raise ServiceAccessNotEnabledError
        delegate = self._delegate(account_id)
        if delegate is None:
            delegate = DelegatedAdministrator(account, self._now())
            self.admins.append(delegate)
        if principal in delegate.services:
            raise AccountAlreadyRegisteredException
        delegate.services[principal] = {
            "ServicePrincipal": principal,
            "DelegationEnabledDate": self._seconds(),
        }

    def deregister_delegated_administrator(self, **kwargs: str) -> None:
        """DeregisterDelegatedAdministrator.

        Raises:
            NotInAllFeaturesModeError: the organization has consolidated billing alone.
            UnrecognizedServicePrincipalError: nobody can administer for it.
            ManagementAsDelegateError: it is the management account.
            AccountNotFoundException: it is no member.
            AccountNotRegisteredException: it isn't registered for the service.
        """
        self._check_all_features()
        principal, account_id = _known(kwargs["ServicePrincipal"], DELEGABLE), kwargs["AccountId"]
        if account_id == self.account_id:
            raise ManagementAsDelegateError
        self.get_account_by_id(account_id)
        delegate = self._delegate(account_id)
        if delegate is None or principal not in delegate.services:
            raise AccountNotRegisteredException
        del delegate.services[principal]
        if not delegate.services:
            self.admins.remove(delegate)

    def list_delegated_administrators(self, **kwargs: str) -> dict[str, Any]:
        """ListDelegatedAdministrators.

        Raises:
            NotInAllFeaturesModeError: the organization has consolidated billing alone.
            UnrecognizedServicePrincipalError: nobody can administer for it.
        """
        self._check_all_features()
        principal = kwargs.get("ServicePrincipal")
        if principal is not None:
            _known(principal, DELEGABLE)
        found = [each for each in self.admins if principal is None or principal in each.services]
        return {"DelegatedAdministrators": [each.describe() for each in found]}

    def list_delegated_services_for_account(self, **kwargs: str) -> dict[str, Any]:
        """ListDelegatedServicesForAccount.

        Raises:
            NotInAllFeaturesModeError: the organization has consolidated billing alone.
            AccountNotFoundException: it is no member.
            AccountNotRegisteredException: it administers for none.
        """
        self._check_all_features()
        self.get_account_by_id(kwargs["AccountId"])
        delegate = self._delegate(kwargs["AccountId"])
        if delegate is None:
            raise AccountNotRegisteredException
        return {"DelegatedServices": list(delegate.services.values())}

    def is_delegated_administrator(self, account_id: str) -> bool:
        """Return whether a member administers some service for this organization, which needs ALL."""
        return self._delegate(account_id) is not None and self.has_all_features

    def trusted(self) -> set[str]:
        """The services that are trusted."""
        return {service["ServicePrincipal"] for service in self.services}

    @property
    def has_all_features(self) -> bool:
        """Return whether the organization's feature set is ALL."""
        return self.org is not None and self.org.feature_set == "ALL"

    def _check_all_features(self) -> None:
        if not self.has_all_features:
            raise NotInAllFeaturesModeError

    def _delegate(self, account_id: str) -> FakeDelegatedAdministrator | None:
        return next((each for each in self.admins if each.account.id == account_id), None)

    def _now(self) -> datetime:
        return self.shared.clock.now().replace(tzinfo=None)  # moto's times are naive, in UTC

    def _seconds(self) -> float:
        return self._now().replace(tzinfo=UTC).timestamp()


def _known(principal: str, principals: frozenset[str]) -> str:
    if principal not in principals:
        raise UnrecognizedServicePrincipalError
    return principal
