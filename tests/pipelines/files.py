"""The pipelines of `examples/pipelines`, taken apart: what each step runs, by which role, and in what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import yaml

from tests.docs import pages

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = pages.ROOT / "examples" / "pipelines"
WORKFLOWS: Final = (FOLDER / "github-actions.yml", FOLDER / "github-actions-plan.yml")
PUBLISHING: Final = tuple(sorted((pages.ROOT / ".github" / "workflows").glob("*.yml")))
"""The repository's own workflows."""
GITLAB: Final = FOLDER / "gitlab-ci.yml"

ACTIONS: Final = frozenset(
    {
        "actions/cache/restore",
        "actions/cache/save",
        "actions/checkout",
        "actions/download-artifact",
        "actions/setup-python",
        "actions/upload-artifact",
        "aws-actions/configure-aws-credentials",
        "pulumi/actions",
    }
)
"""Ready-made actions of GitHub's workflows: not run here."""

SETUP: Final = frozenset({"Install"})
"""Steps that install: not run here, nor is GitLab's `before_script`."""

STEPS: Final[Mapping[str, str]] = {
    "Look for drift": "drift",
    "Move the migration on": "migrate",
    "Post the report": "report",
    "Remind before it expires": "remind",
    "Plan": "plan",
    "Apply": "apply",
}
"""Names of GitHub's steps as jobs of GitLab's."""

Role = Literal["read", "write"]

ROLES: Final[Mapping[str, Role]] = {
    "${{ vars.AWS_READ_ROLE_ARN }}": "read",
    "${{ vars.AWS_WRITE_ROLE_ARN }}": "write",
    "$AWS_READ_ROLE_ARN": "read",
    "$AWS_WRITE_ROLE_ARN": "write",
}
"""The files' name of the role that a job assumes."""

_EXPRESSION: Final = re.compile(r"\$\{\{ (?:vars|secrets)\.(\w+) \}\}")


@dataclass(frozen=True)
class Step:
    """Something that a pipeline runs.

    Attributes:
        script: For bash.
        environment: As the file has it; expressions aren't filled in yet.
        role: What its job has assumed.
    """

    script: str
    environment: Mapping[str, str]
    role: Role

    def filled(self, values: Mapping[str, str]) -> dict[str, str]:
        """The environment, with the variables and secrets that somebody has set."""
        return {
            name: _EXPRESSION.sub(lambda match: values[match[1]], text)
            for name, text in self.environment.items()
        }


def workflows() -> list[dict[str, Any]]:
    """GitHub's workflows, as they stand there."""
    return [yaml.safe_load(path.read_text()) for path in WORKFLOWS]


def workflow_jobs() -> list[dict[str, Any]]:
    """All jobs of GitHub's workflows, each with its own environment variables and those of its workflow."""
    return [
        {**job, "env": {**workflow.get("env", {}), **job.get("env", {})}}
        for workflow in workflows()
        for job in workflow["jobs"].values()
    ]


def workflow_steps() -> list[dict[str, Any]]:
    """All steps of GitHub's workflows, each with all the variables that it is given, and its job."""
    return [
        {**step, "env": {**job["env"], **step.get("env", {})}, "job": job}
        for job in workflow_jobs()
        for step in job["steps"]
    ]


def role_of(job: Mapping[str, Any]) -> Role:
    """The role that a job of GitHub's assumes."""
    (name,) = {found for step in job["steps"] if (found := step.get("with", {}).get("role-to-assume"))}
    return ROLES[name]


def github() -> dict[str, Step]:
    """The commands of GitHub's workflows, by the names of `STEPS`."""
    found = [step for step in workflow_steps() if "run" in step and step["name"] not in SETUP]
    return {STEPS[step["name"]]: Step(step["run"], step["env"], role_of(step["job"])) for step in found}


def gitlab_jobs() -> dict[str, dict[str, Any]]:
    """GitLab's jobs, each with what it extends merged into it as GitLab does."""
    loaded = yaml.safe_load(GITLAB.read_text())
    jobs = {name: job for name, job in loaded.items() if isinstance(job, dict) and "script" in job}
    return {name: _extended(job, loaded) for name, job in jobs.items()}


def _extended(job: Mapping[str, Any], loaded: Mapping[str, Any]) -> dict[str, Any]:
    base = _extended(loaded[job["extends"]], loaded) if "extends" in job else {}
    return _merged(base, {key: value for key, value in job.items() if key != "extends"})


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = {key for key in base if isinstance(base[key], dict) and isinstance(over.get(key), dict)}
    return {**base, **over, **{key: _merged(base[key], over[key]) for key in both}}


def gitlab() -> dict[str, Step]:
    """The commands of GitLab's jobs, by name; without the credentials, which `before_script` sets up."""
    loaded = yaml.safe_load(GITLAB.read_text())
    variables = {name: text for name, text in loaded["variables"].items() if not name.startswith("AWS_")}
    return {
        name: Step("\n".join(job["script"]), variables, ROLES[job["variables"]["AWS_ROLE_ARN"]])
        for name, job in gitlab_jobs().items()
    }


PIPELINES: Final = {"github": github, "gitlab": gitlab}
