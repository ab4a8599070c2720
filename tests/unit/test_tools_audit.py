"""What pip-audit found: told by package; what the index doesn't know isn't taken for safe."""

from __future__ import annotations

import subprocess
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tools import audit
from tools.progress import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable

VULNERABLE = (
    '{"name": "rich", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}',
    '{"name": "click", "version": "1", "vulns": []}',
)
UNKNOWN = '{"name": "moto", "skip_reason": "not found"}'


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Has pip-audit print these packages."""

    def answer(*packages: str, stderr: str = "") -> None:
        stdout = f'{{"dependencies": [{", ".join(packages)}]}}' if packages else ""
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=stdout, stderr=stderr))

    return answer


def test_an_advisory_is_told_with_what_mends_it(answers: Callable[..., None]) -> None:
    answers(*VULNERABLE)
    with pytest.raises(ToolError, match="rich 1: PYSEC-1, fixed in 2"):
        audit.look_for_advisories()


def test_what_the_index_does_not_know_is_told(
    answers: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    answers(VULNERABLE[1], UNKNOWN)
    audit.look_for_advisories()
    told = capsys.readouterr().err
    assert "no advisory on 1 packages" in told
    assert "on 1 packages: they weren't compared" in told


def test_an_audit_that_fails_is_no_audit(answers: Callable[..., None]) -> None:
    answers(stderr="trace\nno network")
    with pytest.raises(ToolError, match="pip-audit failed") as failed:
        audit.look_for_advisories()
    assert failed.value.hint == "no network"
