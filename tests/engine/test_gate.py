"""The gate: dependents wait behind it, everything else goes on, and the next `up` finishes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

from aws_org_features import AllFeaturesGate, AllFeaturesOrganization
from tests.stacks import export, feature_set

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.stacks import Project


class PlainProvider(ResourceProvider):
    """Makes nothing."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult("plain", props)


class Plain(Resource, module="test", name="Plain"):
    """A resource like any other."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **props: Any) -> None:
        super().__init__(PlainProvider(), name, props, opts)


class LandingZone(pulumi.ComponentResource):
    """A company's own component: an organization, and what stands on it."""

    def __init__(self, name: str, organization_id: str) -> None:
        super().__init__("test:index:LandingZone", name)
        child = pulumi.ResourceOptions(parent=self)
        self.organization = AllFeaturesOrganization(
            name, organization_id=organization_id, policy_types=["TAG_POLICY"], opts=child
        )
        after = pulumi.ResourceOptions(parent=self, depends_on=[self.organization])
        policy = Plain("policy", after)
        Plain("attachment", child, policies=[{"id": policy.id}])
        Plain("apart", child)


@pytest.fixture
def landing_zone(project: Project, org: Emulator) -> Project:
    """A feature set, its gate, something behind it and something beside it."""

    def program() -> None:
        organization = feature_set(org)
        export(organization)
        gate = AllFeaturesGate("gate", feature_set=organization)
        behind = Plain("behind", pulumi.ResourceOptions(depends_on=[gate]))
        Plain("further", pulumi.ResourceOptions(parent=behind))
        Plain("beside")

    project.declare(program)
    return project


def test_a_preview_names_all_that_a_gate_within_a_component_holds_back(
    project: Project, org: Emulator
) -> None:
    project.declare(lambda: LandingZone("zone", org.organization_id))
    preview = project.preview()
    held = re.findall(r"(\S+) create warning: held back unless the gate zone-gate", preview.text)
    assert sorted(set(held)) == ["attachment", "policy", "zone-TAG_POLICY"], preview.text
    assert len([text for _, text in preview.messages if text.startswith("held back")]) == len(set(held))


def test_the_first_run_keeps_the_progress_and_holds_the_dependents_back(
    landing_zone: Project, org: Emulator
) -> None:
    preview = landing_zone.preview()
    assert not preview.failed, preview.text
    warned = [text for severity, text in preview.messages if severity == "warning"]
    held_back = "held back unless the gate gate is open by then"
    assert [text for text in warned if text.startswith("held back")] == [held_back, held_back]
    closed = next(text for text in warned if text.startswith("the gate is closed"))
    assert "this `pulumi up` fails here, and resources that depend on it are held back" in closed
    excluded = re.search(r"pulumi up --exclude '(\S+)' --exclude-dependents", closed)
    assert excluded is not None
    without = landing_zone.preview(exclude=[excluded[1]], exclude_dependents=True)
    assert (without.failed, without.ops["create"]) == (False, 3)
    ran = landing_zone.up()

    assert ran.failed
    assert "Traceback" not in ran.text
    lines = [line.strip() for line in ran.text.splitlines()]
    errors = [line for line in lines if line.startswith("error: feature-set-not-enabled: ")]
    assert len(errors) == 1, ran.text
    assert "(AWAITING_APPROVALS): 0 of 3 approved" in errors[0]
    assert set(landing_zone.resources()) == {"org", "beside"}
    assert org.migrations_started == 1


@pytest.mark.parametrize(
    ("options", "made"),
    [
        pytest.param({}, set(), marks=pytest.mark.exhaustive),
        ({"continue_on_error": True}, {"late", "later"}),
    ],
)
def test_resources_that_had_not_started_are_created_where_an_error_ends_nothing(
    project: Project, org: Emulator, options: dict[str, bool], made: set[str]
) -> None:
    def program() -> None:
        gate = AllFeaturesGate("gate", feature_set=feature_set(org))
        Plain("behind", pulumi.ResourceOptions(depends_on=[gate]))
        late = gate.urn.apply(lambda _: Plain("late"))  # registered once the gate's create has ended
        late.apply(lambda plain: Plain("later", pulumi.ResourceOptions(depends_on=[plain])))

    project.declare(program)
    assert project.up(**options).failed
    assert set(project.resources()) == {"org"} | made


def test_the_next_up_goes_on(landing_zone: Project, org: Emulator) -> None:
    landing_zone.up()
    assert not landing_zone.preview().failed
    assert landing_zone.up().failed
    org.approve_all()
    ran = landing_zone.up()
    assert not ran.failed, ran.text
    assert set(landing_zone.resources()) == {"org", "gate", "behind", "further", "beside"}


@pytest.mark.exhaustive
def test_a_gate_that_is_open_asks_for_nothing(landing_zone: Project, org: Emulator) -> None:
    landing_zone.up()
    org.approve_all()
    landing_zone.up()
    org.reset_calls()
    assert landing_zone.up(expect_no_changes=True).changes == 0
    assert not landing_zone.refresh(expect_no_changes=True).failed
    assert not landing_zone.preview(expect_no_changes=True).failed
    assert org.writes == {}
    assert not landing_zone.destroy().failed
    assert org.feature_set == "ALL"
