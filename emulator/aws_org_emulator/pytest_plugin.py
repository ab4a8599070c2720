"""A pytest plugin: an organization as a fixture, in any project that has the package installed.

Fixtures only. moto is imported when a test first wants an organization, and not before: pytest loads
this in every run.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import aws_org_emulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_emulator import Emulator, Scenario

_MARKER = (
    "aws_org(scenario, **values): what the organization of the fixture aws_org is like. scenario: a Scenario "
    "or a YAML file, relative to the test's; values: accounts, or fields of Scenario and Switches by name."
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def aws_org(request: pytest.FixtureRequest) -> "Iterator[Emulator]":
    """A running AWS organization of this test's own; the marker `aws_org` says what it is like."""
    try:
        scenario = _scenario(request)
    except ModuleNotFoundError as error:
        pytest.fail(f"aws_org needs aws-org-features[emulator]: {error}", pytrace=False)
    except (TypeError, ValueError) as error:
        pytest.fail(f"aws_org: {error}", pytrace=False)
    with aws_org_emulator.Emulator(scenario) as emulator:
        yield emulator


@pytest.fixture
def aws_org_environment(aws_org: "Emulator", monkeypatch: pytest.MonkeyPatch) -> "Emulator":
    """The organization of `aws_org`, to which this process's environment leads any AWS client.

    It is the management account's administrator that calls. What else the environment and AWS's files
    say of credentials and endpoints doesn't count.
    """
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    credentials = aws_org.credentials(aws_org.management)
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws_org.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", credentials.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return aws_org


def _scenario(request: pytest.FixtureRequest) -> "Scenario":
    """The scenario of a test's markers; the nearest marker counts most."""
    base, values = aws_org_emulator.Scenario(), dict[str, Any]()
    for mark in reversed(list(request.node.iter_markers("aws_org"))):
        if len(mark.args) > 1:
            raise TypeError("one scenario at most, before the values")
        for given in mark.args:
            base, values = _base(given, request.path.parent), {}
        values |= mark.kwargs
    if "accounts" in values:
        base = aws_org_emulator.generate(values.pop("accounts"))
    return base.varied(**values)


def _base(given: Any, folder: Path) -> "Scenario":
    if isinstance(given, aws_org_emulator.Scenario):
        return given
    if isinstance(given, str | Path):
        return aws_org_emulator.load_scenario(folder / given)
    raise TypeError(f"a scenario is a Scenario or a path, not {given!r}")
