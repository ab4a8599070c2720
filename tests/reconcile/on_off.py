"""Things that are on or off in an organization, without an engine: a policy type, a trusted service."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from aws_org_emulator import Scenario, Switches
from aws_org_features.aws import Paces, Roots, ServiceAccess
from aws_org_features.common import errors
from aws_org_features.common.on_off import Outcome
from aws_org_features.common.run_cache import OnOffCache
from aws_org_features.model import policy_types, trusted_services
from aws_org_features.policy_types import state as policy_type_state
from aws_org_features.policy_types.reconcile import PolicyTypeReconciler
from aws_org_features.trusted_services import state as trusted_service_state
from aws_org_features.trusted_services.reconcile import TrustedServiceReconciler
from tests.reconcile.conftest import Kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from aws_org_features.model.on_off import Removal

TAG = "TAG_POLICY"
BACKUP = "BACKUP_POLICY"
INSPECTOR = "inspector2.amazonaws.com"
RAM = "ram.amazonaws.com"


class OnOff(Kept[Outcome[Any]]):
    """A resource of something that is on or off; AWS's time passes while it waits.

    Attributes:
        ENABLE: AWS's operation that has it on.
        DISABLE: AWS's operation that has it off.
        LIST: AWS's operation that shows whether it is on.
        BUSY: AWS's error while it makes another change.
        STILL_BUSY: What that is reported as once it has lasted too long.
        NO_LONGER: What a destroy says of what is off.
        ENABLING: Its status while AWS turns it on, if that takes time.
        DISABLING: Its status while AWS turns it off, if that takes time.
    """

    ENABLE: ClassVar[str]
    DISABLE: ClassVar[str]
    LIST: ClassVar[str]
    BUSY: ClassVar[str]
    STILL_BUSY: ClassVar[type[errors.OrgFeaturesError]]
    NO_LONGER: ClassVar[str]
    ENABLING: ClassVar[frozenset[str]] = frozenset()
    DISABLING: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, org: Emulator, name: str, declared: Any) -> None:
        super().__init__(org, org.management)
        self.org = org
        self.name = name
        self.declared = declared
        self.now = 0.0

    def declare(self, **changes: Any) -> None:
        self.declared = replace(self.declared, **changes)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.org.clock.advance(seconds=seconds)

    def reconciler(self, run: OnOffCache[Any] | None = None) -> Any:
        raise NotImplementedError

    def edges(self, run: OnOffCache[Any] | None) -> dict[str, Any]:
        """A reconciler's arguments that are alike for each kind."""
        return {
            "log": self.heard,
            "run": run or OnOffCache[Any](),
            "sleep": self.sleep,
            "clock": lambda: self.now,
        }

    def destroy(self, why_kept: str | None = None) -> Removal:
        removal: Removal = self.reconciler().disable_if_free(why_kept)
        return removal

    @property
    def is_ours(self) -> bool:
        return bool(self.outputs["enabled_by_this_resource"])

    def by_hand(self, change: Literal["enable", "disable"]) -> None:
        """Have somebody else turn it on or off."""
        raise NotImplementedError

    def is_on(self) -> bool:
        """AWS's view, two seconds later: once every lag is over."""
        raise NotImplementedError

    def have_something_unused(self) -> None:
        """Make what a destroy looks at, but which doesn't keep it; a service has no such thing."""


class Type(OnOff):
    """A policy type."""

    ENABLE = "EnablePolicyType"
    DISABLE = "DisablePolicyType"
    LIST = "ListRoots"
    BUSY = "PolicyChangesInProgressException"
    STILL_BUSY = errors.PolicyChangesInProgressError
    NO_LONGER = "it is no longer enabled"
    ENABLING = frozenset({"PENDING_ENABLE"})
    DISABLING = frozenset({"PENDING_DISABLE"})

    def __init__(self, org: Emulator, policy_type: str = TAG) -> None:
        super().__init__(org, policy_type, policy_types.Declared(org.organization_id, policy_type))

    def reconciler(self, run: OnOffCache[policy_types.Seen] | None = None) -> PolicyTypeReconciler:
        return PolicyTypeReconciler(
            Roots(self.connection, self.heard.progress),
            self.declared,
            policy_type_state.recorded_from(self.outputs),
            **self.edges(run),
        )

    def by_hand(self, change: Literal["enable", "disable"]) -> None:
        change_type(self.org, change, self.name)

    def is_on(self) -> bool:
        self.org.clock.advance(seconds=2)
        return self.name in shown(self.org)

    def have_something_unused(self) -> None:
        attach(self.org, "a draft")


class Service(OnOff):
    """A trusted service."""

    ENABLE = "EnableAWSServiceAccess"
    DISABLE = "DisableAWSServiceAccess"
    LIST = "ListAWSServiceAccessForOrganization"
    BUSY = "ConcurrentModificationException"
    STILL_BUSY = errors.ConcurrentModificationError
    NO_LONGER = "it isn't trusted any more"

    def __init__(self, org: Emulator, principal: str = INSPECTOR) -> None:
        super().__init__(org, principal, trusted_services.Declared(org.organization_id, principal))
        self.paces: Paces | None = None

    def reconciler(self, run: OnOffCache[trusted_services.Seen] | None = None) -> TrustedServiceReconciler:
        return TrustedServiceReconciler(
            ServiceAccess(self.connection, self.heard.progress, paces=self.paces),
            self.declared,
            trusted_service_state.recorded_from(self.outputs),
            **self.edges(run),
        )

    def by_hand(self, change: Literal["enable", "disable"]) -> None:
        trust(self.org, change, self.name)

    def is_on(self) -> bool:
        return self.name in trusted(self.org)


# AWS's ways, what people do, and AWS's own view

CHANGES: Final = ("at_once", "clock", "read")
"""Ways in which AWS gets to a change of a policy type."""


def world(**switches: Any) -> Scenario:
    """An organization with all features, whose AWS is of some kind."""
    return Scenario(feature_set="ALL", switches=Switches(**switches))


def lagging(**switches: Any) -> Scenario:
    """Such an organization, where reads lag behind."""
    return world(read_lag=1.0, empty_pages=True, **switches)


def client(org: Emulator) -> Any:
    return org.client("organizations", org.management)


def once(act: Callable[[], None]) -> Callable[[str, str], None]:
    """Do something before the first of several calls."""
    left = [act]

    def call(*_: str) -> None:
        if left:
            left.pop()()

    return call


def _root(org: Emulator) -> dict[str, Any]:
    # Some pages may be empty.
    (root,) = (root for page in client(org).get_paginator("list_roots").paginate() for root in page["Roots"])
    return dict(root)


def shown(org: Emulator) -> dict[str, str]:
    """AWS's view of the root's policy types."""
    return {each["Type"]: each["Status"] for each in _root(org)["PolicyTypes"]}


def root_id(org: Emulator) -> str:
    return str(_root(org)["Id"])


def change_type(org: Emulator, change: str, policy_type: str = TAG) -> None:
    """Enable or disable a policy type by hand."""
    getattr(client(org), f"{change}_policy_type")(RootId=root_id(org), PolicyType=policy_type)


def attach(org: Emulator, name: str = "costs", target: str | None = None) -> str:
    """Make a tag policy, and attach it."""
    made = client(org).create_policy(Name=name, Description="", Type=TAG, Content=json.dumps({"tags": {}}))
    policy_id = str(made["Policy"]["PolicySummary"]["Id"])
    if target is not None:
        client(org).attach_policy(PolicyId=policy_id, TargetId=target)
    return policy_id


def trusted(org: Emulator) -> set[str]:
    """The services that AWS shows as trusted, once every lag is over."""
    org.clock.advance(seconds=2)
    pages = client(org).get_paginator("list_aws_service_access_for_organization").paginate()
    return {each["ServicePrincipal"] for page in pages for each in page["EnabledServicePrincipals"]}


def trust(org: Emulator, change: str, principal: str = INSPECTOR) -> None:
    """Enable or disable a service's access by hand."""
    getattr(client(org), f"{change}_aws_service_access")(ServicePrincipal=principal)


def delegate(org: Emulator, change: str = "register", principal: str = INSPECTOR) -> None:
    """Register or deregister an administrator of a service."""
    call = getattr(client(org), f"{change}_delegated_administrator")
    call(AccountId=org.invited[0], ServicePrincipal=principal)
