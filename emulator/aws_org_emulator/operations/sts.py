"""AssumeRole as AWS has it: only into a role that exists, trusts the caller and is the caller's to assume.

moto lets anybody assume anything. All other operations of STS are moto's.
"""

import re
from datetime import timedelta
from typing import ClassVar

from moto.core.responses import ActionResult
from moto.iam.exceptions import NotFoundException
from moto.organizations.models import organizations_backends
from moto.sts.responses import TokenResponse
from werkzeug.exceptions import HTTPException

from aws_org_emulator.operations.caller_permissions import Permissions
from aws_org_emulator.organization import root_access
from aws_org_emulator.organization.organization import Organizations
from aws_org_emulator.protocol.errors import query_error
from aws_org_emulator.state.accounts import INACTIVE, credentials_of
from aws_org_emulator.state.shared import SharedState

_ROLE_ARN = re.compile(r"arn:[^:]+:iam::(\d{12}):role/.+")


class AssumeRoleDeniedError(HTTPException):
    """AWS's answer where the role doesn't exist and where it doesn't trust the caller alike.

    An HTTPException because STS's model doesn't know the code, so moto couldn't render it.
    """

    code = 403

    def __init__(self, caller_arn: str, role_arn: str, action: str = "sts:AssumeRole") -> None:
        message = f"User: {caller_arn} is not authorized to perform: {action} on resource: {role_arn}"
        super().__init__(query_error("AccessDenied", message, self.code))

    def get_headers(self, *_: object) -> list[tuple[str, str]]:
        """The headers that go with `description`."""
        return [("Content-Type", "text/xml")]


class StsResponses(TokenResponse):
    """moto's STS for one request; `shared` is set by the subclass that an emulator serves."""

    shared: ClassVar[SharedState]

    def assume_role(self) -> ActionResult:
        """AssumeRole.

        Raises:
            AssumeRoleDeniedError: the role doesn't exist or doesn't trust the caller, its account is
                suspended or closed, or the caller's own policies don't allow it.
        """
        role_arn: str = self._get_param("RoleArn")
        _, caller_arn, _ = self.backend.get_caller_identity(self.get_access_key(), self.region)
        with self.shared.locked_now():
            policy = self._trust_policy(role_arn)
            if policy is None or not self._is_trusted(policy, role_arn):
                raise AssumeRoleDeniedError(caller_arn, role_arn)
            return super().assume_role()

    def assume_root(self) -> ActionResult:
        """AssumeRoot: credentials of the account's administrator, which its task doesn't restrict.

        Raises:
            ValidationError: the principal is no account's root, or the task no policy for that.
            AssumeRoleDeniedError: the caller may not, by its own policies or its place in the organization.
        """
        task = self._get_param("TaskPolicyArn") or {}
        account_id = root_access.target_of(self._get_param("TargetPrincipal"), str(task.get("arn")))
        _, caller_arn, _ = self.backend.get_caller_identity(self.get_access_key(), self.region)
        with self.shared.locked_now():
            backend = organizations_backends[self.current_account][self.partition]
            assert isinstance(backend, Organizations)  # noqa: S101 - an emulator installs no other
            allowed = Permissions(self.shared).may_assume_root(self.get_access_key(), account_id)
            if not allowed or not root_access.may_assume(backend, account_id):
                target = f"arn:{self.partition}:iam::{account_id}:root"
                raise AssumeRoleDeniedError(caller_arn, target, "sts:AssumeRoot")
            ends_at = self.shared.clock.now() + timedelta(
                seconds=int(self._get_param("DurationSeconds") or 900)
            )
        credentials = credentials_of(account_id)
        return ActionResult(
            {
                "Credentials": {
                    "AccessKeyId": credentials.access_key_id,
                    "SecretAccessKey": credentials.secret_access_key,
                    "SessionToken": "emulated",
                    "Expiration": ends_at,
                }
            }
        )

    def _is_trusted(self, policy: str, role_arn: str) -> bool:
        call = {name: self._get_param(name) for name in ("ExternalId", "RoleSessionName")}
        return Permissions(self.shared).may_assume(self.get_access_key(), role_arn, policy, call)

    def _trust_policy(self, role_arn: str) -> str | None:
        match = _ROLE_ARN.fullmatch(role_arn)
        if match is None or match[1] not in self.shared.accounts:
            return None
        if self.shared.accounts.state(match[1]) in INACTIVE:
            return None
        try:
            role = self.shared.accounts.iam(match[1]).get_role_by_arn(role_arn)
        except NotFoundException:
            return None
        return str(role.assume_role_policy_document)
