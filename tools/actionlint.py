"""Getting actionlint, which checks workflows of GitHub Actions: built from Go modules, kept as engines."""

from __future__ import annotations

import os
from pathlib import Path

from tools import engine, versions
from tools.progress import run

MODULE = "github.com/rhysd/actionlint"
_FOLDER = Path(__file__).parent / "actionlint"


def obtain() -> Path:
    """The program, made if it isn't there yet.

    Raises:
        CommandError: Go, or its modules, can't be had.
    """
    target = engine.cache() / f"actionlint-{versions.ACTIONLINT}"
    with engine.alone():
        if not target.is_dir():
            with engine.placing(target) as folder:
                _build(folder)
    return target / "actionlint"


def _build(folder: Path) -> None:
    go = engine.go_toolchain(folder.parent)
    flags = ("-mod=readonly", "-trimpath", "-buildvcs=false")
    run(
        [go, "build", *flags, "-o", folder / "actionlint", f"{MODULE}/cmd/actionlint"],
        doing=f"Building actionlint {versions.ACTIONLINT}",
        usually="half a minute",
        cwd=_FOLDER,
        env={**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"},
    )
