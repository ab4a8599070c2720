"""An organization as it is when its emulator starts. Values only.

Ids are readable and don't depend on how many other accounts there are: invited members are
222222222222, 222222222223, ...; created ones 333333333333, ... The management account's id is left out.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Literal

from aws_org_emulator.scenario.policy_types import check_names, known_types
from aws_org_emulator.scenario.switches import Switches, by_todays_names

_ORGANIZATION_ID = re.compile(r"o-[a-z0-9]{10,32}")
_ACCOUNT_ID = re.compile(r"\d{12}")
FIRST_INVITED = 222222222222
FIRST_CREATED = 333333333333
FIRST_STANDALONE = 444444444444
FIRST_CREATED_LATER = 555555555555

MOST_MEMBERS = 50_000
"""So many members an organization can have, besides the management account."""

ACCESS_ROLE = "OrganizationAccountAccessRole"
"""The role that CreateAccount makes in a new account for the management account."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member account.

    Attributes:
        id: 12 digits.
        joined: how it became a member: botocore's `AccountJoinedMethod`.
        service_linked_role: whether it has AWSServiceRoleForOrganizations.
        access_role: the role that the management account can assume in it; None means
            OrganizationAccountAccessRole in a created account and no role in an invited one.
        external_id: what assuming that role requires as ExternalId, if anything.
        access_policy: what that role may do, where policies decide (`Switches.iam_enforcement`): an IAM
            policy, JSON. None means everything, as AWS gives OrganizationAccountAccessRole.
        name: the account's name; derived from the id by default.
        state: botocore's `AccountState`.
        payment_method: whether it has one of its own, without which it can't leave.
        email: the address of its root user; derived from the id by default.
    """

    id: str
    joined: Literal["INVITED", "CREATED"] = "INVITED"
    service_linked_role: bool = True
    access_role: str | None = None
    external_id: str | None = None
    access_policy: str | None = None
    name: str | None = None
    state: Literal["PENDING_ACTIVATION", "ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"] = "ACTIVE"
    payment_method: bool = True
    email: str | None = None

    def __post_init__(self) -> None:
        check_account_id(self.id)
        if self.access_policy is not None:
            _check_policy(self.access_policy)

    @property
    def assumable_role(self) -> str | None:
        """The name of the role that the management account can assume, if there is one."""
        if self.access_role is None and self.joined == "CREATED":
            return ACCESS_ROLE
        return self.access_role or None

    @property
    def display_name(self) -> str:
        """The account's name."""
        return self.name or f"{self.joined.lower()}-{self.id}"

    @property
    def address(self) -> str:
        """The address of its root user."""
        return self.email or email_of(self.id)


def check_account_id(account_id: str) -> None:
    """See to it that an id is one of an account.

    Raises:
        ValueError: it isn't.
    """
    if not _ACCOUNT_ID.fullmatch(account_id):
        raise ValueError(f"{account_id!r} is no account id: that has 12 digits")


def _check_policy(text: str) -> None:
    try:
        policy = json.loads(text)
    except ValueError as error:
        raise ValueError(f"access_policy is no JSON: {error}") from error
    if not isinstance(policy, dict) or "Statement" not in policy:
        raise ValueError("access_policy is no IAM policy: it has no Statement")


def email_of(account_id: str) -> str:
    """The email address of an account's root user, in a domain that nobody can own."""
    return f"aws-{account_id}@example.com"


@dataclass(frozen=True, slots=True)
class Scenario:
    """An organization to begin with.

    Attributes:
        invited: how many invited members it has.
        created: how many created members it has.
        organization_id: `o-` and 10 to 32 lowercase letters or digits.
        management_id: the management account, 12 digits.
        management_email: the address of its root user,
        management_name: and its name.
        feature_set: CONSOLIDATED_BILLING, ALL, or None for no organization at all.
        switches: which of AWS's possible behaviors to emulate.
        start: where the clock stands, with a time zone, to move only when told; None follows
            the machine's clock.
        members: members besides those counted by `invited` and `created`.
        policy_types: which policy types it, or its partition, offers; None means all that the installed
            botocore knows.
    """

    invited: int = 3
    created: int = 2
    organization_id: str = "o-exampleorg1"
    management_id: str = "111111111111"
    feature_set: Literal["CONSOLIDATED_BILLING", "ALL"] | None = "CONSOLIDATED_BILLING"
    switches: Switches = field(default_factory=Switches)
    start: datetime | None = None
    members: tuple[Member, ...] = ()
    policy_types: tuple[str, ...] | None = None
    management_email: str = "master@example.com"
    management_name: str = "master"

    def __post_init__(self) -> None:
        if not _ORGANIZATION_ID.fullmatch(self.organization_id):
            raise ValueError(f"{self.organization_id!r} is no organization id: o-exampleorg1 is one")
        check_account_id(self.management_id)
        if self.invited < 0 or self.created < 0:
            raise ValueError("an organization can't have less than no members")
        if self.invited + self.created > MOST_MEMBERS:
            raise ValueError(f"an organization has at most {MOST_MEMBERS:,} members here")
        if self.start is not None and self.start.tzinfo is None:
            raise ValueError("start needs a time zone, e.g. 2026-01-05T09:00:00Z")
        if self.policy_types is not None:
            check_names(self.policy_types)
        self._check_ids()

    def varied(self, **values: Any) -> "Scenario":
        """This scenario with other values of its fields and of its switches, all by their names.

        Raises:
            TypeError: there is neither a field nor a switch of some name.
            ValueError: no organization is like that.
        """
        values = by_todays_names(values)
        settled = {each.name: values.pop(each.name) for each in fields(Switches) if each.name in values}
        known = {each.name for each in fields(self)}
        for name in values:
            if name not in known:
                raise TypeError(f"there is neither a field nor a switch {name!r}")
        values["switches"] = replace(values.get("switches", self.switches), **settled)
        return replace(self, **values)

    @property
    def offered_types(self) -> frozenset[str]:
        """The policy types that it offers."""
        return known_types() if self.policy_types is None else frozenset(self.policy_types)

    def _check_ids(self) -> None:
        """No account is there twice. Those that are counted are ranges: looking is enough."""
        ranges = (self._counted(FIRST_INVITED, self.invited), self._counted(FIRST_CREATED, self.created))
        seen = {self.management_id}
        for member in self.members:
            if member.id in seen or any(int(member.id) in each for each in ranges):
                raise ValueError(f"account {member.id} is there twice")
            seen.add(member.id)

    def _counted(self, first: int, count: int) -> range:
        """The ids of some members from `first` on; that of the management account may be among them."""
        counted = range(first, first + count)
        return range(first, first + count + 1) if int(self.management_id) in counted else counted

    def everyone(self) -> Iterator[Member]:
        """All members but the management account: invited, created, then the others."""
        management = int(self.management_id)
        for number in self._counted(FIRST_INVITED, self.invited):
            if number != management:
                yield Member(str(number))
        for number in self._counted(FIRST_CREATED, self.created):
            if number != management:
                yield Member(str(number), joined="CREATED")
        yield from self.members
