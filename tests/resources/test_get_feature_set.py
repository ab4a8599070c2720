"""`get_organization_feature_set`: what a program gets before it declares anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from aws_org_features import (
    GetOrganizationFeatureSetResult,
    get_organization_feature_set,
    get_organization_feature_set_output,
)
from tests.engine.test_gate import Plain
from tests.resources.test_guards import assert_clean
from tests.stacks import ORGANIZATION, Project, feature_set

if TYPE_CHECKING:
    from aws_org_emulator import Emulator

FIELDS = tuple(GetOrganizationFeatureSetResult.__annotations__)


def ask() -> None:
    found = get_organization_feature_set(organization_id=ORGANIZATION)
    for name in FIELDS:
        pulumi.export(name, getattr(found, name))


def dependents_if_enabled() -> None:
    if get_organization_feature_set(organization_id=ORGANIZATION).enabled:
        Plain("dependent")


@pytest.mark.engine_too
def test_it_says_what_the_resource_says(project: Project, another_project: Project, org: Emulator) -> None:
    another_project.declare(ask)
    before = another_project.up()
    assert before.outputs["status"] == "NOT_STARTED", before.text
    assert set(before.outputs) == set(FIELDS) - {"handshake"}  # None, which a state has no place for

    project.declare_feature_set()
    assert not project.up().failed
    in_flight = another_project.up().outputs
    assert in_flight["status"] == "AWAITING_APPROVALS"
    assert in_flight == {name: project.kept()[name] for name in FIELDS}

    org.approve_all()
    assert not project.up().failed
    org.reset_calls()
    after = another_project.up().outputs
    assert (after["status"], after["enabled"], after["current_feature_set"]) == ("ENABLED", True, "ALL")
    assert org.writes == {}


def test_dependents_are_not_even_declared_before(project: Project, org: Emulator) -> None:
    project.declare(dependents_if_enabled)
    assert project.up().ops == {"create": 1}, "the stack alone"
    assert not project.up(expect_no_changes=True).failed
    org.enable_all_features()
    org.approve_all()
    org.finalize()
    org.reset_calls()
    preview = project.preview()
    assert preview.ops == {"same": 1, "create": 1}, preview.text
    assert org.calls["DescribeOrganization"] == 1
    assert not project.up().failed
    assert org.writes == {}


def test_its_trap_dependents_vanish_when_the_answer_changes(project: Project, org: Emulator) -> None:
    """Show the trap of docs/landing-zone.md: the same program, and an organization that isn't ALL."""
    org.snapshot("before")
    org.enable_all_features()
    org.approve_all()
    org.finalize()
    project.declare(dependents_if_enabled)
    assert not project.up().failed
    org.restore("before")
    preview = project.preview()
    assert preview.ops == {"same": 1, "delete": 1}, preview.text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(
            {"organization_id": "o-somebodyelse"},
            ["organization-mismatch", ORGANIZATION, "o-somebodyelse"],
        ),
        pytest.param(
            {"organization_id": "123456789012"}, ["configuration-unsupported", "organization_id is"]
        ),
        pytest.param(
            {"connection": {"regoin": "x"}},
            ["configuration-unsupported", "connection has no setting 'regoin'"],
        ),
        pytest.param({"connection": {"profile": "nobodys"}}, ["credentials-missing", "nobodys"]),
    ],
)
def test_an_error_is_one_line(
    project: Project, org: Emulator, arguments: dict[str, Any], words: list[str]
) -> None:
    given = {"organization_id": ORGANIZATION, **arguments}

    def ask_with_output() -> None:
        get_organization_feature_set_output(**given).apply(lambda found: found.status)

    for program in (lambda: get_organization_feature_set(**given), ask_with_output):
        project.declare(program)
        assert_clean(project.preview(), *words)
    assert org.writes == {}


def test_outputs_are_for_the_other_form(project: Project, org: Emulator) -> None:
    organization_id: Any = pulumi.Output.from_input(ORGANIZATION)
    project.declare(lambda: get_organization_feature_set(organization_id=organization_id))
    assert_clean(project.preview(), "plain-values-needed", "get_organization_feature_set_output")
    assert org.calls == {}


def test_it_waits_for_what_it_depends_on(project: Project, org: Emulator) -> None:
    def program() -> None:
        made = feature_set(org)
        after = pulumi.InvokeOutputOptions(depends_on=[made])
        found = get_organization_feature_set_output(organization_id=ORGANIZATION, opts=after)
        pulumi.export("found", found.status)

    project.declare(program)
    preview = project.preview()
    assert not preview.failed, preview.text
    assert org.calls["DescribeOrganization"] == 1, (
        "by the resource: an organization that doesn't exist yet isn't asked about"
    )
    assert project.up().outputs["found"] == "AWAITING_APPROVALS"
    org.approve_all()
    assert project.up().outputs["found"] == "ENABLED"
