"""Looking at the root: the organization first, then its policy types. Never writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.aws import caller
from aws_org_features.common import errors
from aws_org_features.model.policy_types import Declared, Root, Seen

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from aws_org_features.aws import Roots
    from aws_org_features.model.organizations import Organization


def observe(api: Roots, declared: Declared, organization: Organization | None = None) -> Seen:
    """Look at the root's policy types.

    Args:
        api: The calls, with the connection's credentials.
        declared: The organization and the root that they must lead to.
        organization: The organization, where this run knows already that it has all features: they stay.

    Raises:
        AccountNotAllowedError: The configuration rules the account out.
        OrganizationMismatchError: The credentials lead elsewhere.
        NoOrganizationError: They lead to no organization.
        NotManagementAccountError: They belong to another account of it, which isn't shown the root.
        RootNotFoundError: The organization has another root than the declared one.
    """
    if organization is None:
        organization = caller.declared_organization(api, declared.organization_id)
    with as_whom(api, organization):
        roots = api.roots()
    return Seen(organization, chosen(roots, declared))


def chosen(roots: tuple[Root, ...], declared: Declared) -> Root:
    """The declared root, or the one that there is.

    Raises:
        RootNotFoundError: There is no such root.
    """
    for root in roots:
        if declared.root_id in {None, root.id}:
            return root
    there = ", ".join(root.id for root in roots)
    raise errors.RootNotFoundError(
        f"Organization {declared.organization_id} has no root {declared.root_id}: its root is {there}."
        if there
        else f"AWS returned no root for organization {declared.organization_id}.",
        "Nothing was written. Fix root_id, or leave it out: then the resource finds the root.",
    )


def as_whom(api: Roots, organization: Organization) -> AbstractContextManager[None]:
    """Distinguish a missing permission from a wrong account, which AWS answers alike."""
    return caller.as_whom(
        api,
        organization,
        f"the policy types of organization {organization.id} are its management account's "
        f"({organization.management_account_id}) to change, or those of an account that it delegated this to",
    )
