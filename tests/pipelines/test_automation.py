"""The program of the Automation API, on the real engine."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.pipelines.conftest import GATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_org_emulator import Emulator
    from tests.pipelines.conftest import Repository


pytestmark = pytest.mark.own_python  # here as for everybody; the other pipelines' providers are forked


def _start(repository: Repository, org: Emulator, options: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["python", "automation.py", "production", org.organization_id, *options],
        cwd=repository.folder,
        env={**repository.environment, **repository.keys["write"], **repository.values},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.exhaustive
def test_it_stays_until_all_features_are_on(repository: Repository, org: Emulator) -> None:
    repository.declare(GATED)
    with _start(repository, org, ["--every", "0.02", "--within", "1"]) as running:
        assert running.stdout is not None
        lines = []
        for line in running.stdout:
            lines.append(line)
            if line == "Waiting.\n" and len(org.children) > len(_accepted(org)):
                org.approve_all()
    assert running.returncode == 0, "".join(lines)
    assert org.feature_set == "ALL"
    assert org.migrations_started == 1
    assert "EnablePolicyType" in org.writes, "what stands behind the gate is made as well"


def _accepted(org: Emulator) -> list[object]:
    return [child for child in org.children if child["State"] == "ACCEPTED"]


def test_it_gives_up_in_time_and_says_where_it_stands(repository: Repository, org: Emulator) -> None:
    with _start(repository, org, ["--every", "10", "--within", "0"]) as running:
        said, _ = running.communicate(timeout=600)
    assert running.returncode == 3, said
    assert "Waiting." not in said


def test_it_does_not_wait_where_an_account_declined(repository: Repository, org: Emulator) -> None:
    org.enable_all_features()
    org.decline(org.invited[0])
    with _start(repository, org, ["--every", "10", "--within", "8"]) as running:
        said, _ = running.communicate(timeout=600)
    assert running.returncode == 4, said
