"""Getting what runs programs in languages besides Python: from beside the engine, or built from Go modules.

    python -m tools.language_hosts yaml|nodejs|go...

The vendor's engine comes with them all. One that was built here comes with Python's alone, so the others are
built where they are asked for, once for all clones, and put beside it. For the tools, and for the programs
that `tools.local run` starts, they are then on PATH: `.local/language-hosts/` says where.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools import engine, versions
from tools.progress import ToolError, report, run, say

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
CHOSEN: Final = ROOT / ".local" / "language-hosts"
"""A file for each language, which names the folder of its host."""


@dataclass(frozen=True)
class Host:
    """A language host: the Go package that it is built from, and how long that takes.

    `tells` is the variable of its module that it takes its version from.
    """

    language: str
    module: str
    version: str
    package: str
    tells: str
    usually: str

    @property
    def program(self) -> str:
        """The name that the engine looks for."""
        return f"pulumi-language-{self.language}"

    @property
    def built(self) -> Path:
        """The folder of our own build."""
        return engine.cache() / f"{self.program}-{self.version}"


HOSTS: Final = {
    host.language: host
    for host in (
        Host(
            "yaml",
            "github.com/pulumi/pulumi-yaml",
            versions.YAML_HOST,
            "cmd/pulumi-language-yaml",
            "pkg/version.Version",
            "about 3 minutes",
        ),
        Host(
            "nodejs",
            engine.SDK_MODULE,
            versions.NODEJS_HOST,
            "nodejs/cmd/pulumi-language-nodejs",
            "go/common/version.Version",
            "about a minute",
        ),
        Host(
            "go",
            engine.SDK_MODULE,
            versions.GO_HOST,
            "go/pulumi-language-go",
            "go/common/version.Version",
            "about a minute",
        ),
    )
}


def obtain(host: Host, beside: Path) -> Path:
    """The folder of a host's program: the engine's own, if it is there, or else one built here.

    Raises:
        ToolError: It can't be built.
    """
    ours = engine.is_built_here(beside)
    if not ours and shutil.which(host.program, path=str(beside)):
        return beside
    if not host.built.is_dir():
        with engine.alone():
            if not host.built.is_dir():  # the run that we waited for may have made it
                _build(host)
    if not ours:
        return host.built / "bin"
    _link(host.built / "bin" / host.program, beside / host.program)
    return beside


def _link(program: Path, target: Path) -> None:
    """Have a program in another folder as well, in place of what was there.

    The engine takes a host from there silently. Of one that is elsewhere on PATH it warns with every command.
    """
    if target.exists() and target.samefile(program):
        return
    passing = target.with_name(f".{target.name}-{os.getpid()}")
    os.link(program, passing)
    passing.replace(target)
    # Where another run was faster, both are the same file, and neither is removed.
    passing.unlink(missing_ok=True)


def _build(host: Host) -> None:
    say(f"Language host: {host.program} didn't come with the engine; building it, once for all clones")
    with engine.placing(host.built) as folder:
        go = engine.go_toolchain(folder.parent)
        ldflags = f"-s -w -X {host.module}/{host.tells}=v{host.version}"
        target = folder / "bin" / host.program
        package = f"{host.module}/{host.package}"
        run(
            [go, "build", *engine.GO_FLAGS, "-ldflags", ldflags, "-o", target, package],
            doing=f"Building {host.program} {host.version}",
            usually=host.usually,
            cwd=engine.MODULES / host.language,
            env=engine.go_environment(),
        )


def folders() -> list[str]:
    """Folders of the hosts that this checkout has asked for."""
    return sorted({path.read_text().strip() for path in CHOSEN.glob("*")})


def get(languages: Sequence[str]) -> None:
    """Get the hosts, and note in this checkout where they are.

    Raises:
        ToolError: One can't be built.
    """
    beside = Path((ROOT / ".local" / "engine").read_text().strip())
    for language in languages:
        host = HOSTS[language]
        folder = obtain(host, beside)
        CHOSEN.mkdir(parents=True, exist_ok=True)
        noted = CHOSEN / language
        if not noted.exists() or noted.read_text().strip() != str(folder):
            noted.write_text(f"{folder}\n")
            say(f"Language host: {host.program}, from {folder}")


def main(languages: Sequence[str]) -> int:
    """Get the hosts, or say why that can't be."""
    engine.clean_up_when_ended()
    try:
        get(languages)
    except ToolError as error:
        return report(error)
    except KeyboardInterrupt:
        say("\nStopped; nothing half-made is left behind.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
