"""The commands of docs/native.md as a person types them: from an empty folder, and for an import."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.docs import pages
from tests.harness.cli_project import path_without
from tests.harness.languages import NPM
from tools.docs import native_programs, transcript
from tools.emulator import free_port
from tools.local import hermetic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.docs.terminal import Session

_NPM_AS_OF: Final = "2026-11-01"
"""Take no version that was published later: the page names no exact versions."""


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


# npm and pip get a lot the first time.
@pytest.mark.timeout(1800)
@pytest.mark.exhaustive
def test_a_typescript_user_gets_from_an_empty_folder_to_all_features(tmp_path: Path) -> None:
    clone, *typed = pages.commands(pages.NATIVE, "From an empty folder, in TypeScript, on the emulator")
    *_, checkout = clone.split()
    _copy_the_checkout(tmp_path / checkout)
    port = free_port()
    (stack,) = (number for number, line in enumerate(typed) if line.startswith("npm pkg set"))
    for file, program in (("index.ts", "first"), ("Pulumi.yaml", "first project")):
        (tmp_path / file).write_text(native_programs.program(program))
        typed.insert(stack, f"cp ../{file} .")
    script = "\n".join(typed).replace("--quiet &", f"--quiet --port {port} &")
    script = script.replace("org-features status\n", "org-features status || test $? = 3  # it waits\n")

    code, shown = _typed(script, tmp_path, _as_somebody_else(tmp_path, port))

    assert code == 0, shown
    for line in (
        "using stack emulated's configuration (org-features:profile management)",
        "~ pending : 3 => 0",
        "All features are enabled.",
        "2 unchanged",
        "- 2 deleted",
        "stopped",
    ):
        assert line in shown, shown
    assert "warning: using" not in shown


def _typed(script: str, folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Run a script to its end, and with it what it started in the background."""
    shown = folder / "shown"
    with (
        shown.open("w") as output,
        subprocess.Popen(
            ["sh", "-euxc", script],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as running,
    ):
        try:
            code = running.wait()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGTERM)
    return code, shown.read_text()


def _copy_the_checkout(folder: Path) -> None:
    """As git would clone it, with what isn't committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=pages.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        file = pages.ROOT / name
        if file.exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, folder / name, follow_symlinks=False)


def _as_somebody_else(home: Path, port: int) -> dict[str, str]:
    """An environment without our virtual environment, in which commands find an emulator at a port."""
    environment = hermetic()
    ours = Path(environment.pop("VIRTUAL_ENV")) / "bin"
    return {
        **environment,
        **NPM,
        "PATH": path_without(ours),
        "PULUMI_HOME": str(home / "pulumi"),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "AWS_ORG_EMULATOR_ENDPOINT": f"http://127.0.0.1:{port}",
        "npm_config_before": _NPM_AS_OF,
    }
