"""The reminder before a migration expires, as the pipelines run it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario
from tests.pipelines import files

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.pipelines.conftest import Listener, Repository

pytestmark = pytest.mark.own_python  # no engine runs
pipelines = pytest.mark.parametrize("pipeline", files.PIPELINES)


@pytest.fixture
def repository(repository_without_a_stack: Repository) -> Repository:
    return repository_without_a_stack


def asked(days_ago: int) -> Scenario:
    """An organization whose time stands still since then."""
    return Scenario(start=datetime.now(UTC).replace(microsecond=0) - timedelta(days=days_ago))


@pipelines
@pytest.mark.parametrize("scenario", [asked(80)], ids=["asked 80 days ago"])
def test_a_reminder_is_sent_ten_days_before(
    repository: Repository, org: Emulator, listener: Listener, pipeline: str
) -> None:
    org.enable_all_features()
    org.approve(org.invited[0])
    told = repository.run(pipeline, "remind")
    assert told.returncode == 0, told.stderr

    (sent,) = listener.received
    assert (sent.method, sent.path) == ("POST", "/hook")
    assert sent.headers["Content-Type"] == "application/json"
    message = json.loads(sent.body)
    assert set(message) == {"text"}
    assert f"AWS organization {org.organization_id}: 9 days left" in message["text"]
    assert "1 of 3 approved" in message["text"]
    assert org.invited[1] in message["text"]


@pytest.mark.parametrize("scenario", [asked(80)], ids=["asked 80 days ago"])
@pytest.mark.parametrize(
    ("answer", "url", "said"),
    [
        (404, None, "the webhook answered 404"),
        (200, "http://127.0.0.1:9/secret", "can't be reached"),
        (200, "", "WEBHOOK_URL holds no address"),
        (200, "file:///secret", "WEBHOOK_URL holds no address"),
        (200, "http://chat.invalid/secret", "WEBHOOK_URL holds no address that begins with https://"),
    ],
)
def test_a_reminder_that_reached_nobody_is_red(
    repository: Repository,
    org: Emulator,
    listener: Listener,
    answer: int,
    url: str | None,
    said: str,
) -> None:
    org.enable_all_features()
    listener.answer = answer
    if url is not None:
        repository.values["WEBHOOK_URL"] = url
    told = repository.run("github", "remind")
    assert told.returncode == 1
    assert f"{said}" in told.stderr
    assert "nobody was reminded" in told.stderr
    assert "secret" not in told.stdout + told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("scenario", [asked(70), asked(0)], ids=["20 days left", "90 days left"])
def test_no_reminder_is_sent_earlier(repository: Repository, org: Emulator, listener: Listener) -> None:
    org.enable_all_features()
    told = repository.run("github", "remind")
    assert (told.returncode, listener.received) == (0, [])
    assert "Nothing expires soon." in told.stdout


@pytest.mark.parametrize("ended", [True, False])
def test_no_reminder_is_sent_while_nothing_is_in_progress(
    repository: Repository, org: Emulator, listener: Listener, *, ended: bool
) -> None:
    if ended:
        org.enable_all_features()
        org.approve_all()
        org.finalize()
    assert repository.run("github", "remind").returncode == 0
    assert listener.received == []
