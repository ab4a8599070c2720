"""`aws:organizations/delegatedAdministrator:DelegatedAdministrator`.

After Terraform's `delegated_administrator.go`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tests.fake_pulumi_aws.errors import Refused, telling
from tests.fake_pulumi_aws.resource_types.resource_type import ResourceType
from tests.fake_pulumi_aws.schema import Input, Schema, always

if TYPE_CHECKING:
    from tests.fake_pulumi_aws.connection import Aws
    from tests.fake_pulumi_aws.values import Values

_ACCOUNT: Final = re.compile(r"\d{12}")
_LONGEST: Final = 128
_PARTS: Final = 2
_SHOWN: Final = ("Arn", "Email", "JoinedMethod", "Name", "Status")


def _account_problem(account_id: str) -> str | None:
    if _ACCOUNT.fullmatch(account_id):
        return None
    return f"{account_id!r} doesn't look like AWS Account ID (exactly 12 digits)"


def _principal_problem(principal: str) -> str | None:
    if 1 <= len(principal) <= _LONGEST:
        return None
    return "expected length of service_principal to be in the range (1 - 128)"


class DelegatedAdministrator(ResourceType):
    """An account that administers for a service; its id is `ACCOUNT/PRINCIPAL`."""

    schema = Schema(
        "aws:organizations/delegatedAdministrator:DelegatedAdministrator",
        inputs={
            "accountId": Input(required=True, replaces=always, problem=_account_problem),
            "servicePrincipal": Input(required=True, replaces=always, problem=_principal_problem),
        },
        outputs=(
            "arn",
            "delegationEnabledDate",
            "email",
            "joinedMethod",
            "joinedTimestamp",
            "name",
            "status",
        ),
    )

    def create(self, aws: Aws, inputs: Values) -> str:
        """Register it."""
        account_id, principal = inputs["accountId"], inputs["servicePrincipal"]
        resource_id = f"{account_id}/{principal}"
        with telling(f"creating Organizations Delegated Administrator ({resource_id})"):
            aws.organizations.register_delegated_administrator(
                AccountId=account_id, ServicePrincipal=principal
            )
        return resource_id

    def read(self, aws: Aws, resource_id: str, known: Values) -> Values | None:  # noqa: ARG002
        """Look whether the account is among those that administer for the service."""
        account_id, principal = _parts(resource_id)
        listed = aws.organizations.get_paginator("list_delegated_administrators")
        with telling(f"reading Organizations Delegated Administrator ({resource_id})"):
            pages = listed.paginate(ServicePrincipal=principal)
            found = [each for page in pages for each in page["DelegatedAdministrators"]]
        shown = next((each for each in found if each["Id"] == account_id), None)
        if shown is None:
            return None
        return {"accountId": account_id, "servicePrincipal": principal, **_outputs(shown)}

    def update(self, aws: Aws, resource_id: str, state: Values, inputs: Values) -> None:
        """Nothing: every change makes another one."""

    def delete(self, aws: Aws, resource_id: str, state: Values) -> None:  # noqa: ARG002
        """Deregister it; one that isn't registered is an error, as with Terraform."""
        account_id, principal = _parts(resource_id)
        with telling(f"deleting Organizations Delegated Administrator ({resource_id})"):
            aws.organizations.deregister_delegated_administrator(
                AccountId=account_id, ServicePrincipal=principal
            )


def _outputs(shown: Any) -> Values:
    fields = {key[0].lower() + key[1:]: shown.get(key, "") for key in _SHOWN}
    return {
        **fields,
        "delegationEnabledDate": shown["DelegationEnabledDate"].isoformat(),
        "joinedTimestamp": shown["JoinedTimestamp"].isoformat(),
    }


def _parts(resource_id: str) -> list[str]:
    parts = resource_id.split("/")
    if len(parts) != _PARTS or not all(parts):
        raise Refused(f"unexpected format for ID ({resource_id}), expected ACCOUNTID/SERVICEPRINCIPAL")
    return parts
