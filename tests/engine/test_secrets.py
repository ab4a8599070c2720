"""Credentials, from wherever they come: none in the state, its history, the most verbose log, or a report."""

from __future__ import annotations

import os
import subprocess
import textwrap
from typing import TYPE_CHECKING, Final

import pytest
from moto.sts.models import sts_backends

from tests.engine.test_state import make_role
from tools.local import hermetic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from aws_org_emulator import Emulator

    Counted = Callable[[str, str, int], None]

SECTION = "secrets"
VERBOSE: Final = (
    "--debug",
    "--logflow",
    "--logtostderr",
    "--verbose=11",
    "--color=never",
    "--non-interactive",
)
EXTERNAL_ID = "canary-external-id-of-a-role"
SECRET_KEY = "canary-secret-key"  # noqa: S105 - to be searched for; the emulator takes any
TOKEN = "canary-token-of-a-session"  # noqa: S105 - another
SECRET_SETTING = "canary-of-the-configuration"  # noqa: S105 - another
PROGRAM: Final = """
    import pulumi
    from aws_org_features import OrganizationFeatureSet

    config = pulumi.Config()
    organization = OrganizationFeatureSet(
        "all-features",
        organization_id=config.require("organizationId"),
        connection=config.get_secret_object("connection"),
    )
    pulumi.export("status", organization.status)
    pulumi.export("message", organization.message)
    """


class Stack:
    """A stack of a project on disk, run by the command line, all of whose output is kept.

    Args:
        folder: For the project, the backend's files and the engine's own.
        org: The organization.
        environment: Settings beside the usual ones.
    """

    def __init__(self, folder: Path, org: Emulator, environment: Mapping[str, str]) -> None:
        self.org = org
        self.printed: dict[str, str] = {}
        self.given: set[str] = set()
        """The stack's configuration."""
        self._project = folder / "project"
        self._left = (folder / "state", folder / "home", folder / "reports")
        for path in (self._project, *self._left):
            path.mkdir()
        self._environment = {
            **hermetic(),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_ENDPOINT_URL": org.endpoint,
            "AWS_REGION": "us-east-1",
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "PULUMI_BACKEND_URL": f"file://{folder}/state",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_HOME": str(folder / "home"),
            **environment,
        }
        (self._project / "Pulumi.yaml").write_text("name: secrets\nruntime: python\n")
        (self._project / "__main__.py").write_text(textwrap.dedent(PROGRAM))
        self.run("pulumi", "stack", "init", "test")
        self.configure("organizationId", org.organization_id)
        self.configure("setting", SECRET_SETTING, "--secret")

    def configure(self, key: str, value: str, *options: str) -> None:
        self.given.add(value)
        self.run("pulumi", "config", "set", key, value, *options)

    def run(self, *command: str, fails: bool = False, name: str = "") -> str:
        """Run a command; what it prints, on either stream, is kept."""
        ran = subprocess.run(
            command, cwd=self._project, env=self._environment, capture_output=True, check=False
        )
        printed = (ran.stdout + ran.stderr).decode(errors="replace")
        self.printed[name or " ".join(command)] = printed
        assert (ran.returncode != 0) is fails, printed[-3000:]
        return printed

    def goes_its_way(self) -> None:
        """A migration from its beginning to its end, with what can go wrong, as verbosely as there is."""
        org, reports = self.org, self._left[-1]
        self.run("pulumi", "preview", "--diff", *VERBOSE)
        org.fail("*", error="ExpiredTokenException", status=403, times=99)
        self.run("pulumi", "up", "--yes", *VERBOSE, fails=True, name="up whose session expires")
        org.clear_faults()
        self.run("pulumi", "up", "--yes", "--skip-preview", *VERBOSE)
        org.approve_all()
        self.run("pulumi", "refresh", "--yes", "--diff", *VERBOSE)
        self.run("pulumi", "up", "--yes", *VERBOSE, name="up that finalizes")
        assert org.feature_set == "ALL"
        self.run("pulumi", "stack", "export")
        self.run("pulumi", "destroy", "--yes", "--skip-preview", *VERBOSE)
        files = [
            text for name in ("html", "markdown", "history") for text in (f"--{name}", str(reports / name))
        ]
        self.run("org-features", "report", *files)

    def places(self, canary: str) -> Iterator[tuple[str, bytes]]:
        """Everything that it left to be read, by its name, in which to search for a canary."""
        for name, text in self.printed.items():
            yield f"what {name} printed", without_exchanges(text, configured=canary in self.given).encode()
        for folder in self._left:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    yield str(path.relative_to(folder.parent)), path.read_bytes()


def without_exchanges(printed: str, *, configured: bool) -> str:
    """Printed text, for what is configured, without what the engine hands over and is handed.

    From --verbose=9 on it logs each value of every provider, secrets as well.
    """
    if not configured:
        return printed
    lines = printed.splitlines(keepends=True)
    return "".join(line for line in lines if "arshaling property for RPC[" not in line)


def issued(org: Emulator) -> set[str]:
    """The secret keys and tokens of the sessions of assumed roles so far."""
    found = set()
    for backend in sts_backends[org.management].values():
        for role in backend.assumed_roles:
            found |= {role.secret_access_key, role.session_token}
    return found


def by_the_environment(folder: Path, org: Emulator) -> Stack:
    """Keys of the environment, then a role that the resource's connection names."""
    keys = org.credentials(org.management)
    variables = {"AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_SESSION_TOKEN": TOKEN}
    stack = Stack(folder, org, {"AWS_ACCESS_KEY_ID": keys.access_key_id, **variables})
    stack.configure("connection.assume_roles[0].role_arn", _role(org), "--path")
    stack.configure("connection.assume_roles[0].external_id", EXTERNAL_ID, "--path", "--secret")
    return stack


def by_a_profile(folder: Path, org: Emulator) -> Stack:
    """A profile with a role to assume."""
    keys, profiles = org.credentials(org.management), folder / "profiles"
    profiles.write_text(
        f"[default]\nrole_arn = {_role(org)}\nexternal_id = {EXTERNAL_ID}\nsource_profile = user\n"
        f"[profile user]\naws_access_key_id = {keys.access_key_id}\naws_secret_access_key = {SECRET_KEY}\n"
        f"aws_session_token = {TOKEN}\n"
    )
    return Stack(folder, org, {"AWS_CONFIG_FILE": str(profiles)})


def by_the_configuration(folder: Path, org: Emulator) -> Stack:
    """Keys and a role of the stack's configuration, as secrets."""
    keys = org.credentials(org.management)
    # Settings that aren't the stack's come from the environment.
    variables = {"AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_ACCESS_KEY_ID": keys.access_key_id}
    stack = Stack(folder, org, variables)
    stack.configure("aws:accessKey", keys.access_key_id)
    stack.configure("aws:secretKey", SECRET_KEY, "--secret")
    stack.configure("aws:token", TOKEN, "--secret")
    stack.configure("aws:assumeRole.roleArn", _role(org), "--path")
    stack.configure("aws:assumeRole.externalId", EXTERNAL_ID, "--path", "--secret")
    return stack


def _role(org: Emulator) -> str:
    arn = f"arn:aws:iam::{org.management}:role/Migrator"
    make_role(org, arn, EXTERNAL_ID)
    return arn


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)  # a dozen runs of the engine, which says all that it can
@pytest.mark.parametrize("way", [by_the_environment, by_a_profile, by_the_configuration])
def test_no_credential_is_left_anywhere(
    tmp_path: Path, org: Emulator, way: Callable[[Path, Emulator], Stack], counted: Counted
) -> None:
    stack = way(tmp_path, org)
    stack.printed.clear()  # what set the canaries is a command of the user's
    stack.goes_its_way()
    of_sessions = issued(org)
    assert of_sessions, "a role was assumed"
    canaries = {SECRET_KEY, TOKEN, EXTERNAL_ID, SECRET_SETTING, *of_sessions}
    for canary in canaries:
        places = list(stack.places(canary))
        found = [name for name, data in places if canary.encode() in data]
        assert not found, f"{canary}: {found}"
    counted(SECTION, "canaries searched for: none found", len(canaries))
    counted(SECTION, "places searched", len(places))
    counted(SECTION, "bytes in them", sum(len(data) for _, data in places))


@pytest.mark.parametrize(
    ("key", "refused"),
    [
        ("aws:secretKey", "credentials-in-plain: the stack's configuration has aws:secretKey in plain"),
        (
            "aws:secret_access_key",
            "configuration-unsupported: The stack's configuration sets aws:secret_access_",
        ),
        (
            "aws:assumeRoles[0].external_id",
            "configuration-unsupported: The stack's configuration sets aws:assume",
        ),
    ],
)
def test_credentials_in_plain_are_refused_before_they_get_into_the_state(
    tmp_path: Path, org: Emulator, key: str, refused: str
) -> None:
    stack = Stack(tmp_path, org, {})
    stack.configure("aws:accessKey", org.credentials(org.management).access_key_id)
    stack.configure(key, SECRET_KEY, "--plaintext", "--path")
    stack.printed.clear()
    printed = stack.run("pulumi", "up", "--yes", "--skip-preview", "--color=never", fails=True)
    assert refused in printed
    for name, data in stack.places(SECRET_KEY):
        # Beside each update the engine's history keeps the configuration itself, as the stack's file has it.
        assert SECRET_KEY.encode() not in data or name.endswith(".history.json"), name
    assert org.calls == {}
