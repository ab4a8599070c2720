"""Permission to call an operation of Organizations, and the operations of handshakes.

Rules belong to `organization`; what every request of every service goes through (credentials,
faults, counts) to `request_pipeline`.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from moto.core.common_types import TYPE_RESPONSE
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores

from aws_org_emulator.handshakes.handshake import Handshake, render
from aws_org_emulator.handshakes.lifecycle import HandshakeEvent, HandshakeRole
from aws_org_emulator.iam.evaluation import Effect
from aws_org_emulator.operations import permissions
from aws_org_emulator.operations.accounts import AccountOperations
from aws_org_emulator.operations.base import page
from aws_org_emulator.operations.caller_permissions import Permissions
from aws_org_emulator.operations.policies import PolicyOperations
from aws_org_emulator.operations.transfers import TransferOperations
from aws_org_emulator.operations.trusted_access import TrustedAccessOperations
from aws_org_emulator.protocol.errors import JSON
from aws_org_emulator.protocol.exceptions import AccessDeniedError, ServiceLinkedRoleDeniedError
from aws_org_emulator.protocol.invalid_input import TwoFiltersError
from aws_org_emulator.state.accounts import INACTIVE


class OrganizationsResponses(
    AccountOperations, PolicyOperations, TrustedAccessOperations, TransferOperations
):
    """All operations, and who may call them."""

    def call_action(self) -> TYPE_RESPONSE:
        """Answer the request, while no other request is answered."""
        operation = self._get_action()
        with self.shared.locked_now():
            try:
                self._check_may_call()
                status, headers = 200, {**self.response_headers, "Content-Type": JSON}
                body = getattr(self, camelcase_to_underscores(operation))()
            except ServiceException as refusal:
                status, headers, body = self.serialized(ActionResult(refusal))
            if not operation.startswith(("Describe", "List")):
                self.shared.read_lag.record()
            return (status, *self._enrich_response(headers, body))

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
        return self._answer(HandshakeEvent.ACCEPT)

    def decline_handshake(self) -> str:
        """DeclineHandshake."""
        return self._answer(HandshakeEvent.DECLINE)

    def cancel_handshake(self) -> str:
        """CancelHandshake."""
        return self._answer(HandshakeEvent.CANCEL)

    def describe_handshake(self) -> str:
        """DescribeHandshake."""
        handshake_id = self._get_param("HandshakeId", "")
        backend = self.organizations_backend
        return self._handshake(backend.describe_handshake(handshake_id, at_once=self._is_by_people()))

    def list_handshakes_for_account(self) -> str:
        """ListHandshakesForAccount."""
        received = self.shared.handshake_store.of_account(self.current_account)
        return self._list(received, hidden=None)

    def list_handshakes_for_organization(self) -> str:
        """ListHandshakesForOrganization."""
        handshake_store = self.shared.handshake_store
        organization_id = self.organizations_backend.sender().organization_id
        parent_id = (self._get_param("Filter") or {}).get("ParentHandshakeId")
        sent = handshake_store.of_organization(organization_id)
        if parent_id is not None:
            parent = handshake_store.get(parent_id)
            ours = parent is not None and parent.sender.organization_id == organization_id
            sent = handshake_store.of_parent(parent_id) if ours else ()
        return self._list(sent, hidden=None if self.shared.switches.children_shown else HandshakeRole.CHILD)

    def invite_account_to_organization(self) -> str:
        """InviteAccountToOrganization."""
        target, notes = self._get_param("Target") or {}, self._get_param("Notes")
        return self._handshake(self.organizations_backend.invite(target, notes))

    def leave_organization(self) -> str:
        """LeaveOrganization."""
        self.organizations_backend.leave_organization()
        return "{}"

    def _check_may_call(self) -> None:
        """See to it that the caller's account may call the operation.

        Raises:
            AccessDeniedError: it may not, or the organization's resource policy denies it.
            AWSOrganizationsNotInUseException: it is in no organization, which the operation needs.
        """
        operation = self._get_action()
        if self.shared.accounts.state(self.current_account) in INACTIVE:
            raise AccessDeniedError
        delegated = self._delegated(operation)
        if delegated is Effect.DENIED:
            raise AccessDeniedError
        if delegated is Effect.ALLOWED or operation in permissions.EVERY_ACCOUNT:
            return
        caller = self._callers_own()
        management = caller.management()
        if management is caller:
            return
        delegate = operation in permissions.DELEGATED_ADMINISTRATORS
        if not (delegate and management.is_delegated_administrator(self.current_account)):
            raise AccessDeniedError

    def _delegated(self, operation: str) -> Effect:
        """Decide by the organization's resource policy; people whom the emulator lets act need none."""
        if self._is_by_people():
            return Effect.NOT_ALLOWED
        permissions, key = Permissions(self.shared), self.get_access_key()
        return permissions.delegated(self.current_account, operation, key, self.request_params)

    def _answer(self, event: HandshakeEvent) -> str:
        handshake_id = self._get_param("HandshakeId", "")
        backend = self.organizations_backend
        answered = backend.answer_handshake(handshake_id, event, may_make_role=self._may_make_role)
        return self._handshake(answered)

    def _may_make_role(self) -> bool:
        permissions = Permissions(self.shared)
        return self._is_by_people() or permissions.may_make_service_linked_role(self.get_access_key())

    def _handshake(self, handshake: Handshake) -> str:
        return json.dumps({"Handshake": render(handshake, self.shared.switches)}, default=_timestamp)

    def _list(self, handshake_ids: Sequence[str], *, hidden: HandshakeRole | None) -> str:
        wanted = self._get_param("Filter") or {}
        action, parent_id = wanted.get("ActionType"), wanted.get("ParentHandshakeId")
        if action and parent_id:
            raise TwoFiltersError
        handshake_store, now, acts = (
            self.shared.handshake_store,
            self.shared.clock.now(),
            self._is_by_people(),
        )

        def seen(handshake_id: str) -> Handshake | None:
            return handshake_store.get(handshake_id) if acts else handshake_store.as_readers_see(handshake_id)

        def shown(handshake_id: str) -> bool:
            handshake = seen(handshake_id)
            if handshake is None:
                return False
            asked_for = not action or handshake.action == action
            below = not parent_id or handshake.parent_id == parent_id
            return asked_for and below and handshake.role is not hidden and handshake.kept(now)

        call = f"{self._get_action()} {action} {parent_id}"
        found, token = self.shared.pager.page(call, handshake_ids, self.request_params, shown)
        handshakes = [handshake for each in found if (handshake := seen(each)) is not None]
        rendered = [render(each, self.shared.switches) for each in handshakes]
        return page("Handshakes", rendered, token)


def _timestamp(value: datetime) -> float:
    return value.timestamp()
