"""The story of a migration by the native provider, with the guide's program in each language."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

import pytest

from tests.harness.languages import guides_project
from tools.docs.native_programs import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator

_HOSTS: Final = {"typescript": "nodejs"}


@pytest.fixture(
    params=[
        language if language == "yaml" else pytest.param(language, marks=pytest.mark.exhaustive)
        for language in LANGUAGES
    ]
)
def language(request: pytest.FixtureRequest) -> str:
    """A language whose host is here."""
    chosen: str = request.param
    host = f"pulumi-language-{_HOSTS.get(chosen, chosen)}"
    if shutil.which(host) is None:
        pytest.fail(f"there is no {host} on PATH: run the tests with `make test` or `make test-all`")
    return chosen


# Where nothing of it has been built yet, Go takes minutes.
@pytest.mark.timeout(1800)
def test_a_migration_goes_from_its_start_to_its_end(language: str, tmp_path: Path, org: Emulator) -> None:
    stack = guides_project(language, tmp_path)
    stack.act_as(org)

    def status() -> str:
        return str(stack.state()["features"]["outputs"]["status"])

    begun = stack.up()
    assert begun.code == 0, begun.text
    assert status() == "AWAITING_APPROVALS"
    waiting = stack.preview("--expect-no-changes")
    assert waiting.code == 0, waiting.text

    org.approve_all()
    ahead = stack.preview("--diff")
    assert ahead.did("~ 1 to update"), ahead.text
    for line in (
        "~ pending : 3 => 0",
        '~ status               : "AWAITING_APPROVALS" => "AWAITING_FINALIZATION"',
        '~ goal : "AWAITING_FINALIZATION, everyone has approved" => "ENABLED"',
    ):
        assert ahead.did(line), ahead.text
    assert "IRREVERSIBLE: `pulumi up` enables all features by finalizing h-" in ahead.text
    assert "starting" not in ahead.text

    done = stack.up()
    assert done.did("~ 1 updated"), done.text
    assert status() == "ENABLED"
    org.reset_calls()
    ended = stack.preview("--expect-no-changes")
    assert ended.code == 0, ended.text
    assert org.calls == {}
    gone = stack.command("destroy", "--yes", "--skip-preview")
    assert gone.code == 0, gone.text
    assert "removed from the stack only (o-exampleorg1)" in gone.text
    assert org.feature_set == "ALL"
