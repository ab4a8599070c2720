"""What the pipelines run, night after night."""

from __future__ import annotations

import json
import urllib.parse
from typing import TYPE_CHECKING, Final

import pytest

from tests.pipelines import files
from tests.pipelines.conftest import GATED, PLAIN

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.pipelines.conftest import Listener, Repository

pipelines = pytest.mark.parametrize("pipeline", files.PIPELINES)
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


@pipelines
@pytest.mark.parametrize("program", [PLAIN, GATED], ids=["feature set", "gate"])
def test_no_night_is_red_while_the_owners_think_it_over(
    repository: Repository, org: Emulator, pipeline: str, program: str
) -> None:
    repository.declare(program)
    assert repository.codes(pipeline, *NIGHT) == GREEN, "the first night"
    assert org.migrations_started == 1
    org.approve(org.invited[0])
    assert repository.codes(pipeline, *NIGHT) == GREEN, "one has approved"
    assert org.feature_set == "CONSOLIDATED_BILLING"
    org.approve_all()
    assert repository.codes(pipeline, *NIGHT) == GREEN, "the last night"
    assert org.feature_set == "ALL"
    assert repository.codes(pipeline, *NIGHT) == GREEN, "once all is done"

    seen = (repository.folder / "history.jsonl").read_text().splitlines()
    assert [json.loads(line)["status"] for line in seen[1:]] == [
        "AWAITING_APPROVALS",
        "AWAITING_APPROVALS",
        "ENABLED",
        "ENABLED",
    ]
    assert (repository.folder / "report.html").read_text().startswith("<!DOCTYPE html>")


def test_without_what_the_pipelines_leave_out_a_gate_fails_every_night(repository: Repository) -> None:
    repository.declare(GATED)
    up = repository.shell("pulumi up --yes", {**repository.values, "PULUMI_STACK": "production"})
    assert up.returncode != 0
    assert "feature-set-not-enabled" in up.stdout + up.stderr


@pipelines
def test_what_goes_wrong_beside_a_gate_is_red(repository: Repository, pipeline: str) -> None:
    repository.declare(GATED + BROKEN_BESIDE)
    told = repository.run(pipeline, "migrate")
    assert told.returncode not in {0, 3}
    assert "ValueError: broken" in told.stdout


@pipelines
def test_a_refusal_is_red_and_told_loudly(repository: Repository, org: Emulator, pipeline: str) -> None:
    assert repository.codes(pipeline, "migrate") == {"migrate": 0}
    org.decline(org.invited[0])
    told = repository.run(pipeline, "migrate")
    assert told.returncode == 4
    assert "An account declined: somebody must decide." in told.stdout
    assert repository.codes(pipeline, "drift", "report", "remind") == {"drift": 0, "report": 0, "remind": 0}


@pipelines
def test_what_somebody_canceled_is_red(repository: Repository, org: Emulator, pipeline: str) -> None:
    assert repository.codes(pipeline, "migrate") == {"migrate": 0}
    org.cancel()
    assert repository.run(pipeline, "migrate").returncode == 7
    assert org.migrations_started == 1


@pipelines
def test_an_error_is_no_status(repository: Repository, org: Emulator, pipeline: str) -> None:
    repository.environment |= {"AWS_ACCESS_KEY_ID": org.credentials(org.invited[0]).access_key_id}
    assert set(repository.codes(pipeline, *NIGHT).values()) & {0, 3, 4, 6, 7} == set()
    assert org.writes == {}


@pipelines
def test_drift_is_red_once_all_features_are_on(repository: Repository, org: Emulator, pipeline: str) -> None:
    repository.declare(GATED)
    repository.run(pipeline, "migrate")
    org.approve_all()
    assert repository.codes(pipeline, "migrate", "drift") == {"migrate": 0, "drift": 0}

    organizations = org.client("organizations", org.management)
    (root,) = organizations.list_roots()["Roots"]
    organizations.disable_policy_type(RootId=root["Id"], PolicyType="TAG_POLICY")
    told = repository.run(pipeline, "drift")
    assert told.returncode != 0
    assert "but changes were proposed" in told.stdout + told.stderr
    told = repository.shell("pulumi up --yes --refresh", {**repository.values, "PULUMI_STACK": "production"})
    assert told.returncode == 0, told.stdout + told.stderr
    assert repository.codes(pipeline, "drift") == {"drift": 0}, "a person has put it right"


def test_github_shows_the_report_as_the_jobs_summary(repository: Repository, org: Emulator) -> None:
    org.enable_all_features()
    assert repository.run("github", "report").returncode == 0
    assert "0 of 3" in repository.summary.read_text()


def test_gitlab_keeps_the_report_in_an_issue(
    repository: Repository, org: Emulator, listener: Listener
) -> None:
    org.enable_all_features()
    assert repository.run("gitlab", "report").returncode == 0
    (told,) = listener.received
    assert (told.method, told.path) == ("PUT", "/api/v4/projects/42/issues/7")
    assert told.headers["PRIVATE-TOKEN"] == "a-token"
    assert urllib.parse.parse_qs(told.body) == {
        "description": [(repository.folder / "summary.md").read_text()]
    }
    listener.answer = 403
    assert repository.run("gitlab", "report").returncode != 0, "a report that nobody gets is told"


@pipelines
def test_a_saved_plan_is_what_is_done(repository: Repository, org: Emulator, pipeline: str) -> None:
    repository.declare(
        PLAIN.replace('require("organizationId")', 'require("organizationId"), observe="refresh"')
    )
    for feature_set in ("CONSOLIDATED_BILLING", "ALL"):
        org.reset_calls()
        told = repository.run(pipeline, "plan")
        assert told.returncode == 0, told.stdout + told.stderr
        assert org.writes == {}
        told = repository.run(pipeline, "apply")
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
