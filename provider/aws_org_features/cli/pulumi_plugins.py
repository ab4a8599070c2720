"""Pulumi's folder of plugins, by its own command: what is in it, what goes in, what goes out."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aws_org_features.cli.pulumi_command import ran
from aws_org_features.common.errors import PulumiFailedError, PulumiMissingError

NAME: Final = "org-features"
"""Pulumi's name of the package."""

EXECUTABLE: Final = f"pulumi-resource-{NAME}"
"""The executable that the engine looks for."""

_SERVER: Final = "aws_org_features.plugin.server"
_PATIENCE_SECONDS: Final = 120
_INSTALL_PULUMI: Final = "Install Pulumi's command line (https://www.pulumi.com/docs/install/)"


def launcher(python: str, *, windows: bool) -> tuple[str, str]:
    """The executable that starts the provider with one Python: the file's name, and its text.

    `-P` keeps modules of a user's project, in which the engine runs, from being taken for Python's own.
    """
    if windows:
        # A percent sign begins a variable, even between quotes.
        return f"{EXECUTABLE}.cmd", f'@"{python.replace("%", "%%")}" -P -m {_SERVER} %*\r\n'
    return EXECUTABLE, f'#!/bin/sh\nexec {shlex.quote(python)} -P -m {_SERVER} "$@"\n'


@dataclass(frozen=True)
class PulumiPlugins:
    """The folder of the user who runs this.

    Attributes:
        pulumi: The program.
    """

    pulumi: str

    @classmethod
    def of_path(cls) -> PulumiPlugins:
        """Use the command that is on PATH.

        Raises:
            PulumiMissingError: There is none.
        """
        found = shutil.which("pulumi")
        if found is None:
            raise PulumiMissingError(
                "There is no `pulumi` on PATH.", f"{_INSTALL_PULUMI} and run the command again."
            )
        return cls(found)

    def versions(self) -> list[str]:
        """The provider's versions that are in it.

        Raises:
            PulumiFailedError: The command failed.
        """
        listed = json.loads(self._run("ls", "--json") or "[]")
        return [each["version"] for each in listed if (each["kind"], each["name"]) == ("resource", NAME)]

    def install(self, version: str, python: str) -> None:
        """Put in an executable that starts a Python, in place of one of the same version.

        Raises:
            PulumiFailedError: The command failed.
        """
        with tempfile.TemporaryDirectory(prefix="org-features-") as folder:
            name, text = launcher(python, windows=os.name == "nt")
            file = Path(folder) / name
            file.write_text(text, encoding="utf-8", newline="")
            file.chmod(0o755)
            # Else a newer version that is there would do, which doesn't for the engine.
            self._run("install", "resource", NAME, version, "--file", folder, "--reinstall")

    def remove(self) -> None:
        """Take out all versions.

        Raises:
            PulumiFailedError: The command failed.
        """
        self._run("rm", "resource", NAME, "--yes")

    def _run(self, action: str, *arguments: str) -> str:
        try:
            done = ran(
                self.pulumi, "plugin", action, *arguments, "--color", "never", seconds=_PATIENCE_SECONDS
            )
        except subprocess.TimeoutExpired as error:
            raise _failed(action, f"it didn't end within {_PATIENCE_SECONDS} seconds") from error
        except OSError as error:
            raise _failed(action, error.strerror or str(error)) from error
        if done.returncode:
            lines = (done.stderr or done.stdout).strip().splitlines()
            raise _failed(action, lines[-1] if lines else f"exit code {done.returncode}")
        return done.stdout


def this_python() -> str:
    """The Python that runs this: of a virtual environment, its own."""
    return sys.executable


def on_path() -> str | None:
    """Path of the provider's executable on PATH. The engine takes that before any of its folder."""
    return shutil.which(EXECUTABLE)


def _failed(action: str, why: str) -> PulumiFailedError:
    return PulumiFailedError(
        f"`pulumi plugin {action}` failed: {why.removeprefix('error: ').rstrip('.')}.",
        "Run the command again once that is fixed.",
    )
