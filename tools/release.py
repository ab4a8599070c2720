"""The files of a release: for pip, for npm, for Go, for Pulumi's folder of plugins; with their sums.

    python -m tools.release    # into dist/

Each is made by the usual tool of its kind. The same checkout gives the same bytes, on one machine: dates are
those of the last commit, or SOURCE_DATE_EPOCH. Says what it does on stderr.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools import compatibility, engine, packages
from tools.progress import ToolError, ended, run, say
from tools.venvs import DIST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = packages.ROOT
TARGET: Final = ROOT / "dist"
SUMS: Final = "SHA256SUMS"
EXECUTABLE: Final = "pulumi-resource-org-features"
SCHEMA: Final = ROOT / "provider" / "aws_org_features" / "plugin" / "schema.json"

_NOT_OF_PROVIDERS: Final = ("debugpy",)
"""Packages that the SDK wants for programs alone."""
_LEFT_BY_TOOLS: Final = ("node_modules", "bin", "build", "*.egg-info", "__pycache__", ".git*")
_MACHINES: Final = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_MODULE_PATH: Final = re.compile(r"^module (\S+)$", re.MULTILINE)


def build(target: Path, pythons: Sequence[Path] | None = None) -> None:
    """Make all files, into a folder that is made again.

    Args:
        target: The folder.
        pythons: Which Pythons the plugin's archive is for; else all supported ones that are here.

    Raises:
        ToolError: A tool failed, or there is none.
    """
    DIST.ensure()
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch()}
    with tempfile.TemporaryDirectory(prefix="aws-org-features-") as made:
        scratch, out = Path(made), Path(made) / "out"
        out.mkdir()
        # The wheel is made of the sdist, which so is whole.
        _build_python(ROOT, out, environment, "the wheel and the sdist")
        _plugin_archive(scratch, out, pythons or _pythons(), environment)
        shutil.copyfile(SCHEMA, out / "schema.json")
        for language, make in (("nodejs", _npm), ("python", _python_sdk), ("go", _go)):
            if (ROOT / "sdk" / language).is_dir():
                make(_copy_of_sdk(language, scratch), out, environment)
        (out / SUMS).write_text(sums(out))
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(out, target)


def epoch() -> str:
    """Seconds since 1970 that all dates in the files are: the last commit's."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return given
    told = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if told.returncode:
        raise ToolError("there is no commit to take the date of", "Set SOURCE_DATE_EPOCH.")
    return told.stdout.strip()


def version() -> str:
    """The package's, and so its SDKs'."""
    return str(json.loads(SCHEMA.read_text())["version"])


def sums(folder: Path) -> str:
    """The input of `sha256sum --check`."""
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)


def _build_python(folder: Path, out: Path, environment: Mapping[str, str], what: str, *options: str) -> None:
    python = DIST.path / "bin" / "python"
    run(
        [python, "-m", "build", "--no-isolation", *options, "--outdir", out, folder],
        doing=f"Making {what}",
        usually="some seconds",
        env=environment,
    )


# -- the plugin ------------------------------------------------------------------------------------


def archive_name() -> str:
    """Pulumi's name of the plugin's archive for this machine, where it looks for one.

    Raises:
        ToolError: Pulumi has no name for such a machine.
    """
    machine = _MACHINES.get(platform.machine().lower())
    if machine is None:
        raise ToolError(f"Pulumi knows no machine {platform.machine()}")
    return f"{EXECUTABLE}-v{version()}-{platform.system().lower()}-{machine}.tar.gz"


def _pythons() -> list[Path]:
    named = compatibility.supported((ROOT / "pyproject.toml").read_text())
    found = {name: compatibility.interpreter(name) for name in named}
    say(f"The plugin's archive is for Python {', '.join(name for name in named if found[name])}.")
    if missing := [name for name in named if not found[name]]:
        say(f"It isn't for Python {', '.join(missing)}, which isn't here.")
    return [python for python in found.values() if python]


def _plugin_archive(
    scratch: Path, out: Path, pythons: Sequence[Path], environment: Mapping[str, str]
) -> None:
    # Given as a file, its path would be noted, and be another each time.
    by_name = ("--no-index", "--find-links", out, f"aws-org-features=={version()}")
    venvs = []
    for count, python in enumerate(pythons):
        venv = scratch / f"venv-{count}"
        packages.make_venv(venv, python)
        packages.install(ROOT, venv, ("project",), doing=f"Installing for {python}", built=by_name)
        venvs.append(venv)
    plugin = scratch / EXECUTABLE
    run(
        [
            *(DIST.path / "bin" / "pex", "aws-org-features", "--output-file", plugin),
            # What the lock pins, and uv or pip compared with its sums. Some packages have no other versions.
            *(word for venv in venvs for word in ("--venv-repository", venv)),
            "--pre",
            *(word for name in _NOT_OF_PROVIDERS for word in ("--exclude", name)),
            # Unpacked once, it starts as quickly as an installed one; and it finds a Python by itself.
            *("--venv", "prepend", "--sh-boot", "--entry-point", "aws_org_features.plugin.server"),
        ],
        doing="Making the plugin",
        usually="some seconds",
        env={**environment, "PEX_ROOT": str(scratch / "pex")},
    )
    (out / archive_name()).write_bytes(_packed(plugin, int(environment["SOURCE_DATE_EPOCH"])))


def _packed(program: Path, date: int) -> bytes:
    content = program.read_bytes()
    entry = tarfile.TarInfo(program.name)
    entry.size, entry.mode, entry.mtime = len(content), 0o755, date
    packed = io.BytesIO()
    with (
        gzip.GzipFile("", "wb", fileobj=packed, mtime=date) as zipped,
        tarfile.open(None, "w", zipped) as tar,
    ):
        tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


# -- the SDKs --------------------------------------------------------------------------------------


def _copy_of_sdk(language: str, scratch: Path) -> Path:
    """An SDK to be built, with the license; nothing is left behind in the checkout."""
    copy = scratch / language
    shutil.copytree(ROOT / "sdk" / language, copy, ignore=shutil.ignore_patterns(*_LEFT_BY_TOOLS))
    shutil.copyfile(ROOT / "LICENSE", copy / "LICENSE")
    return copy


def _npm(sdk: Path, out: Path, environment: Mapping[str, str]) -> None:
    """Compiled, so that nobody who installs it needs a compiler: it doesn't compile itself any more."""
    npm = shutil.which("npm")
    if npm is None:
        raise ToolError("there is no npm", "Install Node.js 20 or newer, which comes with it.")
    for doing, command in (
        ("Installing what the SDK for TypeScript is compiled with", (npm, "install", "--ignore-scripts")),
        ("Compiling it", ("node_modules/.bin/tsc",)),
        ("Taking out what compiles it when it is installed", (npm, "pkg", "delete", "scripts.postinstall")),
    ):
        run(command, doing=doing, usually="some seconds", cwd=sdk, env=environment)
    # It reads its version there.
    shutil.copyfile(sdk / "package.json", sdk / "bin" / "package.json")
    shutil.rmtree(sdk / "scripts", ignore_errors=True)
    (sdk / "package-lock.json").unlink(missing_ok=True)
    packing = (npm, "pack", "--ignore-scripts", "--pack-destination", out)
    run(packing, doing="Packing it for npm", usually="a second", cwd=sdk, env=environment)


def _python_sdk(sdk: Path, out: Path, environment: Mapping[str, str]) -> None:
    _build_python(sdk, out, environment, "the wheel of the SDK for Python", "--wheel")


def _go(sdk: Path, out: Path, _environment: Mapping[str, str]) -> None:
    module = _MODULE_PATH.search((sdk / "go.mod").read_text())
    if module is None:
        raise ToolError("sdk/go/go.mod names no module")
    target = out / f"org-features-go-v{version()}.zip"
    go = engine.go_toolchain(sdk.parent)
    run(
        [go, "run", *engine.GO_FLAGS, "./modzip", module[1], f"v{version()}", sdk, target],
        doing="Packing the SDK for Go",
        usually="some seconds",
        cwd=engine.NEWEST.module,
        env=engine.go_environment(),
    )


def main() -> None:
    """Make all files, and list them.

    Raises:
        ToolError: As `build`.
    """
    changed = subprocess.run(
        ["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if changed.stdout:
        say("What isn't committed is in the files all the same: see git status.")
    build(TARGET)
    for line in (TARGET / SUMS).read_text().splitlines():
        name = line.split()[1]
        say(f"  dist/{name} ({(TARGET / name).stat().st_size:,} bytes)")


if __name__ == "__main__":
    sys.exit(ended(main, "Can the package registries be reached? Then run this again."))
