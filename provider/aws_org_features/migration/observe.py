"""Looking at AWS: the organization first, then only what the answer needs. Never writes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aws_org_features.aws.caller import as_whom, declared_organization
from aws_org_features.common import errors
from aws_org_features.common.ownership import Part, Sought, Whose, error_of, judge, judge_parent, not_of
from aws_org_features.migration.assess import next_look
from aws_org_features.model.migration import Look, Observation
from aws_org_features.model.organizations import MIGRATION_ACTIONS, Accounts, Handshake, Unclear

if TYPE_CHECKING:
    from aws_org_features.aws import Organizations
    from aws_org_features.model.migration import Desired, Recorded
    from aws_org_features.model.organizations import Organization


def observe(api: Organizations, desired: Desired, recorded: Recorded) -> Observation:
    """Look at an organization's migration.

    Args:
        api: The calls, with the connection's credentials.
        desired: What the program declares: the only organization that the credentials may lead to.
        recorded: What the last run left: it tells which further looks matter.

    Raises:
        OrganizationMismatchError: The credentials lead elsewhere.
        NoOrganizationError: They lead to no organization.
        NotManagementAccountError: They belong to another account of it, which isn't shown enough.
    """
    organization = declared_organization(api, desired.organization_id)
    return complete(api, desired, recorded, Observation(organization))


def complete(api: Organizations, desired: Desired, recorded: Recorded, seen: Observation) -> Observation:
    """Ask for what is still missing from an observation."""
    with as_whom(api, seen.organization):
        while (look := next_look(desired, recorded, seen)) is not None:
            seen = LOOKS[look](api, seen)
    return seen


def _look_for_parent(api: Organizations, seen: Observation) -> Observation:
    listed = _Listed(seen.organization)
    # The first action once more, for a migration that began between the two lists.
    for action in (*MIGRATION_ACTIONS, MIGRATION_ACTIONS[0]):
        _list_holders(api, action, listed)
        if listed.parents:
            break
        if action == MIGRATION_ACTIONS[-1] and all(h.finished for h in listed.approvals):
            break
    parent = _current(listed.parents) if listed.parents else None
    if (parent is None or not parent.pending) and not seen.organization.has_all_features:
        # A handshake that may be ours may be a migration in progress, beside which none may be begun.
        for unclear in listed.unclear:
            raise error_of(unclear)
    seen = replace(seen, parent=parent, parent_sought=True, beside=tuple(listed.unclear))
    return seen if parent is not None else replace(seen, children=_without_parent(api, listed))


class _Listed:
    """Sorts listed handshakes, by whose they are.

    Attributes:
        parents: The organization's migrations.
        approvals: Its accounts' approvals.
        unclear: What is pending and may be one of them, which isn't certain.
    """

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._approval = Sought(Part.APPROVAL, organization.id, organization.management_account_id)
        self.parents: list[Handshake] = []
        self.approvals: list[Handshake] = []
        self.unclear: list[Unclear] = []

    def take(self, handshake: Handshake, action: str) -> None:
        """Sort one in that was listed as having an action.

        What has the other one is left to that one's list: some endpoints ignore filters.
        """
        if handshake.action != action and handshake.action in MIGRATION_ACTIONS:
            return
        verdict = judge_parent(handshake, self._organization)
        if verdict.whose is Whose.OURS:
            self.parents.append(handshake)
        elif verdict.whose is Whose.UNCLEAR:
            self._doubt(handshake, verdict.why)
        elif self.is_approval(handshake):
            self.approvals.append(handshake)
        elif handshake.action == action and handshake.organization_id != self._organization.id:
            self._doubt(handshake, not_of(handshake, self._organization.id))

    def is_approval(self, handshake: Handshake) -> bool:
        """Return whether it is an account's approval of a migration of the organization's."""
        return judge(handshake, self._approval).whose is Whose.OURS

    def _doubt(self, handshake: Handshake, why: str) -> None:
        if not handshake.finished and all(handshake.id != each.handshake.id for each in self.unclear):
            self.unclear.append(Unclear(handshake, why))


def _list_holders(api: Organizations, action: str, listed: _Listed) -> None:
    """List the handshakes with an action, but no further than the page that shows it to be the accounts'."""
    known = len(listed.approvals)
    for page in api.handshakes_by_action(action):
        for handshake in page:
            listed.take(handshake, action)
        if len(listed.approvals) > known and not listed.parents:
            break


def _without_parent(api: Organizations, listed: _Listed) -> tuple[Handshake, ...] | None:
    """All the approvals of a migration whose parent AWS doesn't list, if one is in progress."""
    action = next((h.action for h in listed.approvals if not h.finished), None)
    if action is None:
        return None
    return tuple(h for page in api.handshakes_by_action(action) for h in page if listed.is_approval(h))


def _current(parents: list[Handshake]) -> Handshake:
    """The one in progress, else the newest: earlier migrations stay listed for 30 days."""
    return max(parents, key=lambda h: (h.pending, h.requested_at.timestamp() if h.requested_at else 0.0))


def _look_at_children(api: Organizations, seen: Observation) -> Observation:
    parent, organization = seen.parent, seen.organization
    if parent is None:
        return replace(seen, children=())
    sought = Sought(Part.APPROVAL, organization.id, organization.management_account_id, parent_id=parent.id)
    judged = [(h, judge(h, sought)) for h in api.children(parent.id) if h.id != parent.id]
    return replace(
        seen,
        children=tuple(h for h, verdict in judged if verdict.whose is Whose.OURS),
        unclear=tuple(Unclear(h, verdict.why) for h, verdict in judged if verdict.whose is Whose.UNCLEAR),
    )


def _look_at_accounts(api: Organizations, seen: Observation) -> Observation:
    try:
        found = api.accounts()
    except errors.AccessDeniedError:
        # Nothing is decided by it alone: without it there is less to tell.
        return replace(seen, accounts=Accounts(known=False))
    return with_accounts(seen, found)


def with_accounts(seen: Observation, found: Accounts) -> Observation:
    """An observation that knows the accounts."""
    # AWS lists the management account as invited, but doesn't ask it.
    asked = found.invited - {seen.organization.management_account_id}
    return replace(seen, accounts=replace(found, invited=asked))


LOOKS = {
    Look.PARENT: _look_for_parent,
    Look.CHILDREN: _look_at_children,
    Look.ACCOUNTS: _look_at_accounts,
}
