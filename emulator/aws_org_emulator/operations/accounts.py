"""Operations of accounts, roots and organizational units."""

import json
from typing import Any

from moto.organizations.models import FakeAccount

from aws_org_emulator.operations.base import Operations
from aws_org_emulator.organization.organization import Organizations


class AccountOperations(Operations):
    """Accounts, and the tree that they are in."""

    def list_roots(self) -> str:
        """ListRoots."""
        roots = self.organizations_backend.list_roots()
        answer = self._paged("Roots", roots["Roots"])
        # An empty page has shown nothing yet.
        self._live_backend().end_changes_once_listed(json.loads(answer)["Roots"])
        return answer

    def list_accounts(self) -> str:
        """ListAccounts."""
        backend = self.organizations_backend
        return self._paged("Accounts", backend.accounts, lambda each: self._shown(backend, each))

    def list_accounts_for_parent(self) -> str:
        """ListAccountsForParent."""
        backend = self.organizations_backend
        accounts = backend.accounts_of(self._get_param("ParentId"))
        return self._paged("Accounts", accounts, lambda each: self._shown(backend, each))

    def describe_account(self) -> str:
        """DescribeAccount."""
        backend = self.organizations_backend
        account = backend.get_account_by_id(self._get_param("AccountId"))
        return json.dumps({"Account": self._shown(backend, account)})

    def create_gov_cloud_account(self) -> str:
        """CreateGovCloudAccount."""
        return json.dumps(self.organizations_backend.create_gov_cloud_account(**self.request_params))

    def list_create_account_status(self) -> str:
        """ListCreateAccountStatus."""
        statuses = self.organizations_backend.creation_statuses(self._get_param("States"))
        return self._paged("CreateAccountStatuses", statuses)

    def list_organizational_units_for_parent(self) -> str:
        """ListOrganizationalUnitsForParent."""
        units = self.organizations_backend.units_of(self._get_param("ParentId"))
        return self._paged("OrganizationalUnits", units)

    def list_children(self) -> str:
        """ListChildren."""
        backend, kind = self.organizations_backend, self._get_param("ChildType")
        return self._paged("Children", backend.children_of(self._get_param("ParentId"), kind))

    def list_parents(self) -> str:
        """ListParents."""
        return self._paged("Parents", self.organizations_backend.parents_of(self._get_param("ChildId")))

    def list_tags_for_resource(self) -> str:
        """ListTagsForResource."""
        resource_id = self._get_param("ResourceId")
        tags = self.organizations_backend.list_tags_for_resource(ResourceId=resource_id)
        return self._paged("Tags", tags["Tags"])

    def _shown(self, backend: Organizations, account: FakeAccount) -> dict[str, Any]:
        """An account in the shape of botocore's `Account`, as far as it is shown."""
        return self._as_shown({**account.describe(), "Paths": [backend.path(account)]})
