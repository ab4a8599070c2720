"""Credentials and endpoints: frozen values.

A `Connection` names credentials but for the static keys of the stack's configuration it holds none, and
those never leave this process.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StaticKeys:
    """Keys from the stack's configuration; hidden from every representation."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AssumeRole:
    """One link of a chain of roles.

    Attributes:
        role_arn: `arn:PARTITION:iam::ACCOUNT:role/NAME`.
        external_id: What the role's trust policy asks for.
        session_name: Shown in CloudTrail.
        duration_seconds: 900 to 43,200; AWS's default is 3,600.
    """

    role_arn: str
    external_id: str | None = field(default=None, repr=False)
    session_name: str | None = None
    duration_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Addresses to use instead of AWS's own."""

    organizations: str | None = None
    sts: str | None = None
    iam: str | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """The way to the account that acts: profile, roles, addresses, limits.

    Attributes:
        profile: A profile of the AWS configuration files; its settings hold behind the roles as well.
        region: Only selects the partition, and the region of STS.
        keys: Static keys; they win over a profile, as they do in pulumi-aws.
        assume_roles: Assumed one after another, the first with the credentials above.
        endpoints: Where to send requests instead.
        allowed_accounts: If not empty, the only accounts to act as.
        forbidden_accounts: Accounts never to act as.
        skip_metadata: Whether the machine's role never acts.
        may_ask: Whether somebody sits at this process's terminal, to be asked for the code of an MFA device.
        record: The file that answers of Organizations are recorded to; else the environment may name one.
    """

    profile: str | None = None
    region: str | None = None
    keys: StaticKeys | None = None
    assume_roles: tuple[AssumeRole, ...] = ()
    endpoints: Endpoints = Endpoints()
    allowed_accounts: frozenset[str] = frozenset()
    forbidden_accounts: frozenset[str] = frozenset()
    skip_metadata: bool = False
    may_ask: bool = False
    record: str | None = None

    @property
    def restricts_accounts(self) -> bool:
        """Return whether the caller's account must be known before anything else is asked."""
        return bool(self.allowed_accounts or self.forbidden_accounts)
