"""Each file of a release, installed where nothing else of ours is: the story's first step runs from it."""

from __future__ import annotations

import fcntl
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.engine.test_plugin_install import Project as WithoutPlugins
from tests.harness.cli_project import CliProject
from tools import engine, packages, release

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_org_emulator import Emulator

pytestmark = [pytest.mark.exhaustive, pytest.mark.timeout(1800)]

_DYNAMIC: Final = """\
import aws_org_features

aws_org_features.OrganizationFeatureSet("features", organization_id="o-exampleorg1")
"""
_BY_PYTHONS_SDK: Final = """\
import pulumi_org_features

pulumi_org_features.OrganizationFeatureSet("features", organization_id="o-exampleorg1")
"""
_BY_NODES_SDK: Final = """\
const features = require("@aws-org-features/org-features");
new features.OrganizationFeatureSet("features", { organizationId: "o-exampleorg1" });
"""
_BY_GOS_SDK: Final = """\
package main

import (
	"{module}/orgfeatures"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(context *pulumi.Context) error {
		args := orgfeatures.OrganizationFeatureSetArgs{OrganizationId: pulumi.String("o-exampleorg1")}
		_, err := orgfeatures.NewOrganizationFeatureSet(context, "features", &args)
		return err
	})
}
"""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files, made once for all processes that run tests."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "dist.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "dist").exists():
            release.build(shared / "dist", [Path(sys.executable)])
    return shared / "dist"


@pytest.fixture
def begins(org: Emulator) -> Callable[[CliProject], None]:
    """Holds a project to the story's first step."""

    def up(project: CliProject) -> None:
        begun = project.up()
        assert begun.code == 0, begun.text
        assert org.writes == {"EnableAllFeatures": 1}
        assert project.state()["features"]["outputs"]["status"] == "AWAITING_APPROVALS"

    return up


def of(built: Path, pattern: str) -> Path:
    (found,) = built.glob(pattern)
    return found


def empty_venv(folder: Path, *names: str, built: Path) -> Path:
    packages.make_venv(folder)
    packages.install(release.ROOT, folder, names, doing="Installing a file of the release", built=[built])
    return folder


def python_project(folder: Path, venv: Path, program: str) -> CliProject:
    project = CliProject(folder, "python")
    (folder / "__main__.py").write_text(program)
    path = os.pathsep.join((str(venv / "bin"), os.environ["PATH"]))
    python = str(venv / "bin" / "python")
    project.set_environment(PATH=path, VIRTUAL_ENV=str(venv), PULUMI_PYTHON_CMD=python)
    return project


def test_two_builds_are_equal_to_the_byte(built: Path, tmp_path: Path) -> None:
    release.build(tmp_path / "again", [Path(sys.executable)])
    first, second = (
        {path.name: path.read_bytes() for path in each.iterdir()} for each in (built, tmp_path / "again")
    )
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_the_sums_are_the_files(built: Path) -> None:
    told = subprocess.run(
        ["sha256sum", "--check", "--strict", release.SUMS],
        cwd=built,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert len(told.stdout.splitlines()) == len(list(built.iterdir())) - 1
    assert (built / "schema.json").read_bytes() == release.SCHEMA.read_bytes()


@pytest.mark.parametrize("kind", ["aws_org_features-*.whl", "aws_org_features-*.tar.gz"])
def test_the_wheel_and_the_sdist(
    built: Path, tmp_path: Path, org: Emulator, begins: Callable[[CliProject], None], kind: str
) -> None:
    venv = empty_venv(tmp_path / "venv", "project", "cli", "install", built=of(built, kind))
    keys = org.credentials(org.management)
    project = python_project(tmp_path, venv, _DYNAMIC)
    project.set_environment(
        AWS_ENDPOINT_URL=org.endpoint,
        AWS_ACCESS_KEY_ID=keys.access_key_id,
        AWS_SECRET_ACCESS_KEY=keys.secret_access_key,
        AWS_REGION="us-east-1",
    )
    begins(project)
    project.shell("org-features status --json || test $? = 3")


@pytest.fixture
def server(built: Path) -> Iterator[str]:
    """Address that the files can be downloaded from."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=built)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


def test_the_plugins_archive(
    built: Path, tmp_path: Path, org: Emulator, server: str, begins: Callable[[CliProject], None]
) -> None:
    project = WithoutPlugins(tmp_path)
    # It unpacks itself there.
    project.set_environment(HOME=str(tmp_path))
    project.act_as(org)
    project.declare("features", org)
    archive = of(built, "pulumi-resource-*.tar.gz")
    install = f"pulumi plugin install resource org-features {release.version()}"
    project.shell(f"{install} --server {server} && pulumi plugin rm resource org-features --yes")
    project.shell(f"{install} --file '{archive}'")
    begins(project)


def test_the_package_for_npm(
    built: Path, tmp_path: Path, org: Emulator, begins: Callable[[CliProject], None]
) -> None:
    assert shutil.which("npm"), "there is no npm on PATH: install Node.js 20 or newer, which comes with it"
    project = CliProject(tmp_path, "nodejs")
    (tmp_path / "package.json").write_text('{"name": "empty", "main": "index.js"}')
    (tmp_path / "index.js").write_text(_BY_NODES_SDK)
    project.shell(f"npm install --prefer-offline --no-audit --no-fund '{of(built, '*.tgz')}'")
    project.act_as(org)
    begins(project)


def test_the_wheel_of_pythons_sdk(
    built: Path, tmp_path: Path, org: Emulator, begins: Callable[[CliProject], None]
) -> None:
    # It needs the same of Pulumi as the project does.
    venv = empty_venv(tmp_path / "venv", "project", "install", built=of(built, "pulumi_org_features-*.whl"))
    project = python_project(tmp_path, venv, _BY_PYTHONS_SDK)
    project.act_as(org)
    begins(project)


def test_the_module_for_go(
    built: Path, tmp_path: Path, org: Emulator, begins: Callable[[CliProject], None]
) -> None:
    module = _as_go_proxy(of(built, "org-features-go-*.zip"), tmp_path / "proxy")
    project = CliProject(tmp_path, {"name": "go", "options": {"binary": "program"}})
    (tmp_path / "main.go").write_text(_BY_GOS_SDK.replace("{module}", module))
    # Both are made of the same versions, and so compiled once.
    for name in ("go.mod", "go.sum"):
        shutil.copyfile(engine.NEWEST.module / name, tmp_path / name)
    project.set_environment(**_go_environment(tmp_path))
    project.shell(f"go get {module}/orgfeatures@v{release.version()} && go build -o program .")
    project.act_as(org)
    begins(project)


def _as_go_proxy(packed: Path, folder: Path) -> str:
    """Lay the module out as a proxy serves it; gives its path."""
    with zipfile.ZipFile(packed) as content:
        (gomod,) = [name for name in content.namelist() if name.endswith("/go.mod")]
        module, _, version = gomod.removesuffix("/go.mod").rpartition("@")
        versions = folder / module / "@v"
        versions.mkdir(parents=True)
        (versions / f"{version}.mod").write_bytes(content.read(gomod))
    (versions / f"{version}.info").write_text(f'{{"Version": "{version}"}}')
    (versions / "list").write_text(f"{version}\n")
    shutil.copyfile(packed, versions / f"{version}.zip")
    return module


def _go_environment(folder: Path) -> dict[str, Any]:
    go = Path(engine.go_toolchain(folder))
    usual = subprocess.run([go, "env", "GOPROXY"], capture_output=True, text=True, check=True).stdout.strip()
    flags = " ".join(flag for flag in engine.GO_FLAGS if not flag.startswith("-mod="))
    return {
        **engine.go_environment(),
        "PATH": os.pathsep.join((str(go.parent), os.environ["PATH"])),
        "GOFLAGS": flags,
        "GOPROXY": f"{(folder / 'proxy').as_uri()},{usual}",
        "GONOSUMDB": "example.com/*",
    }
