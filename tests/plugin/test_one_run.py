"""One run of the engine has several provider processes, of both kinds: none undoes what another has adopted.

Without an engine: the processes of a run are started here, and asked as the engine would ask them.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import grpc
import pytest
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from aws_org_features.plugin import schema, server, wire
from aws_org_features.resources.feature_set import OrganizationFeatureSetProvider
from tests.harness.cli_project import settings
from tests.harness.listener import Listener
from tests.harness.provider import serving
from tests.harness.wire import struct
from tests.shares import sample
from tests.stacks import environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.harness.provider import Zygote

DYNAMIC: Final = "dynamic"
NATIVE: Final = "native"
EDGES: Final = (DYNAMIC, NATIVE)
KEPT: Final = "nothing was canceled: another resource of the program keeps the migration"


@dataclass
class Process:
    """A provider's process, as the engine asks it about one organization."""

    edge: str
    client: Any
    organization_id: str

    def urn(self, name: str) -> str:
        kind = {
            DYNAMIC: "pulumi-python:dynamic/organizations:OrganizationFeatureSet",
            NATIVE: schema.FEATURE_SET,
        }[self.edge]
        return f"urn:pulumi:test::test::{kind}::{name}"

    def check(self, name: str, on_destroy: str) -> Any:
        given = {
            DYNAMIC: {
                "organization_id": self.organization_id,
                "feature_set": "ALL",
                "finalize": True,
                "attempt": 1,
                "wait_until": "requested",
                "timeout": "30m",
                "on_destroy": on_destroy,
                "observe": "diff",
                "__provider": serialize_provider(OrganizationFeatureSetProvider()),
            },
            NATIVE: {"organizationId": self.organization_id, "onDestroy": on_destroy},
        }[self.edge]
        checked = self.client.Check(provider_pb2.CheckRequest(urn=self.urn(name), news=struct(given)))
        assert not checked.failures
        return checked.inputs

    def create(self, name: str, inputs: Any) -> Any:
        return self.client.Create(provider_pb2.CreateRequest(urn=self.urn(name), properties=inputs))

    def delete(self, name: str, inputs: Any, made: Any) -> None:
        request = provider_pb2.DeleteRequest(
            id=made.id, urn=self.urn(name), properties=made.properties, old_inputs=inputs
        )
        self.client.Delete(request)


@pytest.fixture
def start(org: Emulator, zygote: Zygote, tmp_path: Path) -> Iterator[Callable[[str, str], Process]]:
    """Starts a provider's process: of which kind, and of which run, by its engine's address."""
    with contextlib.ExitStack() as processes:

        def start(edge: str, address: str) -> Process:
            begin = {DYNAMIC: _dynamic, NATIVE: _native}[edge]
            client = processes.enter_context(begin(address, org, zygote, tmp_path))
            return Process(edge, client, org.organization_id)

        yield start


@contextlib.contextmanager
def _dynamic(address: str, org: Emulator, zygote: Zygote, folder: Path) -> Iterator[Any]:
    clean = {**os.environ, **environment()}
    with serving(zygote, address, clean, folder, lambda _: None) as client:
        keys = {f"aws:{name}": value for name, value in settings(org).items()}
        keys["aws:endpoints"] = json.dumps(keys["aws:endpoints"])
        client.Configure(provider_pb2.ConfigureRequest(args=struct(keys)))
        yield client


@contextlib.contextmanager
def _native(address: str, org: Emulator, _zygote: Zygote, _folder: Path) -> Iterator[Any]:
    serving_, provider, port = server.serve(address)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        client = provider_pb2_grpc.ResourceProviderStub(channel)
        client.Configure(provider_pb2.ConfigureRequest(args=struct(settings(org))))
        yield client
    serving_.stop(None).wait()
    provider.close()


@pytest.fixture
def engine() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.vanish()


@pytest.fixture
def another_engine() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.vanish()


MOVES: Final = [
    (was, is_, name, approved)
    for was in EDGES
    for is_ in EDGES
    for name in ("old", "new")
    # A resource of the other kind has another URN, under any name.
    if name == "new" or was == is_
    for approved in (False, True)
]


@pytest.mark.parametrize("move", sample(MOVES, every=6, ids=str))
def test_a_migration_that_moves_to_another_process_is_not_canceled_by_the_former(
    org: Emulator,
    engine: Listener,
    another_engine: Listener,
    start: Callable[[str, str], Process],
    move: tuple[str, str, str, bool],
) -> None:
    was, is_, name, approved = move
    before = start(was, another_engine.address)
    inputs = before.check("old", "cancel")
    made = before.create("old", inputs)
    if approved:
        org.approve(org.invited[0])
    deletes, creates = start(was, engine.address), start(is_, engine.address)

    creates.create(name, creates.check(name, "cancel"))
    deletes.delete("old", inputs, made)

    assert engine.told[-1] == KEPT
    assert org.writes == {"EnableAllFeatures": 1}


@pytest.mark.parametrize("edge", sample(EDGES, every=2, ids=str))
def test_a_replacement_that_deletes_first_goes_on_by_itself_in_another_process(
    org: Emulator,
    engine: Listener,
    another_engine: Listener,
    start: Callable[[str, str], Process],
    edge: str,
) -> None:
    before = start(edge, another_engine.address)
    inputs = before.check("old", "cancel")
    made = before.create("old", inputs)
    deletes, creates = start(edge, engine.address), start(edge, engine.address)

    news = creates.check("old", "cancel")
    deletes.delete("old", inputs, made)
    again = creates.create("old", news)

    assert dict(org.writes) == {"EnableAllFeatures": 2, "CancelHandshake": 1}
    assert wire.read(again.properties)["status"] == "AWAITING_APPROVALS"
