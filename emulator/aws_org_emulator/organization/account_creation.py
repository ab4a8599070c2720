"""CreateAccount, and how far each request got, over moto's Organizations backend.

From botocore's model and from what AWS was seen to answer: the request is in progress first, and a look at it
a moment later shows what became of it. Here that is known at once.
"""

import secrets
from typing import Any

from moto.organizations.models import FakeAccount

from aws_org_emulator.organization.resource_policies import ResourcePolicies
from aws_org_emulator.protocol.exceptions import CreateAccountStatusNotFoundError
from aws_org_emulator.protocol.invalid_input import InvalidRoleNameError
from aws_org_emulator.scenario.scenario import Member

_RESERVED = "AWSServiceRoleFor"
_FIRST_IN_GOVCLOUD = 666666666666
_UNTIL_DONE = ("Id", "AccountName", "State", "RequestedTimestamp")
"""Fields that are shown of a request in progress."""


class AccountCreation(ResourcePolicies):
    """moto's backend, in which accounts are made as AWS makes them."""

    def _reset(self) -> None:
        super()._reset()
        self._other_requests: list[dict[str, Any]] = []
        """Requests to make an account that failed, or made a pair with one of AWS GovCloud (US)."""

    def add_member(self, member: Member) -> FakeAccount:
        """Make an account that exists a member of this organization."""
        raise NotImplementedError(member)

    def create_account(self, **kwargs: Any) -> dict[str, Any]:
        """CreateAccount.

        Returns:
            botocore's `CreateAccountResponse`, of a request in progress.

        Raises:
            InvalidRoleNameError: the role would have a name that AWS keeps for its own.
        """
        return _in_progress(self._create(kwargs))

    def create_gov_cloud_account(self, **kwargs: Any) -> dict[str, Any]:
        """CreateGovCloudAccount: as CreateAccount; of the account in AWS GovCloud (US) there is but an id.

        Raises:
            InvalidRoleNameError: the role would have a name that AWS keeps for its own.
        """
        status = self._create(kwargs)
        if "AccountId" in status:
            number = sum("GovCloudAccountId" in each for each in self._other_requests)
            status = {**status, "GovCloudAccountId": str(_FIRST_IN_GOVCLOUD + number)}
            self._other_requests.append(status)
        return _in_progress(status)

    def describe_create_account_status(self, **kwargs: Any) -> dict[str, Any]:
        """DescribeCreateAccountStatus.

        Raises:
            CreateAccountStatusNotFoundError: there was no such request.
        """
        found = [
            each for each in self.creation_statuses(None) if each["Id"] == kwargs["CreateAccountRequestId"]
        ]
        if not found:
            raise CreateAccountStatusNotFoundError
        return {"CreateAccountStatus": found[0]}

    def creation_statuses(self, states: list[str] | None) -> list[dict[str, Any]]:
        """ListCreateAccountStatus: in any of some states, or in any at all."""
        others = {each["Id"]: each for each in self._other_requests}
        made = (
            account.create_account_status["CreateAccountStatus"]
            for account in self.accounts
            if account.joined_method == "CREATED"
        )
        found = {each["Id"]: each for each in made} | others
        return [each for each in found.values() if not states or each["State"] in states]

    def _create(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Make an account, unless another has its address: what became of the request."""
        if str(asked.get("RoleName") or "").startswith(_RESERVED):
            raise InvalidRoleNameError
        if self.shared.accounts.with_email(asked["Email"]) is not None:
            return self._refused(asked["AccountName"], "EMAIL_ALREADY_EXISTS")
        member = Member(
            self.shared.new_created(),
            joined="CREATED",
            name=asked["AccountName"],
            access_role=asked.get("RoleName"),
            email=asked["Email"],
        )
        account = self.add_member(member)
        account.tags = {tag["Key"]: tag["Value"] for tag in asked.get("Tags") or ()}
        made: dict[str, Any] = account.create_account_status["CreateAccountStatus"]
        return made

    def _refused(self, name: str, reason: str) -> dict[str, Any]:
        now = self._seconds()
        status = {
            "Id": f"car-{secrets.token_hex(16)}",
            "AccountName": name,
            "State": "FAILED",
            "RequestedTimestamp": now,
            "CompletedTimestamp": now,
            "FailureReason": reason,
        }
        self._other_requests.append(status)
        return status


def _in_progress(status: dict[str, Any]) -> dict[str, Any]:
    shown = {**status, "State": "IN_PROGRESS"}
    return {"CreateAccountStatus": {name: shown[name] for name in _UNTIL_DONE}}
