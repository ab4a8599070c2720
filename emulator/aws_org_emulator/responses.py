"""The operations of Organizations over HTTP: parameters in, JSON out.

Rules belong to `organization`; what every request of every service goes through (credentials,
faults, counts) to `gateway`.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, cast

from moto.core.common_types import TYPE_RESPONSE
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.organizations.exceptions import AWSOrganizationsNotInUseException, TargetNotFoundException
from moto.organizations.models import FakePolicy, organizations_backends
from moto.organizations.responses import OrganizationsResponse

from aws_org_emulator import authority
from aws_org_emulator.accounts import INACTIVE
from aws_org_emulator.exceptions import (
    AccessDeniedError,
    InvalidEnumError,
    ServiceLinkedRoleDeniedError,
    TwoFiltersError,
)
from aws_org_emulator.handshakes import Action, Handshake, render
from aws_org_emulator.history import LATE
from aws_org_emulator.iam.permissions import Permissions
from aws_org_emulator.lifecycle import Event, Role
from aws_org_emulator.organization import Organizations
from aws_org_emulator.policies import check_type
from aws_org_emulator.wire import ACT_HEADER, json_error
from aws_org_emulator.world import World

_OTHER_ACTIONS = frozenset({"TRANSFER_RESPONSIBILITY"})


class Responses(OrganizationsResponse):
    """moto's operations and those of handshakes, for one request.

    `world` is set by the subclass that an emulator serves.
    """

    world: ClassVar[World]

    def call_action(self) -> TYPE_RESPONSE:
        """Answer the request, alone in the world while at it."""
        operation = self._get_action()
        if not hasattr(self, camelcase_to_underscores(operation)):
            message = f"The emulator doesn't know the operation {operation}."
            return 501, self.response_headers, json_error("NotImplemented", message)
        with self.world.present():
            try:
                self._check_may_call()
            except ServiceException as refusal:
                status, headers, body = self.serialized(ActionResult(refusal))
                return (status, *self._enrich_response(headers, body))
            answer = super().call_action()
            if not operation.startswith(("Describe", "List")):
                self.world.history.note()
            return answer

    @property
    def organizations_backend(self) -> Organizations:
        """The backend that answers: as it is, or for readers as it was, where reads lag."""
        backend = self._live_backend()
        if self._get_action() not in LATE or self._acts():
            return backend
        shown = self.world.history.shown(backend)
        if shown is None:
            raise AWSOrganizationsNotInUseException
        return shown

    def _live_backend(self) -> Organizations:
        """Of whoever calls; what isn't the caller's own alone is with its management."""
        caller = cast("Organizations", organizations_backends[self.current_account][self.partition])
        operation = self._get_action()
        if operation in authority.DELEGATED_ADMINISTRATORS or operation in LATE:
            return caller.management()
        return caller

    def create_organization(self) -> str:
        """CreateOrganization, which makes the service-linked role."""
        if not self._may_make_role():
            raise ServiceLinkedRoleDeniedError
        return super().create_organization()

    def enable_all_features(self) -> str:
        """EnableAllFeatures."""
        return self._handshake(self.organizations_backend.enable_all_features())

    def accept_handshake(self) -> str:
        """AcceptHandshake."""
        return self._answer(Event.ACCEPT)

    def decline_handshake(self) -> str:
        """DeclineHandshake."""
        return self._answer(Event.DECLINE)

    def cancel_handshake(self) -> str:
        """CancelHandshake."""
        return self._answer(Event.CANCEL)

    def describe_handshake(self) -> str:
        """DescribeHandshake."""
        handshake_id = self._get_param("HandshakeId", "")
        backend = self.organizations_backend
        return self._handshake(backend.describe_handshake(handshake_id, at_once=self._acts()))

    def list_handshakes_for_account(self) -> str:
        """ListHandshakesForAccount."""
        received = self.world.ledger.of_account(self.current_account)
        return self._list(received, hidden=None)

    def list_handshakes_for_organization(self) -> str:
        """ListHandshakesForOrganization."""
        ledger = self.world.ledger
        organization_id = self.organizations_backend.sender().organization_id
        parent_id = (self._get_param("Filter") or {}).get("ParentHandshakeId")
        sent = ledger.of_organization(organization_id)
        if parent_id is not None:
            parent = ledger.get(parent_id)
            ours = parent is not None and parent.sender.organization_id == organization_id
            sent = ledger.of_parent(parent_id) if ours else ()
        return self._list(sent, hidden=None if self.world.switches.children_shown else Role.CHILD)

    def invite_account_to_organization(self) -> str:
        """InviteAccountToOrganization."""
        target, notes = self._get_param("Target") or {}, self._get_param("Notes")
        return self._handshake(self.organizations_backend.invite(target, notes))

    def leave_organization(self) -> str:
        """LeaveOrganization."""
        self.organizations_backend.leave_organization()
        return "{}"

    def list_roots(self) -> str:
        """ListRoots."""
        roots = self.organizations_backend.list_roots()
        self._live_backend().shown_to_readers(roots["Roots"])
        return json.dumps(roots)

    def list_accounts(self) -> str:
        """ListAccounts, with pages as AWS cuts them."""
        accounts = self.organizations_backend.accounts
        found, token = self.world.pager.page("ListAccounts", accounts, self.request_params, lambda _: True)
        return _page("Accounts", [self._shown(account.describe()) for account in found], token)

    def list_accounts_for_parent(self) -> str:
        """ListAccountsForParent: moto's, with what is shown of an account."""
        page = json.loads(super().list_accounts_for_parent())
        return _page("Accounts", [self._shown(each) for each in page["Accounts"]], page["NextToken"])

    def list_create_account_status(self) -> str:
        """ListCreateAccountStatus: moto's, without a token where there is none."""
        return _without_null(super().list_create_account_status())

    def list_organizational_units_for_parent(self) -> str:
        """ListOrganizationalUnitsForParent: moto's, without a token where there is none."""
        return _without_null(super().list_organizational_units_for_parent())

    def describe_account(self) -> str:
        """DescribeAccount: moto's, with what is shown of an account."""
        described = json.loads(super().describe_account())
        return json.dumps({"Account": self._shown(described["Account"])})

    def attach_policy(self) -> str:
        """AttachPolicy."""
        self.organizations_backend.attach(**self.request_params)
        return "{}"

    def list_policies(self) -> str:
        """ListPolicies, of every type that botocore knows."""
        wanted = self._get_param("Filter", "")
        check_type(wanted)
        policies = self.organizations_backend.policies
        return self._list_policies([each for each in policies if each.type == wanted])

    def list_policies_for_target(self) -> str:
        """ListPoliciesForTarget, of every type that botocore knows."""
        wanted, target_id = self._get_param("Filter", ""), self._get_param("TargetId", "")
        check_type(wanted)
        backend = self.organizations_backend
        targets: list[Any] = [*backend.ou, *backend.accounts]
        target = next((each for each in targets if each.id == target_id), None)
        if target is None:
            raise TargetNotFoundException
        return self._list_policies([each for each in target.attached_policies if each.type == wanted])

    def _list_policies(self, policies: list[FakePolicy]) -> str:
        call = f"{self._get_action()} {self._get_param('Filter')} {self._get_param('TargetId')}"
        found, token = self.world.pager.page(call, policies, self.request_params, lambda _: True)
        return _page("Policies", [each.describe()["Policy"]["PolicySummary"] for each in found], token)

    def _shown(self, account: dict[str, Any]) -> dict[str, Any]:
        if not self.world.switches.account_status_shown:
            del account["Status"]
        return account

    def _check_may_call(self) -> None:
        operation = self._get_action()
        if self.world.accounts.state(self.current_account) in INACTIVE:
            raise AccessDeniedError
        if operation in authority.EVERY_ACCOUNT:
            return
        caller = cast("Organizations", organizations_backends[self.current_account][self.partition])
        management = caller.management()
        if management is caller:
            return
        delegated = operation in authority.DELEGATED_ADMINISTRATORS
        if not (delegated and management.is_delegated_administrator(self.current_account)):
            raise AccessDeniedError

    def _answer(self, event: Event) -> str:
        handshake_id = self._get_param("HandshakeId", "")
        backend = self.organizations_backend
        answered = backend.answer_handshake(handshake_id, event, may_make_role=self._may_make_role)
        return self._handshake(answered)

    def _may_make_role(self) -> bool:
        permissions = Permissions(self.world)
        return self._acts() or permissions.may_make_service_linked_role(self.get_access_key())

    def _handshake(self, handshake: Handshake) -> str:
        return json.dumps({"Handshake": render(handshake, self.world.switches)}, default=_timestamp)

    def _list(self, handshake_ids: Sequence[str], *, hidden: Role | None) -> str:
        wanted = self._get_param("Filter") or {}
        action, parent_id = wanted.get("ActionType"), wanted.get("ParentHandshakeId")
        if action and parent_id:
            raise TwoFiltersError
        if action and action not in set(Action) | _OTHER_ACTIONS:
            raise InvalidEnumError
        ledger, now, acts = self.world.ledger, self.world.clock.now(), self._acts()

        def seen(handshake_id: str) -> Handshake | None:
            return ledger.get(handshake_id) if acts else ledger.shown(handshake_id)

        def shown(handshake_id: str) -> bool:
            handshake = seen(handshake_id)
            if handshake is None:
                return False
            asked_for = not action or handshake.action == action
            below = not parent_id or handshake.parent_id == parent_id
            return asked_for and below and handshake.role is not hidden and handshake.kept(now)

        call = f"{self._get_action()} {action} {parent_id}"
        found, token = self.world.pager.page(call, handshake_ids, self.request_params, shown)
        handshakes = [handshake for each in found if (handshake := seen(each)) is not None]
        rendered = [render(each, self.world.switches) for each in handshakes]
        return _page("Handshakes", rendered, token)

    def _acts(self) -> bool:
        """Whether somebody acts by this request, for whom nothing lags."""
        return ACT_HEADER in self.headers


def _page(key: str, entries: list[dict[str, Any]], token: str | None) -> str:
    page: dict[str, Any] = {key: entries}
    if token is not None:
        page["NextToken"] = token
    return json.dumps(page, default=_timestamp)


def _without_null(page: str) -> str:
    return json.dumps({key: each for key, each in json.loads(page).items() if each is not None})


def _timestamp(value: datetime) -> float:
    return value.timestamp()
