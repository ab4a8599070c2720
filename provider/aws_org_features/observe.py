"""Looking at AWS: the organization first, then only what the answer needs. Never writes."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from aws_org_features import errors
from aws_org_features.assess import next_look
from aws_org_features.model import MIGRATION_ACTIONS, Accounts, Handshake, Look, Observation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_features.aws import Connection, Organizations
    from aws_org_features.aws.calls import Calls
    from aws_org_features.model import Desired, Organization, Recorded


def observe(api: Organizations, desired: Desired, recorded: Recorded) -> Observation:
    """Look at an organization's migration.

    Args:
        api: The calls, as whoever the connection makes us.
        desired: What the program declares: the only organization that the credentials may lead to.
        recorded: What the last run left: it tells which further looks matter.

    Raises:
        OrganizationMismatchError: The credentials lead elsewhere.
        NoOrganizationError: They lead to no organization.
        NotManagementAccountError: They belong to another account of it, which isn't shown enough.
    """
    permit_caller(api)
    organization = api.organization()
    if organization.id != desired.organization_id:
        raise elsewhere(organization, desired.organization_id)
    return complete(api, desired, recorded, Observation(organization))


def complete(api: Organizations, desired: Desired, recorded: Recorded, seen: Observation) -> Observation:
    """Ask for what is still missing from an observation."""
    with as_whom(api, seen.organization):
        while (look := next_look(desired, recorded, seen)) is not None:
            seen = LOOKS[look](api, seen)
    return seen


@contextlib.contextmanager
def as_whom(api: Organizations, organization: Organization) -> Iterator[None]:
    """Tell a missing permission from a wrong account, which AWS answers alike."""
    try:
        yield
    except errors.AccessDeniedError as error:
        caller = caller_or_none(api)
        if caller not in {None, organization.management_account_id}:
            raise _not_management(caller, organization) from error
        raise


def caller_or_none(api: Calls) -> str | None:
    """The account that acts, if AWS says."""
    with contextlib.suppress(errors.OrgFeaturesError):
        return api.caller_account()
    return None


def is_gone(api: Calls, known: str | None, error: errors.OrgFeaturesError) -> bool:
    """Whether the organization no longer exists: only its own management account, if known, can tell."""
    if not isinstance(error, errors.NoOrganizationError | errors.OrganizationMismatchError):
        return False
    return known is not None and api.caller_account() == known


def permit_caller(api: Calls) -> None:
    """Refuse to act as an account that the configuration rules out; asks who acts only where it rules.

    Raises:
        AccountNotAllowedError: It does.
    """
    if api.connection.restricts_accounts:
        permit(api.connection, api.caller_account())


def permit(connection: Connection, caller: str) -> None:
    """Refuse to act as an account that the configuration rules out.

    Raises:
        AccountNotAllowedError: It does.
    """
    allowed = not connection.allowed_accounts or caller in connection.allowed_accounts
    if caller in connection.forbidden_accounts or not allowed:
        raise errors.AccountNotAllowedError(
            f"The credentials belong to account {caller}, which `aws:allowedAccountIds` or "
            "`aws:forbiddenAccountIds` of the stack's configuration rules out.",
            "Nothing was asked of it. Use other credentials, or change the configuration.",
        )


def elsewhere(organization: Organization, wanted: str) -> errors.OrgFeaturesError:
    """The error that tells of credentials which lead to another organization."""
    return errors.OrganizationMismatchError(
        f"The credentials lead to organization {organization.id} (management account "
        f"{organization.management_account_id}), but this resource stands for {wanted}.",
        "Nothing was written. Use credentials of the declared organization's management account.",
    )


def _not_management(caller: str | None, organization: Organization) -> errors.NotManagementAccountError:
    return errors.NotManagementAccountError(
        f"The credentials belong to account {caller}, but only the management account "
        f"{organization.management_account_id} may migrate organization {organization.id}.",
        "Use its credentials, or assume a role in it with `aws:assumeRole`.",
    )


def _look_for_parent(api: Organizations, seen: Observation) -> Observation:
    management = seen.organization.management_account_id
    approvals: list[Handshake] = []
    # The first action once more, for a migration that began between the two lists.
    for action in (*MIGRATION_ACTIONS, MIGRATION_ACTIONS[0]):
        found = _holders(api, action, management)
        parents = [h for h in found if _is_parent(h, management)]
        if parents:
            return replace(seen, parent=_current(parents), parent_sought=True)
        if action == MIGRATION_ACTIONS[-1] and not any(h.pending for h in (*approvals, *found)):
            break
        approvals.extend(found)
    return replace(seen, parent_sought=True, children=_without_parent(api, approvals))


def _holders(api: Organizations, action: str, management: str) -> list[Handshake]:
    """The handshakes with an action, but no further than the page that shows it to be the accounts'."""
    found: list[Handshake] = []
    for page in api.handshakes_by_action(action):
        found.extend(page)
        if found and not any(_is_parent(h, management) for h in found):
            break
    return found


def _without_parent(api: Organizations, approvals: list[Handshake]) -> tuple[Handshake, ...] | None:
    """All the approvals of a migration whose parent AWS doesn't list, if one is under way."""
    action = next((h.action for h in approvals if h.pending), None)
    if action is None:
        return None
    return tuple(h for page in api.handshakes_by_action(action) for h in page)


def _is_parent(handshake: Handshake, management: str) -> bool:
    # By its links, never by its action: AWS's pages disagree about which of the two is the parent's.
    return handshake.parent_id is None and handshake.account_id in {None, management}


def _current(parents: list[Handshake]) -> Handshake:
    """The one in flight, else the newest: earlier migrations stay listed for 30 days."""
    return max(parents, key=lambda h: (h.pending, h.requested_at.timestamp() if h.requested_at else 0.0))


def _look_at_children(api: Organizations, seen: Observation) -> Observation:
    parent = seen.parent
    found = api.children(parent.id) if parent is not None else ()
    return replace(seen, children=tuple(h for h in found if parent is None or h.id != parent.id))


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
