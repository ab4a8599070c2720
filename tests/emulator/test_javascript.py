"""The AWS SDK for JavaScript takes an organization to all features. npm brings it, where it can."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from aws_org_emulator import Emulator

PACKAGE = "@aws-sdk/client-organizations@3"
PROGRAM = Path(__file__).with_name("migrate.mjs")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder in which node finds the SDK."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm aren't installed")
    install = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(tmp_path), PACKAGE]
    try:
        done = subprocess.run(install, capture_output=True, text=True, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("npm didn't bring the SDK within a minute")
    if done.returncode != 0:
        pytest.skip(f"npm can't bring the SDK: {(done.stderr or done.stdout).strip()[:200]}")
    shutil.copy(PROGRAM, tmp_path)
    return tmp_path


@pytest.mark.exhaustive  # it has npm bring a package
def test_the_javascript_sdk_migrates_an_organization(emulator: Emulator, project: Path) -> None:
    program = ["node", PROGRAM.name, emulator.endpoint, emulator.management, *emulator.invited]
    environment = {key: each for key, each in os.environ.items() if not key.upper().endswith("_PROXY")}
    done = subprocess.run(
        program, cwd=project, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "early": "InvalidHandshakeTransitionException",
        "state": "ACCEPTED",
        "expires": True,
        "reason": "ORGANIZATION_ALREADY_HAS_ALL_FEATURES",
        "featureSet": "ALL",
    }
    assert emulator.feature_set == "ALL"
