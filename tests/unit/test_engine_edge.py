"""The edge to the engine: one line an error, messages that never stop the work, the resource's own row."""

from __future__ import annotations

import sys
import threading
import traceback
from types import SimpleNamespace
from typing import TYPE_CHECKING, NoReturn

import pytest

from aws_org_features.common.errors import NoOrganizationError
from aws_org_features.resources import engine

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _tracebacks_stay() -> Iterator[None]:
    yield
    if hasattr(sys, "tracebacklimit"):
        del sys.tracebacklimit
    engine._stub.cache_clear()


@engine.one_line_errors
def fails_on_purpose() -> None:
    try:
        {"a": 1}["what botocore said"]
    except KeyError as error:
        raise NoOrganizationError("There is none.", "Make one.") from error


@engine.one_line_errors
def fails_by_mistake() -> NoReturn:
    raise KeyError("a bug")


def shown(failing: object) -> str:
    """The SDK's text for the engine: it formats every error that a provider raises."""
    try:
        failing()  # type: ignore[operator]
    except Exception:  # noqa: BLE001 - as the SDK does
        return traceback.format_exc()
    raise AssertionError


def test_an_error_of_ours_is_one_line_that_begins_with_its_reference() -> None:
    assert shown(fails_on_purpose) == "no-organization: There is none. Make one.\n"


def test_every_message_is_one_line_that_protobuf_can_carry(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(engine, "_send", lambda text, *_, **__: sent.append(text))
    engine.EngineLog().warn("an id \x1b[31m\nof AWS's \ud800\u202e")
    assert sent == ["an id \ufffd[31m of AWS's \ufffd\ufffd"]


def test_a_bug_keeps_its_traceback() -> None:
    assert "Traceback" in shown(fails_by_mistake)
    assert "fails_by_mistake" in shown(fails_by_mistake)


def test_tracebacks_of_other_providers_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_TRACEBACK_PAUSE_SECONDS", 0.0)
    shown(fails_on_purpose)
    for thread in [t for t in threading.enumerate() if isinstance(t, threading.Timer)]:
        thread.join()
    assert "Traceback" in shown(fails_by_mistake)


def test_without_an_engine_messages_are_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["somewhere"])
    say = engine.EngineLog()
    say.info("said")
    say.warn("warned")
    assert capsys.readouterr().out == "said\nwarned\n"


def test_after_the_engine_died_saying_something_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def write(self, _text: str) -> NoReturn:
            raise BrokenPipeError

        flush = write

    monkeypatch.setattr(sys, "argv", ["somewhere"])
    monkeypatch.setattr(sys, "stdout", Broken())
    engine.EngineLog().info("to nobody")


def _as_the_sdk_calls_us(request: object) -> str:
    assert request is not None
    return engine.EngineLog()._urn


def test_a_message_goes_to_the_resource_that_the_engine_asks_about() -> None:
    urn = "urn:pulumi:stack::project::type::name"
    assert _as_the_sdk_calls_us(SimpleNamespace(urn=urn)) == urn
    assert _as_the_sdk_calls_us(SimpleNamespace()) == "", "the stack's own row"
