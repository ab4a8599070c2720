"""An aws provider in a resource's options is refused wherever it comes from: Pulumi would ignore it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest

from aws_org_features import (
    AllFeaturesOrganization,
    get_organization_feature_set,
    get_organization_feature_set_output,
)
from aws_org_features.resources.options import refuse_aws_providers

if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = pytest.mark.usefixtures("mocks")


class Provider(pulumi.ProviderResource):
    def __init__(self, package: str) -> None:
        super().__init__(package, f"{package}-provider", {})


def component(provider: Provider) -> pulumi.ComponentResource:
    opts = pulumi.ResourceOptions(providers=[provider])
    return pulumi.ComponentResource("test:index:Component", "component", None, opts)


def options(package: str) -> dict[str, pulumi.ResourceOptions]:
    provider = Provider(package)
    return {
        "provider": pulumi.ResourceOptions(provider=provider),
        "providers": pulumi.ResourceOptions(providers=[provider]),
        "providers by name": pulumi.ResourceOptions(providers={package: provider}),
        "the parent's": pulumi.ResourceOptions(parent=component(provider)),
    }


@pytest.mark.parametrize("where", ["provider", "providers", "providers by name", "the parent's"])
def test_an_aws_provider_is_refused(where: str) -> None:
    with pytest.raises(pulumi.RunError, match="provider-ignored: org is a dynamic resource"):
        refuse_aws_providers("org", options("aws")[where], connection_given=False)


@pytest.mark.parametrize("get", [get_organization_feature_set, get_organization_feature_set_output])
def test_a_function_of_ours_refuses_it_as_well(get: Callable[..., object]) -> None:
    opts = pulumi.InvokeOptions(provider=Provider("aws"))
    refused = "provider-ignored: get_organization_feature_set is asked by the program itself"
    with pytest.raises(pulumi.RunError, match=refused):
        get(organization_id="o-exampleorg1", opts=opts)


def test_a_component_of_ours_refuses_it_as_well() -> None:
    refused = "provider-ignored: org is made of dynamic resources"
    for opts in options("aws").values():
        with pytest.raises(pulumi.RunError, match=refused):
            AllFeaturesOrganization("org", organization_id="o-exampleorg1", opts=opts)


@pytest.mark.parametrize("where", ["provider", "providers", "providers by name", "the parent's"])
def test_another_packages_provider_is_none_of_our_business(where: str) -> None:
    refuse_aws_providers("org", options("random")[where], connection_given=False)


def test_what_a_parent_hands_down_is_harmless_beside_a_connection() -> None:
    refuse_aws_providers("org", options("aws")["the parent's"], connection_given=True)


def test_an_own_aws_provider_is_refused_beside_a_connection_as_well() -> None:
    with pytest.raises(pulumi.RunError, match="provider-ignored"):
        refuse_aws_providers("org", options("aws")["provider"], connection_given=True)


def test_no_options_at_all() -> None:
    refuse_aws_providers("org", None, connection_given=False)
