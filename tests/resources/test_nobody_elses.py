"""Nobody else's: accounts that are ruled out, and handshakes that contradict themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator.operations import organizations
from aws_org_features import FeatureSetApproval
from tests.reconcile.otherwise import foreign_arn_and_resource, foreign_throughout, two_parties
from tests.resources.test_approver import declare, members, scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.stacks import Project


@pytest.mark.parametrize("scenario", [scenario(*members(2))])
def test_with_the_management_account_alone_allowed_the_preview_says_how_to_allow_others(
    project: Project, org: Emulator
) -> None:
    project.configure_with({"aws:allowedAccountIds": [org.management]})
    declare(project)
    said = project.preview().text
    assert "the approver can't act in 2 accounts" in said
    assert "add it to `aws:allowedAccountIds` beside the management account" in said
    project.up()
    assert not org.calls["AssumeRole"]
    project.configure_with({"aws:allowedAccountIds": [org.management, *org.invited]})
    project.up()
    assert org.feature_set == "ALL"


@pytest.fixture
def lie(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Any], object] | None], None]:
    """Has the emulator show handshakes otherwise than they are."""
    changes: list[Callable[[Any], object] | None] = [None]
    render: Any = vars(organizations)["render"]

    def between(*arguments: Any) -> dict[str, Any]:
        shown: dict[str, Any] = render(*arguments)
        if changes[0] is not None:
            changes[0](shown)
        return shown

    monkeypatch.setattr(organizations, "render", between)
    return lambda change: changes.__setitem__(0, change)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(foreign_arn_and_resource, marks=pytest.mark.engine_too),
        foreign_throughout,
        two_parties,
    ],
)
def test_management_and_its_program_are_stopped_by_what_contradicts_itself(
    project: Project, org: Emulator, lie: Any, change: Any
) -> None:
    project.declare_feature_set(on_destroy="cancel")
    project.up()
    org.approve_all()
    kept = project.kept()
    org.reset_calls()
    lie(change)
    for command in (project.preview, project.up, project.refresh, project.destroy):
        ran = command()
        assert ran.failed
        assert "handshake-unclear: " in ran.text
        assert kept["handshake"]["id"] in ran.text
        assert "Traceback" not in ran.text
    now = project.kept()
    assert {name for name in kept if now[name] != kept[name]} <= {"__provider"}, "encrypted again"
    assert not {"AcceptHandshake", "CancelHandshake", "EnableAllFeatures"} & set(org.calls)
    lie(None)
    project.up()
    assert org.feature_set == "ALL"


def test_a_members_program_is_stopped_by_what_contradicts_itself(
    project: Project, org: Emulator, lie: Any
) -> None:
    org.enable_all_features()
    project.configure(org, org.invited[0])
    project.declare(lambda: FeatureSetApproval("mine", organization_id=org.organization_id))
    lie(foreign_arn_and_resource)
    ran = project.up()
    assert ran.failed
    assert "handshake-unclear: " in ran.text
    assert "AcceptHandshake" not in org.calls
    lie(None)
    assert not project.up().failed
    assert org.children[0]["State"] == "ACCEPTED"
