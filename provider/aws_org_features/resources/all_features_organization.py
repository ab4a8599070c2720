"""`AllFeaturesOrganization`: what a landing zone stands on, as one component.

The component's type and its children's names stand in users' state files: they never change.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import pulumi

from aws_org_features.lifecycle.all_features_organization import (
    DYNAMIC_TYPE,
    child_name,
    gate_name,
    refusal,
    service_needed_by,
)
from aws_org_features.lifecycle.unknown import Unknown
from aws_org_features.resources.feature_set import OrganizationFeatureSet
from aws_org_features.resources.gate import AllFeaturesGate
from aws_org_features.resources.options import refuse_aws_providers, refuse_import
from aws_org_features.resources.root_policy_type import RootPolicyType
from aws_org_features.resources.trusted_service import TrustedService

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_org_features.resources.approver import ApproverArgs, ApproverArgsDict
    from aws_org_features.resources.connection import ConnectionArgs, ConnectionArgsDict

_KIND: Final = "made of dynamic resources"


class AllFeaturesOrganization(pulumi.ComponentResource):
    """An organization with all features, and its policy types and trusted services.

    The feature set comes first, then the gate, then the trusted services and the policy types, none of which
    waits for another, except a policy type for the service that it needs. Resources that depend on the
    component, or on one of its types or services, are held back until that exists. A stack that declares the
    same resources without the component can move them into it: each child has its former name as an alias.

    Attributes:
        feature_set: The `OrganizationFeatureSet`, named as the component.
        gate: The `AllFeaturesGate`, `NAME-gate`: open once all features are enabled.
        policy_type_resources: Each `RootPolicyType`, `NAME-TYPE`, by its type, in the declared order.
        trusted_service_resources: Each `TrustedService`, `NAME-PRINCIPAL`, by its principal, in the declared
            order.
    """

    feature_set: OrganizationFeatureSet
    gate: AllFeaturesGate
    policy_type_resources: Mapping[str, RootPolicyType]
    trusted_service_resources: Mapping[str, TrustedService]

    def __init__(  # noqa: PLR0913 - the feature set's arguments, each spelled out
        self,
        resource_name: str,
        *,
        organization_id: pulumi.Input[str],
        feature_set: pulumi.Input[str] = "ALL",
        finalize: pulumi.Input[bool | str] = True,
        attempt: pulumi.Input[int] = 1,
        approver: pulumi.Input[ApproverArgs | ApproverArgsDict] | None = None,
        wait_until: pulumi.Input[str] = "requested",
        timeout: pulumi.Input[str] = "30m",
        on_destroy: pulumi.Input[str] = "leave",
        observe: pulumi.Input[str] = "diff",
        policy_types: Sequence[str] = (),
        policy_types_on_destroy: pulumi.Input[str] = "refuse-if-used",
        trusted_services: Sequence[str] = (),
        trusted_services_on_destroy: pulumi.Input[str] = "refuse-if-used",
        connection: pulumi.Input[ConnectionArgs | ConnectionArgsDict] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare it.

        Args:
            resource_name: The component's name in the program, with which its children's names begin.
            organization_id: As of `OrganizationFeatureSet`, and for everything in the component.
            feature_set: As of `OrganizationFeatureSet`.
            finalize: As of `OrganizationFeatureSet`.
            attempt: As of `OrganizationFeatureSet`.
            approver: As of `OrganizationFeatureSet`.
            wait_until: As of `OrganizationFeatureSet`.
            timeout: As of `OrganizationFeatureSet`.
            on_destroy: As of `OrganizationFeatureSet`.
            observe: As of `OrganizationFeatureSet`.
            policy_types: AWS's names of the types to enable on the root, such as `SERVICE_CONTROL_POLICY`.
                Plain strings, because they name resources.
            policy_types_on_destroy: What happens to each type, as with `RootPolicyType`'s `on_destroy`.
            trusted_services: AWS's names of the services that the organization should trust, such as
                `guardduty.amazonaws.com`. Plain strings, because they name resources. A policy type that
                needs one of them waits for it.
            trusted_services_on_destroy: What happens to each, as with `TrustedService`'s `on_destroy`.
            connection: As of `OrganizationFeatureSet`, and for everything in the component.
            opts: The component's options. Its children inherit `depends_on`, `protect`, `retain_on_delete`,
                `aliases` and `transforms`.

        Raises:
            pulumi.RunError: `policy_types` isn't a list of AWS's policy types (`policy-types-invalid`),
                `trusted_services` isn't one of services (`trusted-services-invalid`), or `opts` names an aws
                provider (`provider-ignored`).
        """
        refuse_aws_providers(resource_name, opts, connection_given=connection is not None, kind=_KIND)
        if opts is not None:
            refuse_import(resource_name, opts)
        _refuse(
            resource_name,
            policy_types=policy_types,
            policy_types_on_destroy=policy_types_on_destroy,
            trusted_services=trusted_services,
            trusted_services_on_destroy=trusted_services_on_destroy,
        )
        super().__init__(DYNAMIC_TYPE, resource_name, None, opts)
        first = None if opts is None else opts.depends_on
        self.feature_set = OrganizationFeatureSet(
            resource_name,
            organization_id=organization_id,
            feature_set=feature_set,
            finalize=finalize,
            attempt=attempt,
            approver=approver,
            wait_until=wait_until,
            timeout=timeout,
            on_destroy=on_destroy,
            observe=observe,
            connection=connection,
            opts=self._of_a_child(opts, depends_on=first),
        )
        self.gate = AllFeaturesGate(
            gate_name(resource_name), feature_set=self.feature_set, opts=self._of_a_child(opts)
        )
        self.trusted_service_resources = MappingProxyType(
            {
                principal: TrustedService(
                    child_name(resource_name, principal),
                    organization_id=organization_id,
                    service_principal=principal,
                    on_destroy=trusted_services_on_destroy,
                    connection=connection,
                    opts=self._of_a_child(opts, depends_on=[self.gate]),
                )
                for principal in trusted_services
            }
        )
        self.policy_type_resources = MappingProxyType(
            {
                policy_type: RootPolicyType(
                    child_name(resource_name, policy_type),
                    organization_id=organization_id,
                    policy_type=policy_type,
                    on_destroy=policy_types_on_destroy,
                    connection=connection,
                    opts=self._of_a_child(opts, depends_on=[self.gate, *self._needed_by(policy_type)]),
                )
                for policy_type in policy_types
            }
        )
        self.register_outputs({})

    def _needed_by(self, policy_type: str) -> Iterator[TrustedService]:
        """The service that AWS wants trusted before a policy type is enabled, if it is declared here."""
        needed = self.trusted_service_resources.get(service_needed_by(policy_type))
        if needed is not None:
            yield needed

    def _of_a_child(
        self,
        given: pulumi.ResourceOptions | None,
        depends_on: pulumi.Input[Sequence[pulumi.Input[pulumi.Resource]] | pulumi.Resource] | None = None,
    ) -> pulumi.ResourceOptions:
        """A child's options: its order, and where it may have stood. Pulumi hands down the rest by itself."""
        before = {None, None if given is None else given.parent}
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=depends_on,
            aliases=[pulumi.Alias(parent=parent) for parent in before],
        )


def _refuse(resource_name: str, **given: object) -> None:
    """Refuse lists that name no resources.

    Raises:
        pulumi.RunError: With a reference of its own.
    """
    if told := refusal(resource_name, {name: _plain(value) for name, value in given.items()}):
        raise pulumi.RunError(told)


def _plain(value: Any) -> Any:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return _AnOutput() if isinstance(value, pulumi.Output) else value


class _AnOutput(Unknown):
    """Known to nobody when resources are named."""

    def __repr__(self) -> str:
        """Show it in messages."""
        return "an Output"
