"""The command does what docs/approvals.md says of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from aws_org_features.cli.exit_codes import Exit
from aws_org_features.cli.group import subcommands
from aws_org_features.views.approval_kit import kit_for
from aws_org_features.views.iam_policies import PURPOSES
from tests.docs import pages
from tools.docs.org_features import ORGANIZATION, SAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.cli.conftest import Invoke

PAGE = pages.ROOT / "docs" / "approvals.md"
TYPED = [
    line
    for block in pages.blocks("sh", (PAGE,))
    for line in block.text.splitlines()
    if line.startswith("org-features ")
]


def end_of(command: str) -> Exit:
    """End of a command in the organization that the page shows."""
    if command.split()[1] != "approve":
        return Exit.DONE
    return Exit.UNREACHED if command.endswith(" --probe") else Exit.PENDING


@pytest.mark.parametrize("scenario", [ORGANIZATION])
@pytest.mark.parametrize("command", TYPED)
def test_the_commands_that_it_shows_run(
    org: Emulator, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    org.enable_all_features()
    monkeypatch.chdir(tmp_path)
    result = invoke(*command.split()[1:])
    assert (result.exit_code, result.stderr) == (end_of(command), "")


def test_it_lists_the_files_of_a_kit() -> None:
    rows = pages.rows(pages.section(PAGE, "Writing to the owners"))
    assert [pages.ticked(row[0])[0] for row in rows] == [file.name for file in kit_for(SAMPLE)]


def test_it_lists_the_readers_of_policies() -> None:
    rows = pages.rows(pages.section(PAGE, "Permissions"))
    assert {pages.ticked(row[0])[0] for row in rows} == set(PURPOSES)


def test_the_options_that_it_names_are_there() -> None:
    ours = "\n".join(line for line in pages.prose(PAGE).splitlines() if not line.startswith(">"))
    named = {word for words in pages.ticked(ours) for word in re.findall(r"^--[a-z-]+", words)}
    known = {name for each in subcommands().values() for option in each.params for name in option.opts}
    assert {"--account", "--for"} <= named <= known
