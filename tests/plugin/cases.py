"""The native resources that wait for somebody else, each with what it waits for: a row for each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.plugin import schema
from tests.harness.native import Native

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_org_emulator import Emulator

_STORED: Final = Path(__file__).parents[1] / "engine"
MEMBER: Final = "222222222222"


@dataclass(frozen=True)
class Case:
    """A resource, and what happens to it.

    Attributes:
        token: The resource.
        declared: What it is given beside the organization.
        account_id: Who acts; the management account unless given.
        waits: Its status while there is nothing to do.
        comes: What gives it something to do.
        to_do: What it says then,
        done: and its status once it has done that,
        writes: with these calls.
        settles: After what AWS needn't be asked any more.
        ids: Gives its id.
        stored: The state that a dynamic one left,
        stored_name: and its name there.
        stable: What a preview of an update knows.
    """

    token: str
    waits: str
    comes: Callable[[Emulator], object]
    to_do: str
    done: str
    writes: Mapping[str, int]
    settles: Callable[[Emulator], object]
    ids: Callable[[Emulator], str]
    stored: str
    stored_name: str
    stable: tuple[str, ...]
    declared: Mapping[str, Any] = field(default_factory=dict)
    account_id: str | None = None

    def __str__(self) -> str:
        """The name, for a test's."""
        return self.name

    @property
    def name(self) -> str:
        """The resource, as a program names it."""
        return self.token.rpartition(":")[2]

    def native(self, org: Emulator) -> Native:
        """A stack with it."""
        made = Native(org, self.token, self.account_id)
        made.declared.update(self.declared)
        return made

    def stored_state(self, org: Emulator) -> Any:
        """The state of version 0.1.0, as if this organization had been there then."""
        stored = (_STORED / self.stored).read_text().replace("r-0000", _root(org))
        org.reset_calls()
        return json.loads(re.sub(r"http://127\.0\.0\.1:\d+", org.endpoint, stored))


def _root(org: Emulator) -> str:
    return str(org.client("organizations", org.management).list_roots()["Roots"][0]["Id"])


def _get_all_features(org: Emulator) -> None:
    org.enable_all_features()
    _finish(org)


def _finish(org: Emulator) -> None:
    org.approve_all()
    org.finalize()


APPROVAL: Final = Case(
    token=schema.APPROVAL,
    account_id=MEMBER,
    waits="NOT_ASKED",
    comes=lambda org: org.enable_all_features(),
    to_do="to do: approving h-",
    done="APPROVED",
    writes={"AcceptHandshake": 1},
    settles=_finish,
    ids=lambda org: f"{org.organization_id}/{MEMBER}",
    stored="stored_approval.json",
    stored_name="approval",
    stable=("account_id",),
)

POLICY_TYPE: Final = Case(
    token=schema.POLICY_TYPE,
    declared={"policyType": "TAG_POLICY"},
    waits="WAITING_FOR_ALL_FEATURES",
    comes=_get_all_features,
    to_do="to do: enabling TAG_POLICY on root r-",
    done="ENABLED",
    writes={"EnablePolicyType": 1},
    settles=lambda _: None,
    ids=lambda org: f"{_root(org)}/TAG_POLICY",
    stored="stored_policy_type.json",
    stored_name="type",
    stable=("current_root_id", "root_arn", "management_account_id"),
)

TRUSTED_SERVICE: Final = Case(
    token=schema.TRUSTED_SERVICE,
    declared={"servicePrincipal": "inspector2.amazonaws.com"},
    waits="WAITING_FOR_ALL_FEATURES",
    comes=_get_all_features,
    to_do="to do: enabling trusted access of inspector2.amazonaws.com",
    done="ENABLED",
    writes={"EnableAWSServiceAccess": 1},
    settles=lambda _: None,
    ids=lambda org: f"{org.organization_id}/inspector2.amazonaws.com",
    stored="stored_trusted_service.json",
    stored_name="service",
    stable=("management_account_id",),
)

CASES: Final = (APPROVAL, POLICY_TYPE, TRUSTED_SERVICE)
