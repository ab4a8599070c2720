"""A repository with a pipeline in it, run as its runner would, on an emulated organization."""

from __future__ import annotations

import http.server
import os
import shutil
import subprocess
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, get_args

import pytest

from aws_org_emulator import Scenario, Switches
from tests.docs import pages
from tests.pipelines import files
from tests.policies import policy
from tests.stacks import write_program
from tools.local import hermetic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from aws_org_emulator import Emulator
    from aws_org_features.views.iam_policies import Purpose
    from tests.harness.provider import Zygote

PLAIN: Final = (pages.ROOT / "__main__.py").read_text()
GATED: Final = """
import pulumi
from aws_org_features import AllFeaturesOrganization

organization = AllFeaturesOrganization(
    "organization", organization_id=pulumi.Config().require("organizationId"), policy_types=["TAG_POLICY"]
)
pulumi.export("status", organization.feature_set.status)
"""


@dataclass
class Received:
    """A request that somebody sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str


@dataclass
class Listener:
    """A server in place of a chat's webhook or of GitLab's API.

    Attributes:
        url: Its address.
        received: All requests so far.
        answer: The HTTP status that it answers with.
    """

    url: str
    received: list[Received] = field(default_factory=list)
    answer: int = 200


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server that listens, and keeps what it receives."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            here.received.append(Received(self.command, self.path, dict(self.headers), body))
            self.send_response(here.answer)
            self.end_headers()

        do_PUT = do_POST  # noqa: N815 - http.server's own name

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        here = Listener(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever).start()
        yield here
        server.shutdown()


ALLOWED: Final[Mapping[files.Role, tuple[Purpose, ...]]] = {
    "read": ("read", "read-policy-types"),
    "write": ("operate", "policy-types"),
}
"""The page's words on what each role may do, by `iam-policy --for`."""


@pytest.fixture
def scenario() -> Scenario:
    """An organization in which a role may do what its policies say."""
    return Scenario(switches=Switches(iam_enforcement=True))


def _keys(org: Emulator, role: files.Role) -> dict[str, str]:
    iam = org.client("iam", org.management)
    iam.create_user(UserName=role)
    for purpose in ALLOWED[role]:
        iam.put_user_policy(UserName=role, PolicyName=purpose, PolicyDocument=policy(purpose))
    key = iam.create_access_key(UserName=role)["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


class Repository:
    """A project and its pipelines, at the top of a repository."""

    def __init__(self, folder: Path, org: Emulator, listener: Listener, forking: Zygote | None) -> None:
        self.folder = folder / "repository"
        self.summary = folder / "job-summary.md"
        self.listener = listener
        shutil.copytree(files.FOLDER, self.folder)
        shutil.copy(pages.ROOT / "Pulumi.yaml", self.folder)
        # The packages that `pulumi install` would install.
        if forking:
            forking.environment_in(self.folder / ".venv")
        else:
            (self.folder / ".venv").symlink_to(pages.ROOT / ".venv")
        # The effect of the set-up on each role.
        self.keys = {role: _keys(org, role) for role in get_args(files.Role)}
        self.environment = {
            **hermetic(),
            "PULUMI_HOME": str(folder / "pulumi"),
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": org.endpoint,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        self.values = {
            "ORGANIZATION_ID": org.organization_id,
            "PULUMI_BACKEND_URL": f"file://{folder}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "WEBHOOK_URL": f"{listener.url}/hook",
        }
        # GitLab's runner has the variables of the project in the environment, and some of its own.
        self.by_gitlab = {
            **self.values,
            "CI_API_V4_URL": f"{listener.url}/api/v4",
            "CI_PROJECT_ID": "42",
            "REPORT_ISSUE": "7",
            "REPORT_TOKEN": "a-token",
        }

    def declare(self, program: str) -> None:
        """Make this the project's program."""
        write_program(self.folder, program)

    def shell(
        self, script: str, environment: Mapping[str, str], role: files.Role = "write"
    ) -> subprocess.CompletedProcess[str]:
        """Run a script as the runners of both do, in a job that has assumed a role."""
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.folder,
            env={**self.environment, **self.keys[role], **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def run(self, pipeline: str, name: str) -> subprocess.CompletedProcess[str]:
        """Run a step of a pipeline."""
        step = files.PIPELINES[pipeline]()[name]
        given = self.by_gitlab if pipeline == "gitlab" else {"GITHUB_STEP_SUMMARY": str(self.summary)}
        return self.shell(step.script, {**given, **step.filled(self.values)}, step.role)

    def codes(self, pipeline: str, *names: str) -> dict[str, int]:
        """Exit codes of steps, each run whether those before it went well or not."""
        return {name: self.run(pipeline, name).returncode for name in names}


@pytest.fixture
def repository_without_a_stack(
    tmp_path: Path, org: Emulator, listener: Listener, forking: Zygote | None
) -> Repository:
    """A repository, for steps that run no command of Pulumi's."""
    for program in ("pulumi", "curl"):
        if shutil.which(program) is None:
            pytest.fail(f"there is no {program} on PATH, which a pipeline runs")
    made = Repository(tmp_path, org, listener, forking)
    made.declare(PLAIN)
    return made


@pytest.fixture
def repository(repository_without_a_stack: Repository) -> Repository:
    """A repository whose stack was made, and has never been brought up."""
    made = repository_without_a_stack
    told = made.shell(
        "pulumi stack init production && pulumi config set organizationId $ORGANIZATION_ID", made.values
    )
    assert told.returncode == 0, told.stderr
    return made
