"""`org-features iam-policy`: the permissions that a migration takes, ready to be pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from aws_org_features.cli.acting import by_stack
from aws_org_features.cli.command import Command
from aws_org_features.cli.observe import organization_of, organizations
from aws_org_features.cli.options import (
    ACCOUNT_ID,
    ORGANIZATION_ID,
    PARTITION,
    ROLE_NAME,
    SERVICE_PRINCIPAL,
    connected,
)
from aws_org_features.cli.render import output
from aws_org_features.common.errors import OrganizationMismatchError
from aws_org_features.views.iam_policies import (
    BOUND,
    DEFAULT_ROLE_NAME,
    PURPOSES,
    Purpose,
    policy_for,
    policy_text,
    role_pattern,
)

if TYPE_CHECKING:
    from aws_org_features.cli.acting import Acts


@click.command("iam-policy", cls=Command)
@click.option(
    "--for",
    "purpose",
    type=click.Choice(PURPOSES),
    required=True,
    help="read: look at a migration. plan: the same, and see what the caller may do. operate: run `pulumi "
    "up` in the management account. policy-types: the same, for a RootPolicyType; read-policy-types: only "
    "preview one. trusted-services and read-trusted-services: the same two, for a TrustedService. approve: "
    "from there, approve by a role in each member account. member: approve in a member account.",
)
@click.option("--organization-id", type=ORGANIZATION_ID, help="The organization; default: ask AWS.")
@click.option("--management-account-id", type=ACCOUNT_ID, help="Its management account; default: ask AWS.")
@click.option("--partition", type=PARTITION, help="If both ids are given; default: aws.")
@click.option(
    "--role-name",
    "role_names",
    multiple=True,
    type=ROLE_NAME,
    default=[DEFAULT_ROLE_NAME],
    show_default=True,
    help="For approve: the role in the member accounts, with its path; may be repeated.",
)
@click.option(
    "--service-principal",
    "service_principals",
    multiple=True,
    type=SERVICE_PRINCIPAL,
    help="For trusted-services: a service that may be trusted; may be repeated. Without, all may.",
)
@connected
@by_stack
def iam_policy(
    *,
    purpose: Purpose,
    organization_id: str | None,
    management_account_id: str | None,
    partition: str | None,
    role_names: tuple[str, ...],
    service_principals: tuple[str, ...],
    acts: Acts,
    as_json: bool,
) -> None:
    """Print the least-privilege IAM policy for a task.

    Makes no AWS calls if the ids are given, or aren't needed.
    """
    ids = _Ids(organization_id, management_account_id, partition or "aws")
    if not _suffice(purpose, ids, partition):
        ids = _looked_up(acts, ids)
    policy = policy_for(
        purpose,
        partition=ids.partition,
        organization_id=ids.organization_id,
        management_account_id=ids.management_account_id,
        role_arns=[role_pattern(ids.partition, name) for name in role_names],
        service_principals=service_principals,
    )
    if as_json:
        output.show_json({"for": purpose, **ids._asdict(), "policy": policy})
    else:
        output.say(policy_text(policy).rstrip())


class _Ids(NamedTuple):
    organization_id: str | None
    management_account_id: str | None
    partition: str


def _suffice(purpose: Purpose, ids: _Ids, partition: str | None) -> bool:
    """Return whether the policy can be written with what was given."""
    if ids.organization_id and ids.management_account_id:
        return True
    if purpose in BOUND:
        return False
    # A policy that names no organization names roles at most, for which the partition will do.
    return purpose != "approve" or partition is not None


def _looked_up(acts: Acts, given: _Ids) -> _Ids:
    acting = acts(given.organization_id)
    found = organization_of(organizations(acting.connection), acting.organization_id)
    if given.management_account_id not in {None, found.management_account_id}:
        raise OrganizationMismatchError(
            f"The management account of organization {found.id} is {found.management_account_id}, but "
            f"--management-account-id says {given.management_account_id}.",
            "Use credentials of the organization that you mean, or leave the option out.",
        )
    output.note(f"for organization {found.id}, management account {found.management_account_id}")
    return _Ids(found.id, found.management_account_id, found.arn.split(":")[1])
