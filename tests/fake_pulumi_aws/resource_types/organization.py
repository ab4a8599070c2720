"""`aws:organizations/organization:Organization`, after Terraform's `organization.go`.

Three of its traits are why this project exists, and the stand-in has them too:

- Any difference in `featureSet` leads to EnableAllFeatures, which only begins a migration. What is read
  afterwards is the feature set as it still is. So the next run finds the same difference and calls again, and
  AWS refuses.
- `enabledPolicyTypes` is all that will be enabled: types that somebody else enabled are disabled as soon as
  the state knows of them, where the input is left out all of them. AWS detaches their policies.
- From ALL to CONSOLIDATED_BILLING a new organization is made in place of the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.fake_pulumi_aws.description import describe
from tests.fake_pulumi_aws.errors import Refused, telling, unless_gone
from tests.fake_pulumi_aws.resource_types.policy_types import disable, enable, policy_types_problem
from tests.fake_pulumi_aws.resource_types.resource_type import ResourceType
from tests.fake_pulumi_aws.schema import Input, Schema

if TYPE_CHECKING:
    from tests.fake_pulumi_aws.connection import Aws
    from tests.fake_pulumi_aws.values import Values

FEATURE_SETS: Final = ("ALL", "CONSOLIDATED_BILLING")
_NOT_IN_USE: Final = "AWSOrganizationsNotInUseException"


def _feature_set_problem(value: str) -> str | None:
    return (
        None
        if value in FEATURE_SETS
        else f"expected feature_set to be one of {list(FEATURE_SETS)}, got {value}"
    )


def _is_downgrade(old: Any, new: Any) -> bool:
    return (old, new) == FEATURE_SETS


class Organization(ResourceType):
    """The organization that the caller manages."""

    schema = Schema(
        "aws:organizations/organization:Organization",
        inputs={
            "awsServiceAccessPrincipals": Input("set"),
            "enabledPolicyTypes": Input("set", problem=policy_types_problem),
            "featureSet": Input(default="ALL", replaces=_is_downgrade, problem=_feature_set_problem),
        },
        outputs=(
            "accounts",
            "arn",
            "masterAccountArn",
            "masterAccountEmail",
            "masterAccountId",
            "masterAccountName",
            "nonMasterAccounts",
            "roots",
        ),
    )

    def create(self, aws: Aws, inputs: Values) -> str:
        """Make the caller's account the management account of a new organization."""
        with telling("creating Organizations Organization"):
            made = aws.organizations.create_organization(FeatureSet=inputs["featureSet"])
        for principal in inputs.get("awsServiceAccessPrincipals") or ():
            _trust(aws, principal)
        for policy_type in inputs.get("enabledPolicyTypes") or ():
            enable(aws, policy_type)
        return made["Organization"]["Id"]

    def read(self, aws: Aws, resource_id: str, known: Values) -> Values | None:
        """Look at the organization that the caller is in; an import must name it."""
        with telling(f"reading Organizations Organization ({resource_id})"):
            seen = describe(aws)
        if seen is None:
            return None
        if not known and seen["id"] != resource_id:
            raise Refused(
                f"current Organizations Organization ID ({seen['id']}) does not match ({resource_id})"
            )
        return {name: value for name, value in seen.items() if name != "id"}

    def update(self, aws: Aws, resource_id: str, state: Values, inputs: Values) -> None:
        """Set policy types and services; then, if the feature set differs, begin a migration."""
        types_off, types_on = _changes(state, inputs, "enabledPolicyTypes")
        services_off, services_on = _changes(state, inputs, "awsServiceAccessPrincipals")
        # Some types need their service to be trusted for as long as they are enabled.
        for policy_type in types_off:
            disable(aws, policy_type)
        for principal in services_off:
            with telling(f"disabling AWS Service Access ({principal}) in Organizations Organization"):
                aws.organizations.disable_aws_service_access(ServicePrincipal=principal)
        for principal in services_on:
            _trust(aws, principal)
        for policy_type in types_on:
            enable(aws, policy_type)
        if self.differs("featureSet", state, inputs):
            with telling(f"enabling all features in Organizations Organization ({resource_id})"):
                aws.organizations.enable_all_features()

    def delete(self, aws: Aws, resource_id: str, state: Values) -> None:  # noqa: ARG002
        """Delete it, which AWS refuses while it has members."""
        with telling(f"deleting Organizations Organization ({resource_id})"):
            unless_gone(aws.organizations.delete_organization, _NOT_IN_USE)


def _changes(state: Values, inputs: Values, name: str) -> tuple[list[str], list[str]]:
    """The names to remove and the names to add."""
    old, new = state.get(name) or [], inputs.get(name) or []
    return [each for each in old if each not in new], [each for each in new if each not in old]


def _trust(aws: Aws, principal: str) -> None:
    with telling(f"enabling AWS Service Access ({principal}) in Organizations Organization"):
        aws.organizations.enable_aws_service_access(ServicePrincipal=principal)
