"""An aws provider in a resource's options is refused wherever it comes from: Pulumi would ignore it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pulumi
import pytest

from aws_org_features import (
    AllFeaturesGate,
    AllFeaturesOrganization,
    FeatureSetApproval,
    OrganizationFeatureSet,
    RootPolicyType,
    TrustedService,
    get_organization_feature_set,
    get_organization_feature_set_output,
)
from aws_org_features.lifecycle.connection import problems
from aws_org_features.resources.options import refuse_aws_providers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.unit.conftest import Mocks

pytestmark = pytest.mark.usefixtures("mocks")


class Provider(pulumi.ProviderResource):
    def __init__(self, package: str) -> None:
        super().__init__(package, f"{package}-provider", {})


def component(provider: pulumi.ProviderResource) -> pulumi.ComponentResource:
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


def test_a_component_of_ours_is_not_imported() -> None:
    opts = pulumi.ResourceOptions(import_="o-exampleorg1")
    with pytest.raises(pulumi.RunError, match="import-unsupported: org can't be imported"):
        AllFeaturesOrganization("org", organization_id="o-exampleorg1", opts=opts)


@pytest.mark.parametrize("where", ["provider", "providers", "providers by name", "the parent's"])
def test_another_packages_provider_is_none_of_our_business(where: str) -> None:
    refuse_aws_providers("org", options("random")[where], connection_given=False)


def test_a_parents_provider_is_harmless_beside_a_connection() -> None:
    refuse_aws_providers("org", options("aws")["the parent's"], connection_given=True)


def test_the_error_says_what_to_write_instead() -> None:
    with pytest.raises(pulumi.RunError) as refused:
        refuse_aws_providers("org", options("aws")["provider"], connection_given=False)
    text = str(refused.value)
    written = text.partition("`connection=")[2].partition("`")[0]
    assert problems(ast.literal_eval(written.replace("…", "'arn:aws:iam::111111111111:role/x'"))) == []
    assert "With a `connection`, a provider that a parent component passes down does no harm" in text


def test_an_own_aws_provider_is_refused_beside_a_connection_as_well() -> None:
    with pytest.raises(pulumi.RunError, match="provider-ignored"):
        refuse_aws_providers("org", options("aws")["provider"], connection_given=True)


def given_by(where: str, provider: pulumi.ProviderResource) -> pulumi.ResourceOptions:
    """Options that have a transformation give a provider; or none, and the stack has it."""

    def transform(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(provider=provider))
        return pulumi.ResourceTransformationResult(args.props, opts)

    if where == "its own transformation":
        return pulumi.ResourceOptions(transformations=[transform])
    parent = pulumi.ComponentResource(
        "test:index:Component", "above", None, pulumi.ResourceOptions(transformations=[transform])
    )
    return pulumi.ResourceOptions(parent=parent)


TRANSFORMED = ["its own transformation", "one of what is above it"]
RESOURCES: list[Callable[..., object]] = [
    lambda **more: OrganizationFeatureSet("org", organization_id="o-exampleorg1", **more),
    lambda **more: FeatureSetApproval("org", organization_id="o-exampleorg1", **more),
    lambda **more: RootPolicyType("org", organization_id="o-exampleorg1", policy_type="TAG_POLICY", **more),
    lambda **more: TrustedService(
        "org", organization_id="o-exampleorg1", service_principal="ram.amazonaws.com", **more
    ),
]


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("where", TRANSFORMED)
def test_an_aws_provider_that_a_transformation_gives_is_refused(
    mocks: Mocks, where: str, resource: Callable[..., object]
) -> None:
    opts = given_by(where, Provider("aws"))
    for more in ({}, {"connection": {"profile": "x"}}):
        with pytest.raises(pulumi.RunError, match="provider-ignored: org is a dynamic resource"):
            resource(opts=opts, **more)
    assert "org" not in mocks.made


CONFIGURED = {
    "aws:profile": "management",
    "aws:forbiddenAccountIds": '["999999999999"]',
    "aws:region": "",
    "aws:defaultTags": "{}",
}


@pytest.fixture
def configured() -> Iterator[None]:
    """A stack with settings."""
    pulumi.runtime.set_all_config(CONFIGURED, [])
    yield
    pulumi.runtime.set_all_config({}, [])


def dynamic(*settings: str) -> pulumi.ProviderResource:
    return pulumi.ProviderResource("pulumi-python", "own", {name: CONFIGURED[name] for name in settings})


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize(
    ("given", "more", "lacking"),
    [
        ((), {}, "aws:forbiddenAccountIds and aws:profile"),
        (("aws:profile",), {}, "aws:forbiddenAccountIds"),
        (("aws:forbiddenAccountIds",), {}, "aws:profile"),
        ((), {"connection": {"profile": "x"}}, "aws:forbiddenAccountIds"),
        (("aws:profile", "aws:forbiddenAccountIds"), {}, ""),
        (("aws:forbiddenAccountIds",), {"connection": {"profile": "x"}}, ""),
    ],
)
def test_a_provider_of_its_own_must_have_the_stacks_settings(
    mocks: Mocks,
    resource: Callable[..., object],
    given: tuple[str, ...],
    more: dict[str, object],
    lacking: str,
) -> None:
    provider = dynamic(*given)
    ways = [
        pulumi.ResourceOptions(provider=provider),
        pulumi.ResourceOptions(parent=component(provider)),
        *(given_by(where, provider) for where in TRANSFORMED),
    ]
    for opts in ways:
        if lacking:
            refused = f"provider-unconfigured: the provider of org wasn't given {lacking}, which"
            with pytest.raises(pulumi.RunError, match=refused):
                resource(opts=opts, **more)
        else:
            resource(opts=opts, **more)
    assert ("org" in mocks.made) is False or not lacking


def gate(opts: pulumi.ResourceOptions) -> AllFeaturesGate:
    feature_set = OrganizationFeatureSet("all features", organization_id="o-exampleorg1")
    return AllFeaturesGate("org", feature_set=feature_set, opts=opts)


@pytest.mark.parametrize("resource", [*RESOURCES, gate])
def test_an_import_is_refused_in_a_line(mocks: Mocks, resource: Callable[..., object]) -> None:
    opts = pulumi.ResourceOptions(import_="o-exampleorg1")

    def transform(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        return pulumi.ResourceTransformationResult(args.props, pulumi.ResourceOptions.merge(args.opts, opts))

    for given in (opts, pulumi.ResourceOptions(transformations=[transform])):
        with pytest.raises(
            pulumi.RunError, match=r"import-unsupported: org can't be imported: .* creating it"
        ):
            resource(opts=given)
    assert "org" not in mocks.made


def test_no_options_at_all() -> None:
    refuse_aws_providers("org", None, connection_given=False)
