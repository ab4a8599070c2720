"""What the command says where AWS shows what it doesn't know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import error_of
from tests.cli.phases import scenario
from tests.cli.test_watch import interrupt
from tests.cli.worlds import Time, world
from tests.rewriting import Rewriting

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.cli.conftest import InvokeIn


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
