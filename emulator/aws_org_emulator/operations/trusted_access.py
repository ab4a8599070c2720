"""Operations of trusted access and delegated administrators."""

from aws_org_emulator.operations.base import Operations


class TrustedAccessOperations(Operations):
    """Services that the organization trusts, and who administers for them."""

    def list_aws_service_access_for_organization(self) -> str:
        """ListAWSServiceAccessForOrganization."""
        key = "EnabledServicePrincipals"
        return self._paged(key, self.organizations_backend.list_aws_service_access_for_organization()[key])

    def list_delegated_administrators(self) -> str:
        """ListDelegatedAdministrators."""
        key, principal = "DelegatedAdministrators", self._get_param("ServicePrincipal")
        asked = {} if principal is None else {"ServicePrincipal": principal}
        found = self.organizations_backend.list_delegated_administrators(**asked)
        return self._paged(key, found[key], self._as_shown)

    def list_delegated_services_for_account(self) -> str:
        """ListDelegatedServicesForAccount."""
        key, account_id = "DelegatedServices", self._get_param("AccountId")
        found = self.organizations_backend.list_delegated_services_for_account(AccountId=account_id)
        return self._paged(key, found[key])
