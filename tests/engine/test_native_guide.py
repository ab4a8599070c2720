"""What docs/native.md has a person type for an import, after `make up LANGUAGE=yaml`."""

from __future__ import annotations

import contextlib
import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.docs import pages
from tools.docs import transcript
from tools.emulator import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tools.docs.terminal import Session


@contextlib.contextmanager
def in_the_background(command: str, session: Session) -> Iterator[None]:
    """Run a command that ends with `&`, once it has said its first line; it must end by itself."""
    words = shlex.split(command.removesuffix(" &"))
    with subprocess.Popen(words, env=session.environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith("AWS Organizations at ")
        try:
            yield
            assert running.wait(timeout=60) == 0
        finally:
            running.terminate()


@pytest.mark.exhaustive
def test_a_second_organization_is_imported_beside_the_first(tmp_path: Path) -> None:
    checkout = tmp_path / "check out"
    checkout.mkdir()
    transcript.copy_checkout(checkout)
    port = str(free_port())
    emulator, *typed = (line.replace("4600", port) for line in pages.commands(pages.NATIVE, "Import")[1:])
    assert emulator.endswith(" &")
    script = "\n".join(["set -e", transcript.IN_SHELL, *typed])

    with transcript.shell(checkout) as session, in_the_background(emulator, session):
        session.run("make up LANGUAGE=yaml")
        shown = session.run(script, ["yes"])

        assert "organizationId: o-another1org" in shown
        assert "removed from the stack only (o-another1org)" in shown
        mine = session.run(f"{transcript.IN_SHELL} && pulumi stack output status")
        assert mine.strip() == "AWAITING_APPROVALS"
