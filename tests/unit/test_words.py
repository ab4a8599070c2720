"""The linter of words finds what it is there for."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODESPELL = ROOT / ".venv/bin/codespell"


def linted(path: Path, text: str) -> tuple[int, str]:
    path.write_text(text)
    ended = subprocess.run(
        [CODESPELL, str(path)], cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    return ended.returncode, ended.stdout


@pytest.mark.skipif(not CODESPELL.exists(), reason="make check installs it")
@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("Mend that, then run it again.\n", "Mend ==> Fix"),
        ("It goes to whoever approves.\n", "whoever ==> "),
        ("An account is still to approve.\n", "is still to ==> must still"),
        ("A handshake that is to be accepted.\n", "is to be ==> must be"),
        ("The migration is in flight.\n", "in flight ==> in progress"),
        ("A failure is told once.\n", "is told ==> is reported"),
        ("They recieve a request.\n", "recieve ==> receive"),
        ("The licence is the same.\n", "licence ==> license"),
        ("Two-person finalisation.\n", "finalisation ==> finalization"),
    ],
)
def test_a_word_to_avoid_is_found(tmp_path: Path, text: str, better: str) -> None:
    code, said = linted(tmp_path / "page.md", f"Fine.\n\n{text}")
    assert code != 0
    assert f":3: {better}" in said


@pytest.mark.skipif(not CODESPELL.exists(), reason="make check installs it")
def test_plain_words_pass(tmp_path: Path) -> None:
    assert linted(tmp_path / "page.md", "Fix that: the account must approve.\n") == (
        0,
        "",
    )
