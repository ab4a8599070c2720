"""Tests run alike, no matter what somebody's shell holds."""

from __future__ import annotations

import os

from tests.conftest import _make_hermetic

NASTY = {
    "PULUMI_BACKEND_URL": "https://nobody.invalid",
    "PULUMI_ACCESS_TOKEN": "pul-1",
    "PULUMI_STACK": "mine",
    "PULUMI_CONFIG_PASSPHRASE": "mine",
    "AWS_PROFILE": "mine",
    "AWS_REGION": "xx-nowhere-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "NO_COLOR": "1",
    "FORCE_COLOR": "1",
    "COLUMNS": "20",
    "PYTHONPATH": "/nowhere",
    "PYTHONWARNINGS": "error",
}
OTHERS = {"PATH": "/bin", "PULUMI_HOME": "/home", "HTTPS_PROXY": "http://127.0.0.1:1", "AWS_CA_BUNDLE": "/ca"}


def test_what_is_somebodys_own_is_taken_away_and_nothing_else() -> None:
    environment = NASTY | OTHERS | {"no_proxy": "example.com", "LC_ALL": "tr_TR.UTF-8"}
    _make_hermetic(environment)
    assert environment == OTHERS | {
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1,example.com",
        "LC_ALL": "C.UTF-8",
    }


def test_it_was_done_before_any_test() -> None:
    assert not NASTY.keys() & os.environ.keys()
    assert "127.0.0.1" in os.environ["NO_PROXY"].split(",")
