"""A class that is made of one of ours keeps its type, in the states that it has as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi  # noqa: TC002 - the engine reads the annotations
import pytest

from aws_org_features import OrganizationFeatureSet, RootPolicyType, TrustedService
from tests.stacks import export

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.stacks import Project

TYPE = "pulumi-python:dynamic/organizations:OrganizationFeatureSet"


class Corp(OrganizationFeatureSet):
    """A company's own defaults."""

    def __init__(self, name: str, organization_id: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, organization_id=organization_id, finalize=False, opts=opts)


class CorpOfCorp(Corp):
    """A department's subclass."""


class Named(OrganizationFeatureSet, module="corp", name="Organization"):
    """One that has a type of its own."""


class Before(OrganizationFeatureSet, name="Resource"):
    """The SDK's own treatment of a subclass."""


@pytest.mark.parametrize(
    ("kind", "of"),
    [
        (OrganizationFeatureSet, TYPE),
        (Corp, TYPE),
        (CorpOfCorp, TYPE),
        (Named, "pulumi-python:dynamic/corp:Organization"),
        (RootPolicyType, "pulumi-python:dynamic/organizations:RootPolicyType"),
        (TrustedService, "pulumi-python:dynamic/organizations:TrustedService"),
    ],
)
def test_each_class_has_its_type(kind: Any, of: str) -> None:
    assert f"pulumi-python:{kind._resource_type_name}" == of


@pytest.mark.parametrize("before", [OrganizationFeatureSet, Before])
def test_moving_to_a_subclass_replaces_nothing(
    project: Project, org: Emulator, before: type[OrganizationFeatureSet]
) -> None:
    project.declare(lambda: export(before("org", organization_id=org.organization_id, finalize=False)))
    project.up()
    org.reset_calls()
    project.declare(lambda: export(Corp("org", org.organization_id)))
    ran = project.up()
    assert (ran.changes, org.writes) == (0, {}), ran.text
    assert [each["type"] for each in project.resources().values()] == [TYPE]
