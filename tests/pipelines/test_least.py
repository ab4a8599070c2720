"""No step gets more than it needs: by which role, from which branch, with which secrets, of whose code."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from tests.docs import pages
from tests.pipelines import files
from tools import versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

WRITING: Final = "production"
"""The environment that alone gets the role that writes."""

NEEDED: Final = {
    "PULUMI_CONFIG_PASSPHRASE": {"drift", "migrate", "plan", "apply"},
    "WEBHOOK_URL": {"remind"},
}
"""Each secret of GitHub's, and the steps that can't do without."""

GITLABS_SECRETS: Final = ("AWS_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "REPORT_TOKEN", "WEBHOOK_URL")

_USES: Final = re.compile(r"\buses:\s*(.*)$", re.MULTILINE)
_PINNED: Final = re.compile(r"([\w-]+/[\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)")
_SECRET: Final = re.compile(r"secrets\.(\w+)")


def _texts(value: Any) -> Iterator[str]:
    """All keys and values of what was loaded from a file."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield str(key)
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    else:
        yield str(value)


def _own_workflows() -> list[Path]:
    """The project's own workflows on GitHub, should it have any."""
    return sorted((pages.ROOT / ".github").rglob("*.y*ml"))


def test_every_action_is_pinned_by_digest_and_named_by_version() -> None:
    pinned: dict[str, set[tuple[str, str]]] = {}
    for path in (*files.WORKFLOWS, *_own_workflows()):
        for used in _USES.findall(path.read_text()):
            match = _PINNED.fullmatch(used)
            assert match, f"{path}: {used}"
            owner, name, *_ = match[1].split("/")
            pinned.setdefault(f"{owner}/{name}", set()).add((match[2], match[3]))
    assert {name.partition("/")[0] for name in pinned} == {"actions", "aws-actions", "pulumi", "pypa"}
    assert [name for name, found in pinned.items() if len(found) > 1] == []


def test_the_engine_is_the_one_that_the_tests_run() -> None:
    installing = [
        s["with"] for s in files.workflow_steps() if s.get("uses", "").startswith("pulumi/actions@")
    ]
    assert installing == [{"pulumi-version": versions.ENGINE}] * len(files.workflow_jobs())
    image = yaml.safe_load(files.GITLAB.read_text())["default"]["image"]["name"]
    assert image == f"pulumi/pulumi-python:{versions.ENGINE}"


def test_no_workflow_may_do_anything_that_a_job_was_not_given() -> None:
    for workflow in files.workflows():
        assert workflow["permissions"] == {}
        assert workflow["concurrency"] == {"group": "all-features"}, "one at a time"
    for job in files.workflow_jobs():
        assert job["permissions"] == {"contents": "read", "id-token": "write"}


def test_only_the_environment_for_writing_gets_the_role_that_writes() -> None:
    github = [(files.role_of(job), job["environment"]) for job in files.workflow_jobs()]
    gitlab = [
        (files.ROLES[job["variables"]["AWS_ROLE_ARN"]], job["environment"]["name"])
        for job in files.gitlab_jobs().values()
    ]
    for role, environment in (*github, *gitlab):
        assert (role == "write") is (environment == WRITING), (role, environment)
    assert {role for role, _ in github} == {role for role, _ in gitlab} == {"read", "write"}


@pytest.mark.parametrize("pipeline", files.PIPELINES)
def test_jobs_that_only_read_have_the_role_that_reads(pipeline: str) -> None:
    writing = {name for name, step in files.PIPELINES[pipeline]().items() if step.role == "write"}
    assert writing == {"migrate", "apply"}


def _trust(name: str) -> tuple[str, Mapping[str, str]]:
    """The issuer that a trust policy of `examples` trusts, and what its tokens must say word for word."""
    (statement,) = json.loads((files.FOLDER / f"trust-{name}.json").read_text())["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert set(statement["Condition"]) == {"StringEquals"}, "no wildcards"
    ((kind, principal),) = statement["Principal"].items()
    assert kind == "Federated"
    issuer = principal.partition(":oidc-provider/")[2]
    claims = statement["Condition"]["StringEquals"]
    assert all(isinstance(text, str) and "*" not in text for text in claims.values())
    assert set(claims) == {f"{issuer}:aud", f"{issuer}:sub"}
    return issuer, {key.removeprefix(f"{issuer}:"): text for key, text in claims.items()}


def test_githubs_roles_trust_the_environments_of_their_jobs_alone() -> None:
    for job in files.workflow_jobs():
        issuer, claims = _trust(f"github-{files.role_of(job)}")
        assert issuer == "token.actions.githubusercontent.com"
        assert claims == {
            "aud": "sts.amazonaws.com",
            "sub": f"repo:example/organization:environment:{job['environment']}",
        }


def test_gitlabs_roles_trust_the_protected_branch_and_the_audiences_of_their_jobs_alone() -> None:
    """Check the branch: by GitLab, AWS learns no environment; a job's token request stands in that branch."""
    audiences: dict[str, set[str]] = {"read": set(), "write": set()}
    for job in files.gitlab_jobs().values():
        role = files.ROLES[job["variables"]["AWS_ROLE_ARN"]]
        (token,) = job["id_tokens"].values()
        issuer, claims = _trust(f"gitlab-{role}")
        assert issuer == "gitlab.com"
        assert claims == {
            "aud": token["aud"],
            "sub": "project_path:example/organization:ref_type:branch:ref:main",
        }
        audiences[role].add(token["aud"])
        assert all('$CI_COMMIT_REF_PROTECTED == "true"' in rule["if"] for rule in job["rules"])
        assert job["resource_group"] == "all-features", "one at a time"
    assert audiences["read"].isdisjoint(audiences["write"])


def test_githubs_secrets_are_given_to_the_steps_that_need_them_alone() -> None:
    given: dict[str, set[str]] = {}
    for workflow in files.workflows():
        for job in workflow["jobs"].values():
            for step in job.pop("steps"):
                for name, text in step.pop("env", {}).items():
                    assert text == f"${{{{ secrets.{name} }}}}", "under its own name"
                    given.setdefault(name, set()).add(files.STEPS[step["name"]])
                assert _SECRET.search(" ".join(_texts(step))) is None, step
        assert _SECRET.search(" ".join(_texts(workflow))) is None, "in what all steps have"
    assert given == NEEDED


def test_only_steps_that_run_pulumi_have_the_passphrase() -> None:
    for name, step in files.github().items():
        runs = re.search(r"^\s*pulumi |\) pulumi ", step.script, re.MULTILINE) is not None
        assert runs is ("PULUMI_CONFIG_PASSPHRASE" in step.environment), name


def test_no_expression_is_pasted_into_a_script() -> None:
    assert [step["run"] for step in files.workflow_steps() if "${{" in step.get("run", "")] == []


def test_packages_are_installed_before_there_are_credentials() -> None:
    for job in files.workflow_jobs():
        names = [step.get("uses", step.get("name", "")).partition("@")[0] for step in job["steps"]]
        assert names.index("Install") < names.index("aws-actions/configure-aws-credentials")
        checkout = next(step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@"))
        assert checkout["with"]["persist-credentials"] is False


def test_a_saved_plan_is_applied_by_the_commit_that_made_it() -> None:
    workflow = yaml.safe_load(files.WORKFLOWS[1].read_text())
    plan, apply = workflow["jobs"]["plan"]["steps"], workflow["jobs"]["apply"]["steps"]
    assert workflow["jobs"]["apply"]["needs"] == "plan"
    assert plan[0]["with"]["ref"] == apply[0]["with"]["ref"] == "${{ github.sha }}"
    (kept,) = [step["with"] for step in plan if "upload-artifact" in step.get("uses", "")]
    (taken,) = [step["with"] for step in apply if "download-artifact" in step.get("uses", "")]
    assert kept["name"] == taken["name"] == "plan-of-${{ github.sha }}"
    assert kept["path"] == f"{taken['path']}/plan.json", "nothing of it lands beside the program"
    assert "run-id" not in taken, "of this run"
    assert files.gitlab_jobs()["apply"]["needs"] == ["plan"]
    assert files.gitlab_jobs()["plan"]["artifacts"]["paths"] == ["saved/plan.json"]


def _prepare(folder: Path, secrets: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run GitLab's `before_script`, with a `pulumi` that tells what it was handed; then tell what is left."""
    programs = folder / "bin"
    programs.mkdir()
    (programs / "pulumi").write_text('#!/bin/sh\necho "$@"\nenv\n')
    (programs / "pulumi").chmod(0o755)
    script = "\n".join(yaml.safe_load(files.GITLAB.read_text())["default"]["before_script"])
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", f"{script}\necho; env"],
        cwd=folder,
        env={
            **secrets,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "AWS_WEB_IDENTITY_TOKEN_FILE": str(folder / "token"),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )


def test_gitlabs_installation_is_handed_no_secret(tmp_path: Path) -> None:
    secrets = {name: f"secret-{name}" for name in GITLABS_SECRETS}
    installing, _, left = _prepare(tmp_path, secrets).stdout.partition("\n\n")
    assert installing.startswith("install\n")
    assert "secret-" not in installing
    token = tmp_path / "token"
    assert token.read_text() == secrets.pop("AWS_TOKEN")
    assert oct(token.stat().st_mode)[-3:] == "600"
    assert {line.partition("=")[2] for line in left.splitlines() if "secret-" in line} == set(
        secrets.values()
    )
