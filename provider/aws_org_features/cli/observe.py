"""Looking at AWS, the core's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.aws import Organizations
from aws_org_features.aws.caller import as_whom, permit_caller
from aws_org_features.cli.origin import origin
from aws_org_features.cli.render.output import note
from aws_org_features.common.errors import AccessDeniedError, OrganizationMismatchError
from aws_org_features.common.ownership import warnings
from aws_org_features.migration.assess import assess
from aws_org_features.migration.observe import LOOKS, complete, with_accounts
from aws_org_features.model.migration import NOTHING_RECORDED, Desired, Look, Observation
from aws_org_features.model.organizations import Accounts

if TYPE_CHECKING:
    from datetime import datetime

    from aws_org_features.aws import Connection
    from aws_org_features.model.organizations import Organization
    from aws_org_features.views.report import Looked


def organizations(connection: Connection) -> Organizations:
    """The calls, which say on stderr when they have to wait."""
    return Organizations(connection, note)


def organization_of(api: Organizations, wanted: str | None) -> Organization:
    """The organization that the credentials lead to.

    Args:
        api: The calls.
        wanted: Fail unless the credentials belong to it; None for any.

    Raises:
        AccountNotAllowedError: The credentials belong to an account that an option rules out.
        OrganizationMismatchError: It is another one.
    """
    permit_caller(api)
    found = api.organization()
    if wanted is not None and wanted != found.id:
        raise _another(found, wanted)
    return found


def _another(found: Organization, wanted: str) -> OrganizationMismatchError:
    by = origin()
    said = f"{by.organization} of stack {by.stack}" if by.organization else "--organization-id"
    otherwise = "say --organization-id" if by.organization else "leave the option out"
    return OrganizationMismatchError(
        f"The credentials belong to organization {found.id} (management account "
        f"{found.management_account_id}), but {said} says {wanted}.",
        f"Use credentials of that organization's management account, or {otherwise}.",
    )


def observed(api: Organizations, organization: Organization) -> Observation:
    """Read the organization's migration from AWS, without the record of an earlier run."""
    return complete(api, Desired(organization.id), NOTHING_RECORDED, Observation(organization))


def everything(api: Organizations, organization: Organization, at: datetime) -> Looked:
    """Read a migration and every account from AWS: more than the next step depends on.

    The list of accounts is asked for once. Where it is denied, that is said, and there is less to tell.

    Args:
        api: The calls.
        organization: Whose migration it is.
        at: The time now, UTC.
    """
    from aws_org_features.views.report import Looked

    found = _accounts(api)
    begun = with_accounts(Observation(organization), found)
    seen = complete(api, Desired(organization.id), NOTHING_RECORDED, begun)
    listed = True
    try:
        seen = _with_approvals(api, seen)
    except AccessDeniedError as error:
        # All features are on, else the look before this one would have failed.
        note(f"without the approvals: {error}")
        listed = False
    for warning in warnings(seen):
        note(warning)
    details = found.details if found.known else None
    return Looked(seen, assess(NOTHING_RECORDED, seen), details, at, listed)


def _accounts(api: Organizations) -> Accounts:
    try:
        return api.accounts()
    except AccessDeniedError as error:
        note(f"without the list of accounts: {error}")
        return Accounts(known=False)


def _with_approvals(api: Organizations, seen: Observation) -> Observation:
    with as_whom(api, seen.organization):
        if not seen.parent_sought:
            seen = LOOKS[Look.PARENT](api, seen)
        if seen.parent is not None and seen.children is None:
            seen = LOOKS[Look.CHILDREN](api, seen)
    return seen
