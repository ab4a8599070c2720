"""The command `org-features` against an emulated organization over HTTP."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Protocol

import pytest
from click.testing import CliRunner, Result

from aws_org_features.aws import bounded_requests
from aws_org_features.aws.clients import clients_of
from aws_org_features.cli.group import org_features

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_emulator import Emulator
    from aws_org_features.cli.environment import Environment


class Invoke(Protocol):
    """Runs the command as an account, the management account by default."""

    def __call__(self, *arguments: str, account: str | None = None, **environment: str) -> Result: ...


class InvokeIn(Protocol):
    """The same, in a world with a time and a terminal of its own."""

    def __call__(
        self, world: Environment | None, /, *arguments: str, account: str | None = None, **environment: str
    ) -> Result: ...


def environment_of(org: Emulator, account: str) -> dict[str, str | None]:
    """Environment that leads an AWS client to an account, and holds nothing else."""
    keys = org.credentials(account)
    return {
        "AWS_ENDPOINT_URL": org.endpoint,
        "AWS_ACCESS_KEY_ID": keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_PROFILE": None,
        "AWS_SESSION_TOKEN": None,
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "NO_PROXY": "127.0.0.1",
    }


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the emulator its time on a busy machine."""
    monkeypatch.setattr(bounded_requests, "SOON", 60.0)


@pytest.fixture(autouse=True)
def no_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user may have selected one in this checkout, which is a Pulumi project."""
    monkeypatch.setenv("PULUMI_STACK", "")


@pytest.fixture
def invoke_in(org: Emulator) -> Iterator[InvokeIn]:
    def call(
        world: Environment | None, /, *arguments: str, account: str | None = None, **environment: str
    ) -> Result:
        clients_of.cache_clear()  # made of the environment, which is another one in each process
        found = environment_of(org, account or org.management) | environment
        return CliRunner().invoke(org_features, arguments, env=found, obj=world)

    yield call
    clients_of.cache_clear()


@pytest.fixture
def invoke(invoke_in: InvokeIn) -> Invoke:
    return functools.partial(invoke_in, None)


def error_of(result: Result) -> tuple[str, str]:
    """The reference and the text of the one line that a failed command ends with."""
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    _, reference, text = line.split(": ", 2)
    return reference, text
