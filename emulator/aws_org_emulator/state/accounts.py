"""The accounts that the emulator knows, and what stands for them in moto's IAM.

Whose credentials are whose, the role that a management account assumes in a created account, and
AWSServiceRoleForOrganizations. Membership of an organization isn't kept here.

An account's IAM is only made when somebody first looks into it: moto's table of backends costs a
step for each account that has one, at every look, so 50,000 of them would take minutes to start.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Self

from moto.iam.models import AWSManagedPolicy, IAMBackend, Role, iam_backends
from moto.organizations.models import FakeAccount, FakeOrganization

from aws_org_emulator.scenario.scenario import Member, email_of

SECRET = "emulated"  # noqa: S105 - the same for everyone; signatures aren't checked
KEY_PREFIX = "EMULATOR"
_USER = "emulator"
_SERVICE = "organizations.amazonaws.com"
_SERVICE_ROLE_PATH = f"/aws-service-role/{_SERVICE}/"
ADMINISTRATOR = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)
"""Text of AWS's AdministratorAccess."""
_SERVICE_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "iam:DeleteRole",
                "Resource": f"arn:aws:iam::*:role{_SERVICE_ROLE_PATH}*",
            },
            {"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*"},
        ],
    }
)
"""Permissions of the service-linked role."""


AccountState = Literal["PENDING_ACTIVATION", "ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"]
"""botocore's `AccountState`."""
INACTIVE: frozenset[AccountState] = frozenset({"SUSPENDED", "CLOSED"})
"""Accounts in these states can't call anything: User Guide, account states."""
_STATUS: Mapping[AccountState, str] = {
    "PENDING_ACTIVATION": "SUSPENDED",
    "ACTIVE": "ACTIVE",
    "SUSPENDED": "SUSPENDED",
    "PENDING_CLOSURE": "PENDING_CLOSURE",
    "CLOSED": "SUSPENDED",
}
"""The older `AccountStatus`: of CLOSED it knows no more than SUSPENDED (CloseAccount)."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Long-term credentials of an administrator in one account."""

    access_key_id: str
    secret_access_key: str = SECRET


def credentials_of(account_id: str) -> Credentials:
    """The credentials that act as an account: the same in every emulator."""
    return Credentials(f"{KEY_PREFIX}{account_id}")


@dataclass(frozen=True, slots=True)
class _AccessRole:
    """A role that the management account may assume."""

    trust: dict[str, Any]
    policy: str | None
    """Its permissions; None means everything, by AWS's own policy for that."""

    def create(self, iam: IAMBackend, name: str) -> None:
        """Make it, unless there is one of this name."""
        if not any(role.name == name for role in iam.roles.values()):
            role = _create_role(iam, name, "/", self.trust)
            if self.policy is None:
                _attach(iam, role, "AdministratorAccess", "/", ADMINISTRATOR)
            else:
                role.put_policy("Access", self.policy)


@dataclass(slots=True)
class _Planned:
    """Contents of an account's IAM, created once somebody looks into it."""

    service_linked_role: bool = False
    access_roles: dict[str, _AccessRole] = field(default_factory=dict)
    """By their names."""


class Accounts:
    """All accounts, in an organization or not."""

    def __init__(self, partition: str = "aws") -> None:
        self._known: dict[str, None] = {}  # a set that keeps its order
        self._planned: dict[str, _Planned] = {}
        self._states: dict[str, AccountState] = {}  # of those that aren't ACTIVE
        self._emails: dict[str, str] = {}  # of those whose address doesn't follow from their id
        self._partition = partition

    def __contains__(self, account_id: object) -> bool:
        return account_id in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def add(self, account_id: str) -> None:
        """Let an account exist, so that its credentials are accepted."""
        self._known[account_id] = None

    def state(self, account_id: str) -> AccountState:
        """An account's state, which it keeps when it changes organizations."""
        return self._states.get(account_id, "ACTIVE")

    def set_state(self, account_id: str, state: AccountState) -> None:
        """Let an account be in a state."""
        if state == "ACTIVE":
            self._states.pop(account_id, None)
        else:
            self._states[account_id] = state

    def states(self) -> dict[str, AccountState]:
        """The states of all accounts that aren't ACTIVE."""
        return dict(self._states)

    @classmethod
    def of_states(cls, states: dict[str, AccountState]) -> Self:
        """Accounts of which only the states are known."""
        accounts = cls()
        accounts._states = states
        return accounts

    def email(self, account_id: str) -> str:
        """The address of an account's root user, by which it can be invited."""
        return self._emails.get(account_id) or email_of(account_id)

    def set_email(self, account_id: str, email: str) -> None:
        """Let an account's root user have an address."""
        self._emails[account_id] = email

    def with_email(self, email: str) -> str | None:
        """The id of the account with this address, in upper or lower case, or None."""
        wanted = email.lower()
        return next((known for known in self._known if self.email(known).lower() == wanted), None)

    def resolve(self, access_key_id: str) -> str | None:
        """Find the account of an access key; None if it is nobody's.

        Keys are those of `credentials_of`, of sessions that AssumeRole made, and of users that
        were made through IAM.
        """
        account_id = access_key_id.removeprefix(KEY_PREFIX)
        if access_key_id.startswith(KEY_PREFIX) and account_id in self._known:
            self._register_key(account_id, access_key_id)
            return account_id
        for owner, partitions in list(iam_backends.items()):
            if any(access_key_id in iam.access_keys for iam in list(partitions.values())):
                return owner
        return None

    def add_access_role(self, member: Member, management_id: str) -> None:
        """Make the role in a member that the management account may assume, if it has one."""
        name = member.assumable_role
        if name is None:
            return
        statement: dict[str, Any] = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{self._partition}:iam::{management_id}:root"},
            "Action": "sts:AssumeRole",
        }
        if member.external_id is not None:
            statement["Condition"] = {"StringEquals": {"sts:ExternalId": member.external_id}}
        role = _AccessRole(statement, member.access_policy)
        planned = self._plan(member.id)
        if planned is not None:
            planned.access_roles.setdefault(name, role)
        else:
            role.create(self.iam(member.id), name)

    def has_service_linked_role(self, account_id: str) -> bool:
        """Return whether an account has the role by which Organizations works in it."""
        planned = self._plan(account_id)
        if planned is not None:
            return planned.service_linked_role
        roles = self.iam(account_id).roles.values()
        return any(role.path == _SERVICE_ROLE_PATH for role in roles)

    def add_service_linked_role(self, account_id: str) -> None:
        """Make that role, if it isn't there: joining and approving do so in AWS."""
        planned = self._plan(account_id)
        if planned is not None:
            planned.service_linked_role = True
        elif not self.has_service_linked_role(account_id):
            _create_service_linked_role(self.iam(account_id))

    def iam(self, account_id: str) -> IAMBackend:
        """An account's IAM, with all that it is to hold."""
        backend = iam_backends[account_id][self._partition]
        planned = self._planned.pop(account_id, None)
        if planned is not None:
            for name, role in planned.access_roles.items():
                role.create(backend, name)
            if planned.service_linked_role:
                _create_service_linked_role(backend)
        return backend

    def _plan(self, account_id: str) -> _Planned | None:
        """Contents of an account's IAM before it exists, or None once it does."""
        if account_id in iam_backends and account_id not in self._planned:
            return None
        return self._planned.setdefault(account_id, _Planned())

    def _register_key(self, account_id: str, access_key_id: str) -> None:
        iam = self.iam(account_id)
        if access_key_id in iam.access_keys:
            return
        user = iam.create_user("us-east-1", _USER)
        user.put_policy("AdministratorAccess", ADMINISTRATOR)
        key = iam.create_access_key(_USER)
        del iam.access_keys[key.access_key_id]
        key.access_key_id = access_key_id
        key.secret_access_key = SECRET
        iam.access_keys[access_key_id] = key


class MemberAccount(FakeAccount):
    """moto's account, with a given id, way of joining and time, and without moto's role.

    moto's constructor draws the id at random and makes a role in the IAM of that id, so this
    one stands in for it.
    """

    def __init__(
        self, organization: FakeOrganization, member: Member, joined_at: datetime, accounts: Accounts
    ) -> None:
        self._accounts = accounts
        self.has_payment_method = member.payment_method
        self.type = "ACCOUNT"
        self.region = organization.region
        self.organization_id = organization.id
        self.master_account_id = organization.master_account_id
        self.create_account_status_id = f"car-{member.id}"
        self.id = member.id
        self.name = member.display_name
        self.email = accounts.email(member.id)
        self.create_time = joined_at
        self.status = self.state = "ACTIVE"  # `describe` says what they are now
        self.joined_method = member.joined
        self.parent_id = organization.root_id
        self.attached_policies = []
        self.tags = {}

    def describe(self) -> dict[str, Any]:
        """The account in the shape of botocore's `Account`."""
        state = self._accounts.state(self.id)
        return {**super().describe(), "State": state, "Status": _STATUS[state]}


def _create_service_linked_role(iam: IAMBackend) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": _SERVICE},
        "Action": "sts:AssumeRole",
    }
    about = (
        "Service-linked role used by AWS Organizations to enable integration of other AWS services with "
        "Organizations."
    )
    role = _create_role(iam, "AWSServiceRoleForOrganizations", _SERVICE_ROLE_PATH, statement, about)
    _attach(iam, role, "AWSOrganizationsServiceTrustPolicy", "/aws-service-role/", _SERVICE_TRUST)


def _attach(iam: IAMBackend, role: Role, name: str, path: str, document: str) -> None:
    """Attach a policy of AWS's, which moto has none of unless it loads them all."""
    now = role.create_date
    policy = AWSManagedPolicy(  # type: ignore[abstract]  # by what CloudFormation would do with it
        name,
        account_id=iam.account_id,
        region=iam.region_name,
        default_version_id="v1",
        path=path,
        document=document,
        create_date=now,
        update_date=now,
    )
    iam.managed_policies.setdefault(policy.arn, policy).attach_to(role)


def _create_role(iam: IAMBackend, name: str, path: str, statement: dict[str, Any], about: str = "") -> Role:
    return iam.create_role(
        role_name=name,
        assume_role_policy_document=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        path=path,
        permissions_boundary=None,
        description=about,
        tags=[],
        max_session_duration="3600",
    )
