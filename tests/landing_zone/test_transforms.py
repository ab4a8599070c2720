"""An aws provider that a transform of the engine's gives to a dynamic resource never acts for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.landing_zone.conftest import Stack

pytestmark = pytest.mark.exhaustive  # with pulumi-aws

PROGRAM = """
    import pulumi
    import pulumi_aws as aws
    from aws_org_features import OrganizationFeatureSet

    configured = pulumi.Config("aws")
    provider = aws.Provider(
        "management",
        region="us-east-1",
        access_key=configured.require("accessKey"),
        secret_key=configured.require_secret("secretKey"),
        endpoints=configured.require_object("endpoints"),
    )

    def transform(args):
        if not args.type_.startswith("pulumi-python:"):
            return None
        opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(provider=provider))
        return pulumi.ResourceTransformResult(args.props, opts)

    pulumi.runtime.register_resource_transform(transform)
    OrganizationFeatureSet("org", organization_id="o-exampleorg1")
"""


def test_the_run_fails_and_nothing_is_written(stack: Stack, org: Emulator) -> None:
    stack.write(PROGRAM)
    ran = stack.up()
    assert ran.failed, ran.text
    assert "knows no pulumi-python:dynamic/organizations:OrganizationFeatureSet" in ran.text, (
        "its plugin is asked"
    )
    assert org.writes == {}
