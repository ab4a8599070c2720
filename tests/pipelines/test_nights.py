"""The pipelines, night after night.

Both pipelines run the same commands, as `test_files.py` shows; so each night is run once, as GitHub does it.
As GitLab does it runs what is its own: its variables, and how it posts the report.
"""

from __future__ import annotations

import json
import os
import shutil
import urllib.parse
from typing import TYPE_CHECKING, Final

import pytest

from tests.pipelines.conftest import GATED, PLAIN

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.pipelines.conftest import Listener, Repository

NIGHT: Final = ("drift", "migrate", "report", "remind")
GREEN: Final = dict.fromkeys(NIGHT, 0)
BROKEN_BESIDE: Final = """
from pulumi.dynamic import Resource, ResourceProvider

class Broken(ResourceProvider):
    def create(self, props):
        raise ValueError("broken")

class Beside(Resource):
    def __init__(self):
        super().__init__(Broken(), "beside", {})

Beside()
"""


@pytest.mark.timeout(1800)  # twenty runs of the engine
@pytest.mark.parametrize(
    "program",
    [
        pytest.param(PLAIN, id="feature set", marks=pytest.mark.exhaustive),
        pytest.param(GATED, id="gate", marks=pytest.mark.exhaustive),
    ],
)
def test_no_night_is_red_while_the_owners_think_it_over(
    repository: Repository, org: Emulator, program: str
) -> None:
    repository.declare(program)
    assert repository.codes("github", *NIGHT) == GREEN, "the first night"
    assert org.migrations_started == 1
    org.approve(org.invited[0])
    assert repository.codes("github", *NIGHT) == GREEN, "one has approved"
    assert org.feature_set == "CONSOLIDATED_BILLING"
    org.approve_all()
    assert repository.codes("github", *NIGHT) == GREEN, "the last night"
    assert org.feature_set == "ALL"
    assert repository.codes("github", *NIGHT) == GREEN, "once all is done"

    seen = (repository.folder / "history.jsonl").read_text().splitlines()
    assert [json.loads(line)["status"] for line in seen[1:]] == [
        "AWAITING_APPROVALS",
        "AWAITING_APPROVALS",
        "ENABLED",
        "ENABLED",
    ]
    assert (repository.folder / "report.html").read_text().startswith("<!DOCTYPE html>")
    if program == GATED:
        _drift_is_red(repository, org)


def _drift_is_red(repository: Repository, org: Emulator) -> None:
    organizations = org.client("organizations", org.management)
    (root,) = organizations.list_roots()["Roots"]
    organizations.disable_policy_type(RootId=root["Id"], PolicyType="TAG_POLICY")
    told = repository.run("github", "drift")
    assert told.returncode != 0
    assert "but changes were proposed" in told.stdout + told.stderr
    told = repository.shell("pulumi up --yes --refresh", {**repository.values, "PULUMI_STACK": "production"})
    assert told.returncode == 0, told.stdout + told.stderr
    assert repository.codes("github", "drift") == {"drift": 0}, "a person has put it right"


@pytest.mark.exhaustive  # the commands are GitHub's
def test_a_night_of_gitlabs_is_as_green(repository: Repository, org: Emulator) -> None:
    repository.declare(GATED)
    assert repository.codes("gitlab", *NIGHT) == GREEN
    assert org.migrations_started == 1


def test_without_what_the_pipelines_leave_out_a_gate_fails_every_night(repository: Repository) -> None:
    repository.declare(GATED)
    up = repository.shell("pulumi up --yes", {**repository.values, "PULUMI_STACK": "production"})
    assert up.returncode != 0
    assert "feature-set-not-enabled" in up.stdout + up.stderr


def test_an_error_beside_a_gate_fails_the_job(repository: Repository) -> None:
    repository.declare(GATED + BROKEN_BESIDE)
    told = repository.run("github", "migrate")
    assert told.returncode not in {0, 3}
    assert "ValueError: broken" in told.stdout


def test_a_decline_fails_the_job_with_an_error(repository: Repository, org: Emulator) -> None:
    assert repository.codes("github", "migrate") == {"migrate": 0}
    org.decline(org.invited[0])
    told = repository.run("github", "migrate")
    assert told.returncode == 4
    assert "An account declined: somebody must decide." in told.stdout
    assert repository.codes("github", "drift", "report", "remind") == {"drift": 0, "report": 0, "remind": 0}


def test_a_canceled_migration_fails_the_job(repository: Repository, org: Emulator) -> None:
    assert repository.codes("github", "migrate") == {"migrate": 0}
    org.cancel()
    told = repository.run("github", "migrate")
    assert told.returncode == 7
    assert "No migration is in progress: somebody must decide." in told.stdout
    assert org.migrations_started == 1


def test_an_error_is_no_status(repository: Repository, org: Emulator) -> None:
    member = org.credentials(org.invited[0])
    for keys in repository.keys.values():
        keys |= {"AWS_ACCESS_KEY_ID": member.access_key_id, "AWS_SECRET_ACCESS_KEY": member.secret_access_key}
    assert set(repository.codes("github", *NIGHT).values()) & {0, 3, 4, 6, 7} == set()
    assert org.writes == {}


def test_github_shows_the_report_as_the_jobs_summary(repository: Repository, org: Emulator) -> None:
    org.enable_all_features()
    assert repository.run("github", "report").returncode == 0
    assert "0 of 3" in repository.summary.read_text()


def test_gitlab_keeps_the_report_in_an_issue(
    repository: Repository, org: Emulator, listener: Listener
) -> None:
    org.enable_all_features()
    typed = _watch_curl(repository)
    assert repository.run("gitlab", "report").returncode == 0
    assert "--header\n@-\n" in typed.read_text()
    assert "a-token" not in typed.read_text(), "every user of the machine sees a command's arguments"
    (told,) = listener.received
    assert (told.method, told.path) == ("PUT", "/api/v4/projects/42/issues/7")
    assert told.headers["PRIVATE-TOKEN"] == "a-token"
    assert urllib.parse.parse_qs(told.body) == {
        "description": [(repository.folder / "summary.md").read_text()]
    }
    listener.answer = 403
    assert repository.run("gitlab", "report").returncode != 0, "a report that nobody gets is an error"


def _watch_curl(repository: Repository) -> Path:
    """Have the arguments of `curl` written down; gives where."""
    programs, typed = repository.folder.parent / "bin", repository.folder.parent / "typed"
    programs.mkdir()
    real = shutil.which("curl")
    script = f"#!/bin/sh\nprintf '%s\\n' \"$@\" > '{typed}'\nexec '{real}' \"$@\"\n"
    (programs / "curl").write_text(script)
    (programs / "curl").chmod(0o755)
    repository.environment["PATH"] = f"{programs}{os.pathsep}{repository.environment['PATH']}"
    return typed


def test_a_saved_plan_is_what_is_done(repository: Repository, org: Emulator) -> None:
    repository.declare(
        PLAIN.replace('require("organizationId")', 'require("organizationId"), observe="refresh"')
    )
    for feature_set in ("CONSOLIDATED_BILLING", "ALL"):
        org.reset_calls()
        told = repository.run("github", "plan")
        assert told.returncode == 0, told.stdout + told.stderr
        assert org.writes == {}
        told = repository.run("github", "apply")
        assert told.returncode == 0, told.stdout + told.stderr
        assert org.feature_set == feature_set
        if feature_set != "ALL":
            org.approve_all()


def test_a_plan_does_nothing_that_it_did_not_show(repository: Repository) -> None:
    program = PLAIN.replace('require("organizationId")', 'require("organizationId"), observe="refresh"')
    repository.declare(program + '\npulumi.export("shown", 1)')
    repository.run("github", "plan")
    repository.declare(program + BROKEN_BESIDE)
    told = repository.run("github", "apply")
    assert told.returncode != 0
    assert "not allowed by the plan" in told.stdout + told.stderr
    assert "ValueError" not in told.stdout + told.stderr
