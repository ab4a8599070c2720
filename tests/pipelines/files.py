"""The pipelines of `examples/pipelines`, taken apart: what each step runs, and in which environment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from tests.docs import pages

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = pages.ROOT / "examples" / "pipelines"
WORKFLOWS: Final = (FOLDER / "github-actions.yml", FOLDER / "github-actions-plan.yml")
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
"""What GitHub's workflows use ready-made: not run here."""

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
"""What GitHub's steps are called as jobs of GitLab's."""

_EXPRESSION: Final = re.compile(r"\$\{\{ (?:vars|secrets)\.(\w+) \}\}")


@dataclass(frozen=True)
class Step:
    """Something that a pipeline runs.

    Attributes:
        script: For bash.
        environment: As the file has it; expressions are still to be filled in.
    """

    script: str
    environment: Mapping[str, str]

    def filled(self, values: Mapping[str, str]) -> dict[str, str]:
        """The environment, with the variables and secrets that somebody has set."""
        return {
            name: _EXPRESSION.sub(lambda match: values[match[1]], text)
            for name, text in self.environment.items()
        }


def workflow_steps() -> list[dict[str, Any]]:
    """All steps of GitHub's workflows, as they stand there, each with the environment of its workflow."""
    loaded = (yaml.safe_load(path.read_text()) for path in WORKFLOWS)
    return [
        {**step, "env": {**workflow["env"], **step.get("env", {})}}
        for workflow in loaded
        for job in workflow["jobs"].values()
        for step in job["steps"]
    ]


def github() -> dict[str, Step]:
    """What GitHub's workflows run, by the names of `STEPS`."""
    found = [step for step in workflow_steps() if "run" in step and step["name"] not in SETUP]
    return {STEPS[step["name"]]: Step(step["run"], step["env"]) for step in found}


def gitlab() -> dict[str, Step]:
    """What GitLab's jobs run, by their names; without the credentials, which `before_script` sets up."""
    loaded = yaml.safe_load(GITLAB.read_text())
    variables = {name: text for name, text in loaded["variables"].items() if not name.startswith("AWS_")}
    jobs = {name: job for name, job in loaded.items() if isinstance(job, dict) and "script" in job}
    return {name: Step("\n".join(job["script"]), variables) for name, job in jobs.items()}


PIPELINES: Final = {"github": github, "gitlab": gitlab}
