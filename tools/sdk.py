"""The SDKs of the native provider, for TypeScript, Python and Go: made of its schema, kept in `sdk/`.

    python -m tools.sdk     # regenerates them

The program that makes them is built from Go modules, and kept beside the engine. Says what it does on stderr.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from tools import engine, versions
from tools.progress import ended, run

ROOT: Final = Path(__file__).resolve().parents[1]
SCHEMA: Final = ROOT / "provider" / "aws_org_features" / "plugin" / "schema.json"
SDK: Final = ROOT / "sdk"
MADE_FROM: Final = SDK / "made-from.json"
LANGUAGES: Final = ("nodejs", "python", "go")

_MODULE: Final = engine.NEWEST.module
_SOURCE: Final = _MODULE / "sdkgen" / "main.go"


def made_from() -> str:
    """The contents of `sdk/made-from.json`: shows without Go whether the SDKs are current."""
    found = {"schema": _sum(SCHEMA), "pulumi": versions.ENGINE, "program": _sum(_SOURCE)}
    return json.dumps(found, indent=2) + "\n"


def generate(target: Path) -> None:
    """Write the SDKs into a folder, each into one of its language's name.

    Raises:
        ToolError: The program can't be built, or the schema isn't one.
    """
    run([_generator(), SCHEMA, target], doing="Making the SDKs", usually="some seconds")


def _generator() -> Path:
    """The program that makes them, made itself if it isn't there yet."""
    target = engine.cache() / f"sdkgen-{versions.ENGINE}-{_sum(_SOURCE)[:8]}"
    with engine.alone():
        if not target.is_dir():
            with engine.placing(target) as folder:
                run(
                    [
                        *(engine.go_toolchain(folder.parent), "build", *engine.GO_FLAGS, "-ldflags", "-s -w"),
                        *("-o", folder / "sdkgen", "./sdkgen"),
                    ],
                    doing="Building what makes the SDKs, from Go modules",
                    usually="some seconds, 3 minutes where the engine wasn't built",
                    cwd=_MODULE,
                    env=engine.go_environment(),
                )
    return target / "sdkgen"


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write() -> None:
    """Write `sdk/` again: what a former schema led to goes.

    Raises:
        ToolError: As `generate`.
    """
    with tempfile.TemporaryDirectory() as scratch:
        generate(Path(scratch))
        for language in LANGUAGES:
            shutil.rmtree(SDK / language, ignore_errors=True)
            shutil.copytree(Path(scratch) / language, SDK / language)
    MADE_FROM.write_text(made_from())


if __name__ == "__main__":
    sys.exit(ended(write, "Can Go's module proxy be reached? Then run this again."))
