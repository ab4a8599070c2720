"""Looking at AWS, the core's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.aws import Organizations
from aws_org_features.cli.output import note
from aws_org_features.errors import OrganizationMismatchError
from aws_org_features.model import NOTHING_RECORDED, Desired, Observation
from aws_org_features.observe import complete

if TYPE_CHECKING:
    from aws_org_features.aws import Connection
    from aws_org_features.model import Organization


def organizations(connection: Connection) -> Organizations:
    """The calls, which say on stderr when they have to wait."""
    return Organizations(connection, note)


def organization_of(api: Organizations, wanted: str | None) -> Organization:
    """The organization that the credentials lead to.

    Args:
        api: The calls.
        wanted: The only one that will do; None to take whichever it is.

    Raises:
        OrganizationMismatchError: It is another one.
    """
    found = api.organization()
    if wanted not in {None, found.id}:
        raise OrganizationMismatchError(
            f"The credentials lead to organization {found.id} (management account "
            f"{found.management_account_id}), but --organization-id says {wanted}.",
            "Use credentials of that organization's management account, or leave the option out.",
        )
    return found


def observed(api: Organizations, organization: Organization) -> Observation:
    """What AWS shows of the organization's migration, without a record of what it showed before."""
    return complete(api, Desired(organization.id), NOTHING_RECORDED, Observation(organization))
