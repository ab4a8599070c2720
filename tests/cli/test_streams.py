"""Standard streams that are closed, full, or read by nobody: no traceback, and a useful exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import pytest

from aws_org_features.aws.clients import clients_of
from aws_org_features.cli import main
from aws_org_features.cli.exit_codes import Exit
from tests.cli.conftest import environment_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator

PROGRAM = str(Path(sys.executable).with_name("org-features"))
FULL = "error: file-unusable: The result can't be written to standard output: No space left on device. "


def full() -> TextIO:
    if not Path("/dev/full").exists():
        pytest.skip("only Linux has a file that is always full")
    return Path("/dev/full").open("w", encoding="utf-8")


def unread() -> TextIO:
    reader, writer = os.pipe()
    os.close(reader)
    return os.fdopen(writer, "w", encoding="utf-8")


@pytest.fixture
def run(org: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs the command in this process, with streams of one's own."""

    def call(*arguments: str, out: TextIO | None, err: TextIO | None) -> int:
        for name, value in environment_of(org, org.management).items():
            monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        clients_of.cache_clear()
        with monkeypatch.context() as streams:
            streams.setattr(sys, "stdout", out)
            streams.setattr(sys, "stderr", err)
            with pytest.raises(SystemExit) as ended:
                main(arguments)
        clients_of.cache_clear()
        for stream in filter(None, (out, err)):
            stream.close()  # what it holds would otherwise be written as Python ends, and fail
        return int(ended.value.code or 0)

    return call


COMMANDS = {
    ("--help",): Exit.DONE,
    ("--version",): Exit.DONE,
    ("status", "--json-schema"): Exit.DONE,
    ("iam-policy", "--for", "member"): Exit.DONE,
    ("status",): Exit.PENDING,
    ("status", "--json"): Exit.PENDING,
    ("plan",): Exit.DONE,
    ("approve", "--role-name", "Approver"): Exit.PENDING,
    ("approval-kit", "--to", "kit"): Exit.DONE,
    ("report", "--html", "report.html"): Exit.DONE,
    ("report", "--markdown"): Exit.DONE,
}


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_standard_output(
    org: Emulator, run: Callable[..., int], arguments: tuple[str, ...], tmp_path: Path
) -> None:
    org.enable_all_features()
    kept = tmp_path / "kept"
    with kept.open("w", encoding="utf-8") as err:
        assert run(*arguments, out=None, err=err) == COMMANDS[arguments]
    assert "Traceback" not in kept.read_text(encoding="utf-8")
    more = ("--force",) if "--to" in arguments else ()
    assert run(*arguments, *more, out=full(), err=kept.open("w", encoding="utf-8")) == Exit.FAILED
    (told,) = [line for line in kept.read_text(encoding="utf-8").splitlines() if line.startswith("error")]
    assert told.startswith(FULL)
    assert run(*arguments, *more, out=unread(), err=kept.open("w", encoding="utf-8")) == Exit.UNREAD
    assert "rror" not in kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("stream", [full, unread, lambda: None])
def test_a_failed_remark_doesnt_stop_the_work(
    org: Emulator, run: Callable[..., int], tmp_path: Path, stream: Callable[[], TextIO | None]
) -> None:
    org.enable_all_features()
    arguments = ("approve", "--yes", "--only", org.invited[0], "--only", "999999999999")
    role = "OrganizationAccountAccessRole"
    out = (tmp_path / "out").open("w", encoding="utf-8")
    assert run(*arguments, "--role-name", role, out=out, err=stream()) in {Exit.DONE, Exit.PENDING}
    assert (tmp_path / "out").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("redirected", "code"), [(">&-", 0), (">/dev/full", 1), ("2>&- >&-", 0), ("2>/dev/full", 0)]
)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_process(redirected: str, code: int, encoding: str) -> None:
    shell = f'"$0" iam-policy --for read {redirected}'
    environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": encoding}
    ran = subprocess.run(
        ["sh", "-c", shell, PROGRAM], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == code
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr
    assert len(ran.stderr.splitlines()) == (code == 1)
