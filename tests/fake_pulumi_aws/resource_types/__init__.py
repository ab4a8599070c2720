"""The resource types that the stand-in knows, one in a module, by their tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.fake_pulumi_aws.errors import Refused
from tests.fake_pulumi_aws.resource_types.delegated_administrator import DelegatedAdministrator
from tests.fake_pulumi_aws.resource_types.organization import Organization
from tests.fake_pulumi_aws.resource_types.organizational_unit import OrganizationalUnit
from tests.fake_pulumi_aws.resource_types.policy import Policy
from tests.fake_pulumi_aws.resource_types.policy_attachment import PolicyAttachment

if TYPE_CHECKING:
    from tests.fake_pulumi_aws.resource_types.resource_type import ResourceType

ALL: Final[tuple[ResourceType, ...]] = (
    DelegatedAdministrator(),
    Organization(),
    OrganizationalUnit(),
    Policy(),
    PolicyAttachment(),
)
_BY_TOKEN: Final = {each.schema.token: each for each in ALL}


def resource_type(token: str) -> ResourceType:
    """The type with a token.

    Raises:
        Refused: It isn't known here.
    """
    if token not in _BY_TOKEN:
        raise Refused(f"the stand-in knows no {token}")
    return _BY_TOKEN[token]
