"""The functions that the stand-in knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.fake_pulumi_aws.description import describe, described
from tests.fake_pulumi_aws.errors import Refused, telling

if TYPE_CHECKING:
    from tests.fake_pulumi_aws.connection import Aws
    from tests.fake_pulumi_aws.values import Values

GET_ORGANIZATION: Final = "aws:organizations/getOrganization:getOrganization"
_ONLY: Final = "returnOrganizationOnly"


def call(aws: Aws, token: str, arguments: Values) -> Values:
    """Call a function.

    Raises:
        Refused: It, or an argument, isn't known here, or AWS refused.
    """
    if token != GET_ORGANIZATION:
        raise Refused(f"the stand-in knows no {token}")
    if unknown := sorted(arguments.keys() - {_ONLY}):
        raise Refused(f"the stand-in knows no {unknown[0]} of {token}")
    return {**_get_organization(aws, only=bool(arguments.get(_ONLY))), **arguments}


def _get_organization(aws: Aws, *, only: bool) -> Values:
    """After Terraform's `organization_data_source.go`, for a management account."""
    with telling("reading Organizations Organization"):
        if only:
            return described(aws.organizations.describe_organization()["Organization"])
        found = describe(aws)
    if found is None:
        raise Refused("reading Organizations Organization: couldn't find resource")
    return found
