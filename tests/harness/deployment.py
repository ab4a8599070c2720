"""The engine's work in one command: which call of the provider follows which, and what it keeps."""

from __future__ import annotations

import json
import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import grpc
from pulumi.runtime.proto import provider_pb2, resource_pb2

from tests.harness.state import Resource, State, type_of, urn_of
from tests.harness.values import received, sent

if TYPE_CHECKING:
    from collections.abc import Sequence

DYNAMIC: Final = "pulumi-python:dynamic"
_DIFFERS: Final = provider_pb2.DiffResponse.DIFF_SOME
_UNKNOWN: Final = provider_pb2.DiffResponse.DIFF_UNKNOWN


class Failed(Exception):  # noqa: N818 - how a run ends, not what went wrong
    """The run has failed: nothing more is begun."""


def _problem(urn: str, failure: provider_pb2.CheckFailure, news: dict[str, Any]) -> str:
    """The text that a person reads about a refused input."""
    of = f"{type_of(urn)} resource '{urn.rpartition('::')[2]}'"
    if failure.property in news:
        of += f": property {failure.property} value {{{shown(news[failure.property])}}}"
    return f"{of} has a problem: {failure.reason}"


def shown(value: Any) -> str:
    """A value as the engine prints it among others."""
    if isinstance(value, dict):
        return f"map[{' '.join(f'{name}:{{{shown(each)}}}' for name, each in sorted(value.items()))}]"
    if isinstance(value, list):
        return f"[{' '.join(f'{{{shown(each)}}}' for each in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


@dataclass
class Message:
    """A message about a resource: `info`, `warning` or `error`, and the text."""

    urn: str
    severity: str
    text: str


@dataclass
class Deployment:
    """One command on a stack.

    Attributes:
        stack: The stack's name, and its project's.
        state: What is kept. A preview works on a copy.
        provider: A client of the provider's process.
        preview: Whether nothing is made.
        told: What a person reads.
        ops: How many resources were created, updated, left the same...
        failed: Whether an error has ended it.
        differing: Which inputs were what, and are what now.
    """

    stack: str
    state: State
    provider: Any
    preview: bool
    told: list[Message] = field(default_factory=list)
    ops: Counter[str] = field(default_factory=Counter)
    failed: bool = False
    differing: list[str] = field(default_factory=list)
    _seen: list[str] = field(default_factory=list)
    _replaced: list[Resource] = field(default_factory=list)
    _lock: Any = field(default_factory=threading.Lock)

    def say(self, urn: str, severity: str, text: str) -> None:
        """Keep a line of the log."""
        self.told.append(Message(urn, severity, text))

    # -- registrations -----------------------------------------------------------------------------

    def register(
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        """A resource that the program declares."""
        if self.failed:
            raise Failed
        urn = urn_of(self.stack, self.stack, request.parent, request.type, request.name)
        old = self._old(urn, request)
        with self._lock:
            self._seen.append(urn)
        if request.custom:
            resource = self._custom(urn, old, request)
        else:
            resource = Resource(urn, custom=False, inputs=received(request.object))
            resource.outputs = old.outputs if old else {}
            self._done("same" if old else "create", resource)
        outputs = resource.outputs if request.custom else resource.inputs
        return resource_pb2.RegisterResourceResponse(urn=urn, id=resource.id, object=sent(outputs))

    def register_outputs(self, urn: str, outputs: dict[str, Any]) -> None:
        """Outputs that a component, or the stack, exports."""
        self.state.resources[urn].outputs = outputs

    def finish(self) -> None:
        """Delete what was replaced, and then what the program doesn't declare any more."""
        if self.failed:
            return
        left = [old for urn, old in self.state.resources.items() if urn not in self._seen]
        for resource in [*self._replaced, *reversed(left)]:
            self._delete(resource, replaced=resource in self._replaced)

    def _old(self, urn: str, request: resource_pb2.RegisterResourceRequest) -> Resource | None:
        """The resource of the state that this is, by its URN or by an alias."""
        before = self.state.resources
        for name in (urn, *self._aliases(urn, request)):
            if name in before and (name == urn or name not in self._seen):
                old = before[name]
                if name != urn:
                    del before[name]
                    before[urn] = old = replace(old, urn=urn)
                return old
        return None

    def _aliases(self, urn: str, request: resource_pb2.RegisterResourceRequest) -> Sequence[str]:
        def of(alias: Any) -> str:
            if alias.WhichOneof("alias") == "urn":
                return str(alias.urn)
            spec = alias.spec
            parent = "" if spec.noParent else spec.parentUrn or request.parent
            kind, name = spec.type or request.type, spec.name or request.name
            return urn_of(self.stack, self.stack, parent, kind, name)

        return [each for each in map(of, request.aliases) if each != urn]

    # -- resources that a provider makes -----------------------------------------------------------

    def _custom(
        self, urn: str, old: Resource | None, request: resource_pb2.RegisterResourceRequest
    ) -> Resource:
        for option in ("ignoreChanges", "replaceOnChanges", "importId", "protect", "retainOnDelete"):
            assert not getattr(request, option), f"{option} is the engine's: test it there"
        assert type_of(urn).startswith(DYNAMIC), f"{urn}: only dynamic resources are known here"
        inputs = self._check(urn, old, received(request.object))
        if old is None:
            return self._create(urn, inputs)
        differs, replaces, delete_first = self._diff(old, inputs)
        if replaces:
            # Its replacement is checked as a new one: nothing of the old one's inputs is carried over.
            inputs = self._check(urn, None, received(request.object))
            return self._replace(old, inputs, delete_first=delete_first or request.deleteBeforeReplace)
        if differs:
            return self._update(old, inputs)
        kept = replace(old, inputs=inputs)
        self._done("same", kept)
        return kept

    def _check(self, urn: str, old: Resource | None, news: dict[str, Any]) -> dict[str, Any]:
        request = provider_pb2.CheckRequest(
            urn=urn, olds=sent(old.inputs if old else {}), news=sent(news), randomSeed=b"seed"
        )
        checked = self._call("Check", urn, request)
        if checked.failures:
            for failure in checked.failures:
                self.say(urn, "error", _problem(urn, failure, news))
            self.failed = True
            raise Failed
        return received(checked.inputs)

    def _diff(self, old: Resource, news: dict[str, Any]) -> tuple[bool, bool, bool]:
        """Return whether it differs, must be replaced, and must be deleted before."""
        request = provider_pb2.DiffRequest(
            id=old.id, urn=old.urn, olds=sent(old.outputs), news=sent(news), old_inputs=sent(old.inputs)
        )
        found = self._call("Diff", old.urn, request)
        differs = old.inputs != news if found.changes == _UNKNOWN else found.changes == _DIFFERS
        return differs, bool(found.replaces), bool(found.deleteBeforeReplace)

    def _create(self, urn: str, inputs: dict[str, Any], op: str = "create") -> Resource:
        made = Resource(urn, custom=True, inputs=inputs)
        if self.preview:
            # A provider that previews nothing has its inputs for outputs; the rest is unknown.
            made.outputs = dict(inputs)
        else:
            request = provider_pb2.CreateRequest(urn=urn, properties=sent(inputs))
            answer = self._call("Create", urn, request)
            made = replace(made, id=answer.id, outputs=received(answer.properties))
        self._done(op, made)
        return made

    def _update(self, old: Resource, inputs: dict[str, Any]) -> Resource:
        new = replace(old, inputs=inputs)
        if self.preview:
            new.outputs = dict(inputs)
        else:
            request = provider_pb2.UpdateRequest(
                id=old.id,
                urn=old.urn,
                olds=sent(old.outputs),
                news=sent(inputs),
                old_inputs=sent(old.inputs),
            )
            new.outputs = received(self._call("Update", old.urn, request).properties)
        self._differs(old.inputs, inputs)
        self._done("update", new)
        return new

    def _replace(self, old: Resource, inputs: dict[str, Any], *, delete_first: bool) -> Resource:
        if delete_first:
            self._delete(old, replaced=True)
        made = self._create(old.urn, inputs, "replace")
        if not delete_first:
            self._replaced.append(old)
        return made

    def _delete(self, resource: Resource, *, replaced: bool = False) -> None:
        if resource.custom and not self.preview:
            request = provider_pb2.DeleteRequest(
                id=resource.id,
                urn=resource.urn,
                properties=sent(resource.outputs),
                old_inputs=sent(resource.inputs),
            )
            try:
                self._call("Delete", resource.urn, request)
            except Failed:
                return
        if not replaced:
            self.ops["delete"] += 1
            del self.state.resources[resource.urn]

    # -- without a program -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read everything."""
        for old in list(self.state.resources.values()):
            if old.custom:
                self._refresh(old)
            else:
                self.ops["same"] += 1

    def _refresh(self, old: Resource) -> None:
        request = provider_pb2.ReadRequest(
            id=old.id, urn=old.urn, properties=sent(old.outputs), inputs=sent(old.inputs)
        )
        read = self._call("Read", old.urn, request)
        if not read.id:
            self.ops["delete"] += 1
            del self.state.resources[old.urn]
            return
        inputs = received(read.inputs) if read.HasField("inputs") else old.inputs
        new = replace(old, id=read.id, inputs=inputs, outputs=received(read.properties))
        differs, _, _ = self._diff(new, old.inputs)
        if differs:
            self._differs(old.inputs, new.inputs)
        self._done("update" if differs else "same", new)

    def destroy(self) -> None:
        """Delete everything, the last that was made first."""
        for resource in reversed(list(self.state.resources.values())):
            self._delete(resource)
            if self.failed:
                return

    # -- the provider ------------------------------------------------------------------------------

    def configure(self, configuration: dict[str, str]) -> None:
        """Give the provider the stack's configuration."""
        self.state.configuration = configuration
        self.provider.Configure(provider_pb2.ConfigureRequest(args=sent(configuration)))

    def _call(self, method: str, urn: str, request: Any) -> Any:
        try:
            return getattr(self.provider, method)(request)
        except grpc.RpcError as error:
            self.say(urn, "error", str(error.details()))
            self.failed = True
            raise Failed from error

    def _differs(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Take down which inputs differ, as --diff shows it."""
        for name in before.keys() | after.keys():
            old, new = json.dumps(before.get(name)), json.dumps(after.get(name))
            if old != new:
                self.differing.append(f"~ {name} : {old} => {new}")

    def _done(self, op: str, resource: Resource) -> None:
        with self._lock:
            self.ops[op] += 1
            self.state.resources[resource.urn] = resource
