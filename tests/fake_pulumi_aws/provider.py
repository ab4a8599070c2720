"""The provider protocol on one side, resource types on the other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pulumi.provider.experimental import provider as protocol

from tests.fake_pulumi_aws import configuration, functions, schema
from tests.fake_pulumi_aws.connection import Aws, connect
from tests.fake_pulumi_aws.errors import Refused
from tests.fake_pulumi_aws.resource_types import resource_type
from tests.fake_pulumi_aws.values import Values, is_known, plain_values, wrapped_values

if TYPE_CHECKING:
    from pulumi.provider.experimental.provider import PropertyDiff

    from tests.fake_pulumi_aws.resource_types.resource_type import ResourceType


class StandIn(protocol.Provider):
    """Answers the engine. What calls AWS does so on another thread: the engine asks for many at a time."""

    def __init__(self) -> None:
        self._connected: Aws | None = None

    @property
    def _aws(self) -> Aws:
        if self._connected is None:
            raise Refused("the provider isn't configured")
        return self._connected

    # -- the provider itself

    async def check_config(self, request: protocol.CheckRequest) -> protocol.CheckResponse:
        """Tell by name what the stand-in doesn't know."""
        try:
            configuration.parse(_known(plain_values(request.new_inputs)))
        except Refused as why:
            return protocol.CheckResponse(request.new_inputs, [protocol.CheckFailure("", str(why))])
        return protocol.CheckResponse(request.new_inputs)

    async def configure(self, request: protocol.ConfigureRequest) -> protocol.ConfigureResponse:
        """Connect. The engine is to keep track of secrets, and of what depends on what."""
        settings = configuration.parse(_known(plain_values(request.args)))
        self._connected = await asyncio.to_thread(connect, settings)
        return protocol.ConfigureResponse(supports_preview=True)

    async def invoke(self, request: protocol.InvokeRequest) -> protocol.InvokeResponse:
        """Call a function."""
        arguments = plain_values(request.args)
        result = await asyncio.to_thread(functions.call, self._aws, request.tok, arguments)
        return protocol.InvokeResponse(wrapped_values(result))

    # -- resources

    async def check(self, request: protocol.CheckRequest) -> protocol.CheckResponse:
        """Complete inputs."""
        kind = resource_type(request.type)
        olds, news = plain_values(request.old_inputs), plain_values(request.new_inputs)
        checked = schema.check(kind.schema, request.name, request.random_seed, olds, news)
        failures = [protocol.CheckFailure(name, why) for name, why in checked.problems.items()]
        return protocol.CheckResponse(wrapped_values(checked.inputs), failures)

    async def diff(self, request: protocol.DiffRequest) -> protocol.DiffResponse:
        """Compare a state with inputs."""
        kind = resource_type(request.type)
        state = plain_values(request.old_state)
        news = schema.without(request.ignore_changes, state, plain_values(request.new_inputs))
        found = schema.difference(kind.schema, state, news, kind.derived(self._aws, news))
        return protocol.DiffResponse(
            changes=bool(found.changed),
            replaces=[name for name, replaces in found.changed.items() if replaces],
            delete_before_replace=found.delete_first,
            diffs=list(found.changed),
            detailed_diff=_detailed(found, state),
        )

    async def create(self, request: protocol.CreateRequest) -> protocol.CreateResponse:
        """Make a resource, or preview it."""
        kind, inputs = resource_type(request.type), plain_values(request.properties)
        if request.preview:
            outputs = schema.previewed(kind.schema, {}, inputs, kind.derived(self._aws, inputs))
            return protocol.CreateResponse(None, wrapped_values(outputs))
        resource_id = await asyncio.to_thread(kind.create, self._aws, inputs)
        made = await self._look(kind, resource_id, schema.declared(inputs))
        return protocol.CreateResponse(resource_id, wrapped_values(made))

    async def read(self, request: protocol.ReadRequest) -> protocol.ReadResponse:
        """Look at a resource in a refresh, or in an import, which knows nothing of it."""
        kind = resource_type(request.type)
        known, olds = plain_values(request.properties), plain_values(request.inputs)
        seen = await asyncio.to_thread(kind.read, self._aws, request.resource_id, known)
        if seen is None:
            return protocol.ReadResponse("")
        state = schema.settled(kind.schema, known, seen)
        inputs = schema.inputs_of(kind.schema, state, olds)
        return protocol.ReadResponse(request.resource_id, wrapped_values(state), wrapped_values(inputs))

    async def update(self, request: protocol.UpdateRequest) -> protocol.UpdateResponse:
        """Change a resource, or preview it."""
        kind = resource_type(request.type)
        state = plain_values(request.olds)
        inputs = schema.without(request.ignore_changes, state, plain_values(request.news))
        if request.preview:
            outputs = schema.previewed(kind.schema, state, inputs, kind.derived(self._aws, inputs))
            return protocol.UpdateResponse(wrapped_values(outputs))
        await asyncio.to_thread(kind.update, self._aws, request.resource_id, state, inputs)
        updated = await self._look(kind, request.resource_id, schema.declared(inputs))
        return protocol.UpdateResponse(wrapped_values(updated))

    async def delete(self, request: protocol.DeleteRequest) -> None:
        """Remove a resource."""
        kind, state = resource_type(request.type), plain_values(request.properties)
        await asyncio.to_thread(kind.delete, self._aws, request.resource_id, state)

    async def _look(self, kind: ResourceType, resource_id: str, inputs: Values) -> Values:
        """The outputs of a resource that there must be."""
        seen = await asyncio.to_thread(kind.read, self._aws, resource_id, inputs)
        if seen is None:
            raise Refused(f"reading {kind.schema.token} ({resource_id}): couldn't find resource")
        return schema.settled(kind.schema, inputs, seen)


def _known(values: Values) -> Values:
    """Those values that are known already in a preview."""
    return {name: value for name, value in values.items() if is_known(value)}


def _detailed(found: schema.Difference, state: Values) -> dict[str, PropertyDiff]:
    kinds = protocol.PropertyDiffKind

    def kind(name: str, *, replaces: bool) -> protocol.PropertyDiffKind:
        if name in found.removed:
            return kinds.DELETE_REPLACE if replaces else kinds.DELETE
        if not state.get(name):
            return kinds.ADD_REPLACE if replaces else kinds.ADD
        return kinds.UPDATE_REPLACE if replaces else kinds.UPDATE

    return {
        name: protocol.PropertyDiff(kind(name, replaces=replaces), input_diff=False)
        for name, replaces in found.changed.items()
    }
