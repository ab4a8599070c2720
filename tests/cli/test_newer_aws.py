"""Messages of the command where AWS shows something unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import error_of
from tests.cli.phases import scenario
from tests.cli.test_watch import interrupt
from tests.cli.worlds import Time, world
from tests.rewriting import Rewriting, is_parent

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.cli.conftest import Invoke, InvokeIn


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Rewriting:
    return Rewriting(monkeypatch)


COMMANDS = (
    ("status",),
    ("status", "--json"),
    ("watch",),
    ("plan",),
    ("plan", "--json"),
    ("report", "--markdown", "report.md"),
    ("approve", "--role-name", "Approver", "--yes"),
    ("approve", "--role-name", "Approver", "--probe"),
    ("approval-kit", "--to", "kit"),
)


@pytest.mark.parametrize("word", ["ALL_AND_MORE", "all"])
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("scenario", [scenario(2)])
def test_a_feature_set_that_nobody_knows_is_named_and_nothing_is_said_to_happen(
    org: Emulator,
    invoke_in: InvokeIn,
    answers: Rewriting,
    arguments: tuple[str, ...],
    word: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    org.enable_all_features()
    org.reset_calls()
    answers.feature_set(word)
    result = invoke_in(world(Time(events={60: interrupt})), *arguments)
    reference, text = error_of(result)
    assert reference == "feature-set-unknown"
    assert f"{org.organization_id} has the feature set '{word}'" in text
    assert "pulumi up" not in result.stdout
    assert ("error" in result.stdout) is ("--json" in arguments)
    assert not org.writes
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("scenario", [scenario(2)])
def test_status_and_plan_name_a_state_of_the_migration_that_nobody_knows(
    org: Emulator, invoke: Invoke, answers: Rewriting
) -> None:
    org.enable_all_features()
    org.reset_calls()
    answers.states("PAUSED", is_parent)
    for command in ("status", "plan"):
        said = " ".join(invoke(command).output.split())
        assert "in state PAUSED" in said
        assert "no other migration is started" in said
        assert "doesn't show who" not in said
    refused = invoke("approve", "--role-name", "Approver", "--yes")
    assert "in state PAUSED" in refused.output
    assert not org.writes


@pytest.mark.parametrize("scenario", [scenario(1)])
def test_status_names_a_request_in_a_state_that_nobody_knows(
    org: Emulator, invoke: Invoke, answers: Rewriting
) -> None:
    org.enable_all_features()
    answers.states("PAUSED", lambda each: not is_parent(each))
    said = " ".join(invoke("status").output.split())
    assert "AWS asks nobody any more" not in said
    assert f"the request of {org.invited[0]} in state PAUSED" in said
    assert "It can't be finalized until AWS shows another state" in said
    assert "no longer shows" not in said
