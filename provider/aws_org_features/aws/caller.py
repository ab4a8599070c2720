"""The caller, whether that account may act, and what AWS's answers to it mean."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from aws_org_features.common import account_rules, errors
from aws_org_features.model.migration import ruling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_features.aws import Connection
    from aws_org_features.aws.calls import Calls
    from aws_org_features.model.organizations import Organization


@contextlib.contextmanager
def as_whom(api: Calls, organization: Organization, affair: str | None = None) -> Iterator[None]:
    """Distinguish a missing permission from a wrong account, which AWS answers alike.

    Args:
        api: The calls.
        organization: Whose management account should act.
        affair: Whose affair it is, as a clause; unless given, that of a migration.
    """
    try:
        yield
    except errors.AccessDeniedError as error:
        caller = caller_or_none(api)
        if caller not in {None, organization.management_account_id}:
            raise _not_management(caller, organization, affair and f"{affair}. {error.what}") from error
        raise


def caller_or_none(api: Calls) -> str | None:
    """The account that acts, if AWS says."""
    with contextlib.suppress(errors.OrgFeaturesError):
        return api.caller_account()
    return None


def is_gone(api: Calls, known: str | None, error: errors.OrgFeaturesError) -> bool:
    """Return whether the organization no longer exists: only its own management account can know."""
    if not isinstance(error, errors.NoOrganizationError | errors.OrganizationMismatchError):
        return False
    return known is not None and api.caller_account() == known


def declared_organization(api: Calls, wanted: str) -> Organization:
    """The organization that the credentials lead to, which must be the declared one.

    Raises:
        AccountNotAllowedError: The configuration rules the account out.
        OrganizationMismatchError: The credentials lead elsewhere.
        NoOrganizationError: They lead to no organization.
    """
    permit_caller(api)
    found = api.organization()
    if found.id != wanted:
        raise _elsewhere(found, wanted)
    return found


def permit_caller(api: Calls) -> None:
    """Refuse to act as an account that the configuration rules out; asks who acts only where it rules.

    Raises:
        AccountNotAllowedError: It does.
    """
    if api.connection.restricts_accounts:
        permit_roles(api.connection)
        permit(api.connection, api.caller_account())


def permit(connection: Connection, caller: str) -> None:
    """Refuse to act as an account that the configuration rules out.

    Raises:
        AccountNotAllowedError: It does.
    """
    found = ruling(caller, connection.allowed_accounts, connection.forbidden_accounts)
    if found is not None:
        raise errors.AccountNotAllowedError(
            f"The credentials belong to account {caller}, which {account_rules.ruling(found)}.",
            "Only sts:GetCallerIdentity was called. Use other credentials, or change the configuration.",
        )


def permit_roles(connection: Connection) -> None:
    """Refuse roles of accounts that the configuration rules out before one of them is assumed.

    The last role is the account that acts; on the way to it, only what is forbidden is refused.

    Raises:
        AccountNotAllowedError: It rules one out.
    """
    accounts = [role.role_arn.split(":")[4] for role in connection.assume_roles]
    for index, account_id in enumerate(accounts):
        allowed = connection.allowed_accounts if index == len(accounts) - 1 else ()
        found = ruling(account_id, allowed, connection.forbidden_accounts)
        if found is not None:
            raise errors.AccountNotAllowedError(
                f"The role to assume is in account {account_id}, which {account_rules.ruling(found)}.",
                "It wasn't assumed. Use another role, or change the configuration.",
            )


def _elsewhere(organization: Organization, wanted: str) -> errors.OrgFeaturesError:
    """The error for credentials of another organization."""
    return errors.OrganizationMismatchError(
        f"The credentials belong to organization {organization.id} (management account "
        f"{organization.management_account_id}), but the program declares {wanted}.",
        "Nothing was written. Use credentials of the declared organization's management account.",
    )


def _not_management(
    caller: str | None, organization: Organization, affair: str | None
) -> errors.NotManagementAccountError:
    migration = (
        f"only the management account {organization.management_account_id} can enable all features in "
        f"organization {organization.id}."
    )
    return errors.NotManagementAccountError(
        f"The credentials belong to account {caller}, but {affair or migration}",
        "Use the management account's credentials, or assume a role in it with `aws:assumeRole`.",
    )
