"""`plugin/`, what `pulumi package add` takes from a checkout: the folder starts the provider."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml

FOLDER = Path(__file__).parents[2] / "plugin"


def test_its_program_serves_the_provider(tmp_path: Path) -> None:
    started = subprocess.Popen([sys.executable, FOLDER], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    port = started.stdout.readline()
    started.terminate()
    started.communicate()
    assert int(port)


def test_it_asks_for_the_checkouts_own_package() -> None:
    assert yaml.safe_load((FOLDER / "PulumiPlugin.yaml").read_text())["runtime"]["name"] == "python"
    wanted = [line for line in (FOLDER / "requirements.txt").read_text().splitlines() if line[:1] != "#"]
    assert [FOLDER.joinpath(each, "pyproject.toml").exists() for each in wanted] == [True]
