"""Tests run alike, no matter what somebody's shell holds and what else runs on the machine."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

from aws_org_emulator.cli.options import DEFAULT_PORT
from tests.conftest import _make_hermetic

ROOT = Path(__file__).parents[2]
NASTY = {
    "PULUMI_BACKEND_URL": "https://example.invalid",
    "PULUMI_ACCESS_TOKEN": "pul-1",
    "PULUMI_STACK": "mine",
    "PULUMI_CONFIG_PASSPHRASE": "mine",
    "AWS_PROFILE": "nobody",
    "AWS_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "mine",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "NO_COLOR": "1",
    "FORCE_COLOR": "1",
    "COLUMNS": "20",
    "PYTHONPATH": "/nowhere",
    "PYTHONWARNINGS": "error",
    "MAKEFLAGS": " -- ARGS=--durations=60",
    "ARGS": "--durations=60",
}
OTHERS = {"PATH": "/bin", "PULUMI_HOME": "/home", "HTTPS_PROXY": "http://127.0.0.1:1", "AWS_CA_BUNDLE": "/ca"}
PROXIES = {
    name: "http://127.0.0.1:1"
    for each in ("http_proxy", "https_proxy", "all_proxy")
    for name in (each, each.upper())
}
SOME = (
    "tests/cli/test_status.py::test_it_says_how_far_until_when_who_and_what_open_means[scenario0]",
    "tests/resources/test_migration.py::test_adopts_a_migration_in_progress_that_anybody_started[in process]",
    "tests/unit/test_environment.py::test_it_was_done_before_any_test",
)
"""A table of a certain width, in colors; a provider's process of an organization; what both need."""


def test_personal_settings_are_removed_and_nothing_else() -> None:
    environment = NASTY | OTHERS | {"no_proxy": "example.com", "LC_ALL": "tr_TR.UTF-8"}
    _make_hermetic(environment)
    assert environment == OTHERS | {
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1,example.com",
        "LC_ALL": "C.UTF-8",
        "GOGC": "400",
    }


def test_it_was_done_before_any_test() -> None:
    assert not NASTY.keys() & os.environ.keys()
    assert "127.0.0.1" in os.environ["NO_PROXY"].split(",")


def test_a_persons_shell_variables_change_nothing() -> None:
    ours = ("NO_PROXY", "PYTEST_")
    shell = {name: value for name, value in os.environ.items() if not name.upper().startswith(ours)}
    with contextlib.ExitStack() as stack:
        # Where it can't be taken, somebody else has.
        with contextlib.suppress(OSError):
            stack.enter_context(socket.create_server(("127.0.0.1", DEFAULT_PORT)))
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *SOME],
            cwd=ROOT,
            env=shell | NASTY | PROXIES | {"TERM": "dumb", "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"{len(SOME)} passed" in ran.stdout
