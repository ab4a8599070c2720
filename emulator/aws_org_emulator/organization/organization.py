"""The rules of membership and migration, over moto's Organizations backend.

One instance stands for one account, as in moto: the management account's holds the organization.
HTTP, JSON and who may call which operation belong to `operations`.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.organizations.exceptions import (
    AccountNotFoundException,
    AWSOrganizationsNotInUseException,
)
from moto.organizations.models import (
    FakeAccount,
    FakeOrganization,
    organizations_backends,
)

from aws_org_emulator.handshakes import permissions
from aws_org_emulator.handshakes.handshake import Action, Handshake, Sender, approval_action
from aws_org_emulator.handshakes.lifecycle import HandshakeEvent, HandshakeRole, HandshakeState
from aws_org_emulator.organization import account_removal, invitations, responsibility_transfers
from aws_org_emulator.organization.account_creation import AccountCreation
from aws_org_emulator.protocol.exceptions import (
    AccessDeniedError,
    AlreadyHasAllFeaturesError,
    AlreadyInAnOrganizationError,
    DelegatedAdministratorCannotLeaveError,
    HandshakeNotFoundError,
    MasterCannotLeaveError,
    OrganizationNotEmptyError,
    OrganizationTooLargeError,
    ServiceLinkedRoleDeniedError,
)
from aws_org_emulator.protocol.invalid_input import InvalidPatternError
from aws_org_emulator.scenario.scenario import Member, Scenario
from aws_org_emulator.state.accounts import INACTIVE, AccountState, MemberAccount

MIGRATION_SIZE_LIMIT = 5000
"""The most accounts that an organization may have to migrate by itself: botocore's model."""
_HANDSHAKE_ID = re.compile(r"h-[0-9a-z]{8,32}")


def management_of(account_id: str, partition: str = "aws") -> str | None:
    """The management account's id of the organization that an account is in, or None."""
    if organizations_backends[account_id][partition].org is not None:
        return account_id
    member_of = organizations_backends.master_accounts.get(account_id)
    return member_of[0] if member_of else None


class Organizations(AccountCreation):
    """moto's backend with handshakes, and with members that joined in either way.

    `shared` is set by the subclass that an emulator installs.
    """

    def _reset(self) -> None:
        super()._reset()
        self._closed_at: list[datetime] = []
        self.root_features: set[str] = set()
        """Features of centralized root access that are on."""

    def create_from(self, scenario: Scenario) -> None:
        """Make the scenario's organization, with this account as its management account."""
        if scenario.feature_set is None:
            return
        self.create_organization("us-east-1", FeatureSet=scenario.feature_set)
        organization = self._organization()
        organization.id = scenario.organization_id
        organization.master_account_email = scenario.management_email
        self.accounts[0].email, self.accounts[0].name = scenario.management_email, scenario.management_name
        self.shared.accounts.set_email(self.account_id, scenario.management_email)
        things: list[Any] = [*self.ou, *self.accounts, *self.policies]
        for thing in things:
            thing.organization_id = scenario.organization_id
        for member in scenario.everyone():
            self.shared.accounts.add(member.id)
            self.add_member(member)

    def create_organization(self, region: str, **kwargs: Any) -> dict[str, Any]:
        """moto's, but the management account's times and way of joining are AWS's."""
        super().create_organization(region, **kwargs)
        management = self.accounts[0]
        management.create_time = self._moment()
        management.joined_method = "INVITED"  # as ListAccounts in botocore's examples shows it
        self.shared.accounts.add_service_linked_role(self.account_id)
        self.set_up_policies()
        return self._organization().describe()

    def delete_organization(self) -> None:
        """moto's; what was pending between the organization and others is canceled."""
        organization_id = self._organization().id
        if len(self.accounts) > 1:
            raise OrganizationNotEmptyError
        self._reset()
        for handshake in self._of_organization(organization_id):
            if handshake.pending and handshake.role is not HandshakeRole.CHILD:
                self._change(handshake, HandshakeEvent.CANCEL)

    def _taggable(self) -> list[Any]:
        own = responsibility_transfers.of_account(self.shared, self.account_id)
        return [*super()._taggable(), *own]

    def add_member(self, member: Member) -> FakeAccount:
        """Make an account that exists a member of this organization."""
        self.shared.accounts.set_state(member.id, member.state)
        if member.email is not None:
            self.shared.accounts.set_email(member.id, member.email)
        account = MemberAccount(self._organization(), member, self._moment(), self.shared.accounts)
        self.accounts.append(account)
        organizations_backends.master_accounts[member.id] = (self.account_id, self.partition)
        self.attach_defaults([account])
        if member.service_linked_role:
            self.shared.accounts.add_service_linked_role(member.id)
        self.shared.accounts.add_access_role(member, self.account_id)
        return account

    def remove_account_from_organization(self, **kwargs: str) -> None:
        """RemoveAccountFromOrganization, for created and invited members.

        Raises:
            MasterCannotLeaveError: it is the management account.
            AccountNotFoundException: it is no member.
            DelegatedAdministratorCannotLeaveError: it administers a service.
            WaitingPeriodError: it was created less than four days ago, where the switch says so.
            PaymentMethodRequiredError: it has no payment method of its own.
        """
        account_id = kwargs["AccountId"]
        if account_id == self.account_id:
            raise MasterCannotLeaveError
        account = self.removable(account_id)
        now = self.shared.clock.now()
        waits = self.shared.switches.removal_waiting_period
        account_removal.check_may_leave(
            joined=account.joined_method if waits else "INVITED",
            joined_at=account.create_time.replace(tzinfo=UTC),
            has_payment_method=account.has_payment_method,
            now=now,
        )
        self._remove_member(account)

    def removable(self, account_id: str) -> MemberAccount:
        """A member that administers no service.

        Raises:
            AccountNotFoundException: it is no member.
            DelegatedAdministratorCannotLeaveError: it administers a service.
        """
        if self.management_of(account_id) != self.account_id:
            raise AccountNotFoundException
        if any(admin.account.id == account_id for admin in self.admins):
            raise DelegatedAdministratorCannotLeaveError
        return self._member(account_id)

    def close_account(self, **kwargs: str) -> None:
        """CloseAccount; see `account_removal.check_may_close`.

        Raises:
            AccountNotFoundException: it is no member.
        """
        organization, account_id = self._organization(), kwargs["AccountId"]
        if self.management_of(account_id) != self.account_id:
            raise AccountNotFoundException
        now = self.shared.clock.now()
        account_removal.check_may_close(
            feature_set=organization.feature_set,
            is_management=account_id == self.account_id,
            state=self.shared.accounts.state(account_id),
            members=len(self.accounts) - 1,
            closed_at=self._closed_at,
            now=now,
        )
        self._closed_at.append(now)
        self.set_account_state(now, account_id, "PENDING_CLOSURE")

    def set_account_state(self, at: datetime, account_id: str, state: AccountState) -> None:
        """Put a member into a state, with all that follows from it.

        Raises:
            AccountNotFoundException: it is no member.
        """
        self._member(account_id)
        shared = self.shared
        shared.accounts.set_state(account_id, state)
        if state == "PENDING_CLOSURE":
            shared.scheduler.add(
                at + account_removal.CLOSING_TAKES, self._proceed_closing, account_id, state, "CLOSED"
            )
        if state == "CLOSED":
            shared.scheduler.add(
                at + account_removal.KEPT_AFTER_CLOSURE, self._proceed_closing, account_id, state, None
            )
        if state in INACTIVE and not shared.switches.inactive_accounts_count:
            shared.migrations.account_left(self._organization().id, account_id)

    def _proceed_closing(
        self, at: datetime, account_id: str, was: AccountState, becomes: AccountState | None
    ) -> None:
        """Go on with a closure, unless the account was reinstated or has left meanwhile."""
        here = self.management_of(account_id) == self.account_id
        if not here or self.shared.accounts.state(account_id) != was:
            return
        if becomes is None:
            self._remove_member(self._member(account_id))
        else:
            self.set_account_state(at, account_id, becomes)

    def _member(self, account_id: str) -> MemberAccount:
        account = self.get_account_by_id(account_id)
        if not isinstance(account, MemberAccount):  # the management account is none
            raise AccountNotFoundException
        return account

    def _remove_member(self, account: MemberAccount) -> None:
        for policy in account.attached_policies:
            policy.attachments.remove(account)
        self.accounts.remove(account)
        del organizations_backends.master_accounts[account.id]
        self.shared.migrations.account_left(self._organization().id, account.id)

    def leave_organization(self) -> None:
        """LeaveOrganization, called by a member.

        Raises:
            MasterCannotLeaveError: it is the management account.
            AWSOrganizationsNotInUseException: it is no member.
        """
        if self.org is not None:
            raise MasterCannotLeaveError
        management = self.management()
        management.remove_account_from_organization(AccountId=self.account_id)

    def enable_all_features(self) -> Handshake:
        """EnableAllFeatures.

        Returns:
            The parent.

        Raises:
            AlreadyHasAllFeaturesError: the organization is ALL.
            AlreadyPendingMigrationError: a migration is in progress.
            OrganizationTooLargeError: it has more than 5,000 accounts.
        """
        organization = self._organization()
        if organization.feature_set == "ALL":
            raise AlreadyHasAllFeaturesError
        limit = MIGRATION_SIZE_LIMIT - (0 if self.shared.switches.five_thousand_migrate else 1)
        if len(self.accounts) > limit:
            raise OrganizationTooLargeError
        parent = self.shared.migrations.start(self.sender(), self._accounts_to_ask())
        if parent.state is HandshakeState.OPEN and self.shared.switches.accepted_at_once:
            return self._change(parent, HandshakeEvent.ACCEPT)
        return parent

    def invite(self, target: dict[str, str], notes: str | None) -> Handshake:
        """InviteAccountToOrganization; see `invitations.invite`."""
        return invitations.invite(self.shared, self.sender(), target, notes)

    def answer_handshake(
        self, handshake_id: str, event: HandshakeEvent, *, may_make_role: Callable[[], bool] = lambda: True
    ) -> Handshake:
        """Accept-, Decline- or CancelHandshake, called by this account.

        Args:
            handshake_id: which.
            event: what the call does to it.
            may_make_role: whether the caller may have the service-linked role made, where accepting does.

        Raises:
            HandshakeNotFoundError: there is none with this id.
            AccessDeniedError: this account may not do that to it.
            HandshakeAlreadyInStateError: it is already so.
            InvalidHandshakeTransitionError: its state doesn't allow it.
            AlreadyInAnOrganizationError: a member accepts an invitation of its own organization.
            MasterCannotLeaveError: a management account accepts an invitation.
            ConstraintViolationError: a member of another organization can't be let go; see `_leave_for`.
            ServiceLinkedRoleDeniedError: accepting makes the role again, and the caller may not.
        """
        handshake = self._find(handshake_id)
        permissions.check_may_cause(handshake, event, self.account_id)
        makes_role = (
            event is HandshakeEvent.ACCEPT
            and handshake.pending
            and handshake.role is not HandshakeRole.PARENT
        )
        if (
            makes_role
            and not self.shared.accounts.has_service_linked_role(self.account_id)
            and not may_make_role()
        ):
            raise ServiceLinkedRoleDeniedError
        return self._change(handshake, event)

    def describe_handshake(self, handshake_id: str, *, at_once: bool = False) -> Handshake:
        """DescribeHandshake, called by this account.

        Args:
            handshake_id: which.
            at_once: whether what was just written is seen at once, even if reads lag.

        Raises:
            HandshakeNotFoundError: there is none with this id.
            AccessDeniedError: this account is neither its sender nor its recipient.
        """
        handshake = self._find(handshake_id)
        permissions.check_may_read(handshake, self.account_id)
        seen = handshake if at_once else self.shared.handshake_store.as_readers_see(handshake_id)
        if seen is None:
            raise HandshakeNotFoundError
        return seen

    def management(self) -> "Organizations":
        """The backend of the management account of this account's organization.

        Raises:
            AWSOrganizationsNotInUseException: this account is in no organization.
        """
        management_id = self.management_of(self.account_id)
        if management_id is None:
            raise AWSOrganizationsNotInUseException
        return self._backend(management_id)

    def management_of(self, account_id: str) -> str | None:
        """The management account's id of the organization that an account is in, or None."""
        return management_of(account_id, self.partition)

    def sender(self) -> Sender:
        """This organization, as its handshakes name it."""
        organization = self._organization()
        return Sender(
            organization_id=organization.id,
            management_id=self.account_id,
            partition=self.partition,
            email=organization.master_account_email,
            name=self.accounts[0].name,
        )

    def _organization(self) -> FakeOrganization:
        if self.org is None:
            raise AWSOrganizationsNotInUseException
        return self.org

    def _moment(self) -> datetime:
        return self.shared.clock.now().replace(tzinfo=None)  # moto's times are naive, in UTC

    def _accounts_to_ask(self) -> list[tuple[str, Action]]:
        """Accounts that must consent to a migration: User Guide, enabling all features."""
        asked = []
        for account in self.accounts[1:]:
            if (
                self.shared.accounts.state(account.id) in INACTIVE
                and not self.shared.switches.inactive_accounts_count
            ):
                continue
            if account.joined_method == "INVITED":
                asked.append((account.id, approval_action(self.shared.switches)))
            elif not self.shared.accounts.has_service_linked_role(account.id):
                asked.append((account.id, Action.ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE))
        return asked

    def _of_organization(self, organization_id: str) -> list[Handshake]:
        handshake_store = self.shared.handshake_store
        return [handshake_store[each] for each in handshake_store.of_organization(organization_id)]

    def _find(self, handshake_id: str) -> Handshake:
        if not _HANDSHAKE_ID.fullmatch(handshake_id):
            raise InvalidPatternError
        handshake = self.shared.handshake_store.get(handshake_id)
        if handshake is None or not handshake.kept(self.shared.clock.now()):
            raise HandshakeNotFoundError
        return handshake

    def _change(self, handshake: Handshake, event: HandshakeEvent) -> Handshake:
        if handshake.role is HandshakeRole.INVITATION:
            return self._change_invitation(handshake, event)
        changed = self.shared.migrations.change(handshake, event)
        if changed.state is HandshakeState.ACCEPTED and changed.role is HandshakeRole.PARENT:
            self._organization().feature_set = "ALL"
            self.show_available_types()
        elif changed.state is HandshakeState.ACCEPTED and changed.account_id is not None:
            self.shared.accounts.add_service_linked_role(changed.account_id)
        return changed

    def _change_invitation(self, invitation: Handshake, event: HandshakeEvent) -> Handshake:
        changed = invitation.after(event, self.shared.clock.now())
        if event is not HandshakeEvent.ACCEPT:
            self.shared.handshake_store.update(changed)
            return changed
        if invitation.action is Action.TRANSFER_RESPONSIBILITY:
            if self.org is None:  # botocore's model: the management account alone accepts it
                raise AccessDeniedError
            self.shared.handshake_store.update(changed)
            return changed
        own = self.management_of(self.account_id)
        sender = self._backend(invitation.sender.management_id)
        if own == sender.account_id:
            self.shared.handshake_store.update(changed)  # AWS was seen to take it for accepted, and to refuse
            raise AlreadyInAnOrganizationError
        joining = (
            self._leave_for(sender) if own is not None else Member(self.account_id, name=self._own_name())
        )
        self.shared.handshake_store.update(changed)
        sender.add_member(joining)
        return changed

    def _leave_for(self, receiver: "Organizations") -> Member:
        """Let this account go from its organization right into another one: a direct transfer.

        From the User Guide, "Migrate an account to another organization". It needs no payment method.

        Raises:
            MasterCannotLeaveError: it is a management account.
            DelegatedAdministratorCannotLeaveError: it administers a service.
            WaitingPeriodError: it was created less than four days ago, or the other organization less than
                seven, where the switch says so.
        """
        if self.org is not None:
            raise MasterCannotLeaveError
        sender = self.management()
        account = sender.removable(self.account_id)
        if self.shared.switches.removal_waiting_period:
            now = self.shared.clock.now()
            joined_at = account.create_time.replace(tzinfo=UTC)
            founded_at = receiver.accounts[0].create_time.replace(tzinfo=UTC)
            account_removal.check_waited(joined=account.joined_method, joined_at=joined_at, now=now)
            account_removal.check_settled(founded_at=founded_at, now=now)
        sender._remove_member(account)  # noqa: SLF001 - another instance
        return Member(account.id, name=account.name, payment_method=account.has_payment_method)

    def _own_name(self) -> str:
        return f"invited-{self.account_id}"

    def _backend(self, account_id: str) -> "Organizations":
        backend = organizations_backends[account_id][self.partition]
        assert isinstance(backend, Organizations)  # noqa: S101 - an emulator installs no other
        return backend
