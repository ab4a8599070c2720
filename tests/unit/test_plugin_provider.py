"""Requests of the engine to the plugin itself: what it is, who acts, and that it hears and ends."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from aws_org_features.plugin import schema, server
from aws_org_features.plugin.engine import Engine
from tests.harness.listener import Listener
from tests.harness.signals import printed_until_sigterm
from tests.harness.wire import bared_in, secret, struct

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PATIENCE = 60
WATCHED: list[Engine] = []
"""Engines that a thread of gRPC's may begin to watch after its test: it would fail if they were gone."""


@pytest.fixture
def engine() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.vanish()


@pytest.fixture
def engine_that_ends_idle_connections() -> Iterator[Listener]:
    engine = Listener(idle_ms=50)
    yield engine
    engine.vanish()


@pytest.fixture
def provider(engine: Listener) -> Iterator[Any]:
    """A client of the servicer, which runs in this process."""
    with served(engine.address) as client:
        yield client


@contextlib.contextmanager
def served(address: str) -> Iterator[Any]:
    serving, _, port = server.serve(address)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)
    serving.stop(None).wait()


def refused(call: Any, request: Any) -> str:
    with pytest.raises(grpc.RpcError) as error:
        call(request)
    assert error.value.code() is grpc.StatusCode.UNKNOWN
    return str(error.value.details())


def test_it_tells_what_it_is(provider: Any) -> None:
    assert provider.GetPluginInfo(empty_pb2.Empty()) == plugin_pb2.PluginInfo(version=schema.version())


@pytest.mark.parametrize(
    ("asked_for", "told"),
    [
        ("99.0.0", True),
        ("v99.0.0", True),
        (schema.version(), False),
        ("0.0.9", False),
        ("99.0.0-alpha.1", True),
        ("newest", False),
        (None, False),
    ],
)
def test_a_newer_sdk_is_reported_in_one_line(
    provider: Any, engine: Listener, asked_for: str | None, *, told: bool
) -> None:
    args = struct({"version": asked_for} if asked_for else {})
    provider.Configure(provider_pb2.ConfigureRequest(args=args, urn="urn:pulumi:s::p::q::default"))
    lines = [f"SDK is of version {asked_for}, and this plugin of {schema.version()}, which lacks"] * told
    assert [line.partition("program's ")[2].partition(" what")[0] for line in engine.told] == lines
    answer = provider.GetSchema(provider_pb2.GetSchemaRequest(version=0))
    assert json.loads(answer.schema)["name"] == "org-features"
    shaken = provider.Handshake(provider_pb2.ProviderHandshakeRequest())
    assert (shaken.accept_secrets, shaken.accept_resources, shaken.accept_outputs) == (True, True, False)


def test_an_unknown_function_is_refused_in_one_line(provider: Any) -> None:
    assert "no version 9" in refused(provider.GetSchema, provider_pb2.GetSchemaRequest(version=9))
    assert "takes no parameters" in refused(provider.Parameterize, provider_pb2.ParameterizeRequest())


def test_settings_are_checked_and_secrets_made_before_they_are_kept(provider: Any) -> None:
    news = struct(accessKey="AKIAIOSFODNN7EXAMPLE", secretKey="canary")

    sound = provider.CheckConfig(provider_pb2.CheckRequest(news=news))
    odd = provider.CheckConfig(provider_pb2.CheckRequest(news=struct(profil="canary\n::error::")))

    assert list(sound.failures) == []
    assert "canary" not in bared_in(sound.inputs)
    (failure,) = odd.failures
    assert failure.property == ""
    assert failure.reason.startswith("configuration-unsupported: ")
    assert "canary" not in failure.reason


def test_a_setting_that_differs_is_no_reason_to_replace_anything(provider: Any) -> None:
    request = provider_pb2.DiffRequest(
        olds=struct(profile="one", token="canary"),  # noqa: S106
        news=struct(profile="two", token=secret("canary"), region="eu-central-1"),
    )

    found = provider.DiffConfig(request)

    kinds = provider_pb2.PropertyDiff
    assert found.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert {name: each.kind for name, each in found.detailedDiff.items()} == {
        "profile": kinds.UPDATE,
        "region": kinds.ADD,
    }
    assert list(found.replaces) == []
    same = provider.DiffConfig(provider_pb2.DiffRequest(olds=request.news, news=request.news))
    assert same.changes == provider_pb2.DiffResponse.DIFF_NONE


def test_it_is_configured(provider: Any) -> None:
    answer = provider.Configure(provider_pb2.ConfigureRequest(args=struct(region="eu-central-1")))

    assert (answer.acceptSecrets, answer.acceptResources, answer.supportsPreview) == (True, True, True)


def test_a_mistake_of_ours_is_one_line_and_its_traceback_goes_to_the_debug_log(
    engine: Listener, provider: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(*_: object) -> None:
        raise LookupError("not\nthere")

    monkeypatch.setattr("aws_org_features.plugin.settings.check", mistaken)

    text = refused(provider.CheckConfig, provider_pb2.CheckRequest())

    assert text.startswith("unexpected: LookupError: not")
    assert "\n" not in text
    assert any("Traceback" in told for told in engine.told)


def test_an_engine_that_attaches_gets_messages_from_then_on(engine: Listener) -> None:
    serving, served_provider, port = server.serve("")
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        client: Any = provider_pb2_grpc.ResourceProviderStub(channel)
        client.Attach(plugin_pb2.PluginAttach(address=engine.address))
        served_provider.engine.log("", "hello", 1)
    serving.stop(None).wait()

    assert engine.told == ["hello"]


def test_a_cancel_is_heard(engine: Listener) -> None:
    serving, served_provider, port = server.serve(engine.address)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        client: Any = provider_pb2_grpc.ResourceProviderStub(channel)
        assert not served_provider.canceled.is_set()
        client.Cancel(empty_pb2.Empty())
    serving.stop(None).wait()

    assert served_provider.canceled.is_set()


def test_no_message_is_worth_failing_for(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        Engine(f"127.0.0.1:{taken.getsockname()[1]}").log("", "lost", 1)
    Engine("").log("", "said by hand", 1)

    assert capfd.readouterr() == ("", "said by hand\n")


def test_an_engine_is_gone_once_it_no_longer_listens_not_when_a_connection_ends(
    engine_that_ends_idle_connections: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_that_ends_idle_connections
    looked, gone = threading.Semaphore(0), threading.Event()
    listens = Engine._listens

    def look(engine: Engine) -> bool:
        found = listens(engine)
        looked.release()
        return found

    monkeypatch.setattr(Engine, "_listens", look)
    watched = Engine(engine.address)
    watched.when_gone(gone.set)
    watched.log("", "reached", 1)
    # The first may be from before it was connected, the others only from after the connection ended.
    assert all(looked.acquire(timeout=PATIENCE) for _ in range(3))

    assert engine.told == ["reached"]
    assert not gone.is_set()
    engine.vanish()
    assert gone.wait(PATIENCE)
    watched.close()


# -- the process


@contextlib.contextmanager
def process(address: str) -> Iterator[tuple[subprocess.Popen[str], Any]]:
    with subprocess.Popen(
        [sys.executable, "-m", "aws_org_features.plugin.server", "-logtostderr", address],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        assert started.stdout is not None
        try:
            with grpc.insecure_channel(f"127.0.0.1:{started.stdout.readline().strip()}") as channel:
                yield started, provider_pb2_grpc.ResourceProviderStub(channel)
        finally:
            started.kill()


def test_the_process_serves_until_the_engine_is_gone(engine: Listener) -> None:
    with process(engine.address) as (started, client):
        assert client.GetPluginInfo(empty_pb2.Empty()).version == schema.version()
        assert client.GetSchema(provider_pb2.GetSchemaRequest()).schema == schema.text()

        engine.vanish()

        assert started.wait(PATIENCE) == 0
        assert started.stdout is not None
        assert started.stdout.read() == ""


def test_an_engine_that_is_gone_before_it_was_reached_is_gone() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        unreachable, gone = Engine(f"127.0.0.1:{taken.getsockname()[1]}"), threading.Event()
        WATCHED.append(unreachable)
        unreachable.when_gone(gone.set)

        assert gone.wait(PATIENCE)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_process_ends_on_request(engine: Listener, sign: signal.Signals) -> None:
    with process(engine.address) as (started, client):
        client.GetPluginInfo(empty_pb2.Empty())
        started.send_signal(sign)

        assert started.wait(PATIENCE) == 0


@pytest.mark.parametrize("line", range(12))
def test_a_signal_ends_the_process_at_each_line_before_it_waits(line: int) -> None:
    load = "from aws_org_features.plugin import server"
    assert printed_until_sigterm(line, load, "server, 'print'", "server.main([])").strip().isdigit()


def test_the_process_loads_neither_the_sdk_nor_what_asks_aws() -> None:
    code = (
        "import sys; from aws_org_features.plugin import server; "
        "odd = [n for n in sys.modules if n.partition('.')[0] in ('boto3', 'botocore', 'click', 'yaml')]; "
        "print(odd, hasattr(sys.modules['pulumi'], 'Output'))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert told.stdout == "[] False\n"


@pytest.mark.parametrize("loaded", ["import pulumi", "sys.modules['pulumi.runtime.proto'] = None"])
def test_where_the_sdk_is_another_the_usual_import_is_taken(loaded: str) -> None:
    breaks = "pulumi.runtime.proto" in loaded
    code = (
        "import sys, importlib.util as u; "
        + (
            loaded
            if not breaks
            else "find = u.find_spec; u.find_spec = lambda n: None if n == 'pulumi' else find(n)"
        )
        + "; from aws_org_features.plugin import protos; print(protos.provider_pb2.__name__, "
        "hasattr(sys.modules['pulumi'], 'Output'))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert told.stdout == "pulumi.runtime.proto.provider_pb2 True\n"
