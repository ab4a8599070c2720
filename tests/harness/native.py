"""A native resource, and the calls that an engine makes of it: which follows which, and what it keeps.

The servicer runs in this process, a new one for each command, as the engine starts one. Values are kept as
they cross the protocol, so that what is secret there can be seen to be. Each answer is held to the schema.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import grpc
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import engine_pb2, provider_pb2, provider_pb2_grpc

from aws_org_features.plugin import schema, server, wire
from tests.harness.held import Held, half_made
from tests.harness.wire import struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_emulator import Emulator

_SEVERITIES: Final = {
    engine_pb2.DEBUG: "debug",
    engine_pb2.INFO: "info",
    engine_pb2.WARNING: "warning",
    engine_pb2.ERROR: "error",
}


@dataclass
class Record:
    """The state's record of a resource."""

    id: str
    inputs: Any
    outputs: Any
    reads_first: bool
    init_errors: list[str] = field(default_factory=list)


@dataclass
class Ran:
    """The outcome of a command: the engine's word for it, differences, messages, and why it failed.

    Attributes:
        inputs: The resource's, as they were checked.
        foreseen: The outputs that a preview shows.
        answer: The function's.
    """

    op: str = "same"
    inputs: Any = None
    differing: dict[str, Any] = field(default_factory=dict)
    replaces: list[str] = field(default_factory=list)
    messages: list[tuple[str, str]] = field(default_factory=list)
    error: str = ""
    blamed: list[str] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    foreseen: dict[str, Any] = field(default_factory=dict)
    answer: Any = None

    def said(self, text: str) -> bool:
        """Return whether somebody reads a text."""
        return any(text in told for _, told in self.messages)


class Native:
    """A stack with one resource, on one organization, without an engine.

    Args:
        org: The organization.
        token: The resource.
        account_id: Who acts; the management account unless given.

    Attributes:
        name: The resource's, under which the program declares it.
        state: What the stack has, by URN: more than one where it got another name, until the next `up`.
        declared: The program's inputs.
        settings: The provider's.
        checked: The inputs that the last command kept.
        judged: What kinds of answers were held to the schema.
    """

    def __init__(self, org: Emulator, token: str = schema.FEATURE_SET, account_id: str | None = None) -> None:
        self.org = org
        self.token = token
        self.name = "org"
        self.checked: Any = None
        self.judged: Counter[str] = Counter()
        self.state: dict[str, Record] = {}
        self.declared: dict[str, Any] = {"organizationId": org.organization_id}
        keys = org.credentials(account_id or org.management)
        self.settings: dict[str, Any] = {
            "region": "us-east-1",
            "accessKey": keys.access_key_id,
            "secretKey": keys.secret_access_key,
            "endpoints": [dict.fromkeys(("organizations", "sts", "iam"), org.endpoint)],
        }

    @property
    def urn(self) -> str:
        """The resource's, under its present name."""
        return f"urn:pulumi:test::test::{self.token}::{self.name}"

    @property
    def record(self) -> Record | None:
        """The state's record of it, under its present name."""
        return self.state.get(self.urn)

    @record.setter
    def record(self, record: Record) -> None:
        self.state[self.urn] = record

    # -- commands ----------------------------------------------------------------------------------

    def up(self, *, refresh: bool = False) -> Ran:
        """`pulumi up`, after its preview: what isn't declared any more is deleted."""

        def act(client: Any, ran: Ran) -> None:
            if refresh:
                self._refresh_all(client, ran)
            self._declare(client, ran, preview=False)
            for urn in [each for each in self.state if each != self.urn and not ran.error]:
                self._delete(client, urn)

        return self._command(act)

    def preview(self) -> Ran:
        """`pulumi preview`."""
        return self._command(lambda client, ran: self._declare(client, ran, preview=True))

    def refresh(self) -> Ran:
        """`pulumi refresh`."""
        return self._command(self._refresh_all)

    def import_(self, id_: str) -> Ran:
        """`pulumi import`."""

        def read(client: Any, ran: Ran) -> None:
            self.record = Record(id_, struct({}), struct({}), reads_first=False)
            self._refresh(client, ran, self.urn)
            if self.record is not None:
                found = self._diff(client, self.record, self._check(client, ran, self.record))
                ran.op, ran.differing = "import", dict(found.detailedDiff)

        return self._command(read)

    def destroy(self) -> Ran:
        """`pulumi destroy`."""

        def delete(client: Any, ran: Ran) -> None:
            for urn in [*self.state]:
                self._delete(client, urn)
            ran.op = "delete"

        return self._command(delete)

    def ask(self, **args: Any) -> Ran:
        """The function, from within a program."""

        def invoke(client: Any, ran: Ran) -> None:
            answer = client.Invoke(provider_pb2.InvokeRequest(tok=schema.GET_FEATURE_SET, args=struct(args)))
            ran.error = "; ".join(failure.reason for failure in answer.failures)
            ran.answer = getattr(answer, "return")

        return self._command(invoke)

    def kept(self) -> dict[str, Any]:
        """The outputs in the state, by the core's names."""
        assert self.record is not None, "nothing is in the state"
        return wire.read(self.record.outputs, schema.outputs(self.token))

    def _command(self, act: Any) -> Ran:
        ran = Ran()
        with self.serving(ran) as client:
            checked = client.CheckConfig(provider_pb2.CheckRequest(news=struct(self.settings)))
            assert not checked.failures, checked.failures
            client.Configure(provider_pb2.ConfigureRequest(args=checked.inputs))
            try:
                act(client, ran)
            except grpc.RpcError as error:
                ran.error = str(error.details())
                self._keep_half_made(error, ran)
        if self.record is not None:
            ran.outputs = self.kept()
        return ran

    @contextlib.contextmanager
    def serving(self, ran: Ran) -> Iterator[Any]:
        """A provider of one command; what it says goes to what was run."""
        serving, provider, port = server.serve("")

        def log(_urn: str, text: str, severity: Any, *, ephemeral: bool = False) -> None:
            if not ephemeral:
                ran.messages.append((_SEVERITIES[severity], text))

        provider.engine.log = log  # type: ignore[assignment,method-assign]
        options = [("grpc.use_local_subchannel_pool", 1)]
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
            client: Any = Held(provider_pb2_grpc.ResourceProviderStub(channel), self.judged)
            client.Handshake(provider_pb2.ProviderHandshakeRequest())
            yield client
            client.Cancel(empty_pb2.Empty())
        serving.stop(None).wait()

    # -- what the engine does ----------------------------------------------------------------------

    def _declare(self, client: Any, ran: Ran, *, preview: bool) -> None:
        before = {**self.state}
        if self.record is not None and self.record.reads_first:
            self._refresh(client, ran, self.urn)
        old = self.record
        try:
            inputs = ran.inputs = self._check(client, ran, old)
            if ran.error:
                return
            if old is None:
                ran.op = "create"
                self._create(client, inputs, ran, preview=preview)
                return
            found = self._diff(client, old, inputs)
            ran.differing, ran.replaces = dict(found.detailedDiff), list(found.replaces)
            if found.replaces:
                ran.op = "replace"
                self._replace(client, old, ran, preview=preview)
                return
            changes = found.changes == provider_pb2.DiffResponse.DIFF_SOME
            if changes or old.init_errors:
                ran.op = "update"
                self._update(client, old, inputs, ran, preview=preview)
            else:
                ran.op = "same"
                self.record = replace(old, inputs=inputs)
        finally:
            if preview:
                self.state = before

    def _check(self, client: Any, ran: Ran, old: Record | None) -> Any:
        olds = old.inputs if old else struct({})
        checked = client.Check(provider_pb2.CheckRequest(urn=self.urn, olds=olds, news=struct(self.declared)))
        ran.error = "; ".join(failure.reason for failure in checked.failures)
        ran.blamed = [failure.property for failure in checked.failures]
        self.checked = checked.inputs
        return checked.inputs

    def _diff(self, client: Any, old: Record, inputs: Any, urn: str = "") -> Any:
        return client.Diff(
            provider_pb2.DiffRequest(
                id=old.id, urn=urn or self.urn, olds=old.outputs, news=inputs, old_inputs=old.inputs
            )
        )

    def _create(self, client: Any, inputs: Any, ran: Ran, *, preview: bool) -> None:
        request = provider_pb2.CreateRequest(urn=self.urn, properties=inputs, preview=preview)
        made = client.Create(request)
        if preview:
            ran.foreseen = wire.read(made.properties, schema.outputs(self.token))
        else:
            self.record = Record(made.id, inputs, made.properties, made.refresh_before_update)

    def _update(self, client: Any, old: Record, inputs: Any, ran: Ran, *, preview: bool) -> None:
        made = client.Update(
            provider_pb2.UpdateRequest(
                id=old.id,
                urn=self.urn,
                olds=old.outputs,
                news=inputs,
                old_inputs=old.inputs,
                preview=preview,
            )
        )
        if preview:
            ran.foreseen = wire.read(made.properties, schema.outputs(self.token))
        else:
            self.record = Record(old.id, inputs, made.properties, made.refresh_before_update)

    def _replace(self, client: Any, old: Record, ran: Ran, *, preview: bool) -> None:
        self._create(client, self._check(client, ran, None), ran, preview=preview)
        if not preview:
            self._end(client, self.urn, old)

    def _delete(self, client: Any, urn: str) -> None:
        self._end(client, urn, self.state[urn])
        del self.state[urn]

    def _end(self, client: Any, urn: str, kept: Record) -> None:
        client.Delete(
            provider_pb2.DeleteRequest(id=kept.id, urn=urn, properties=kept.outputs, old_inputs=kept.inputs)
        )

    def _refresh_all(self, client: Any, ran: Ran) -> None:
        for urn in [*self.state]:
            self._refresh(client, ran, urn)

    def _refresh(self, client: Any, ran: Ran, urn: str) -> None:
        old = self.state[urn]
        read = client.Read(
            provider_pb2.ReadRequest(id=old.id, urn=urn, properties=old.outputs, inputs=old.inputs)
        )
        if not read.id:
            del self.state[urn]
            ran.op = "delete"
            return
        ran.op = "same" if read.properties == old.outputs and read.inputs == old.inputs else "refresh"
        # Forget the earlier failure: a read must find out what is left to do.
        new = Record(read.id, read.inputs, read.properties, read.refresh_before_update)
        if old.inputs.fields:
            # For what it shows, it compares with the inputs of the run before.
            self._diff(client, new, old.inputs, urn)
        self.state[urn] = new

    def _keep_half_made(self, error: Any, ran: Ran) -> None:
        for failed in half_made(error):
            self.record = Record(
                failed.id,
                failed.inputs,
                failed.properties,
                failed.refresh_before_update,
                list(failed.reasons),
            )
            ran.op = "half made"
