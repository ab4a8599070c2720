"""Making a component: its parts are registered with the engine, which asks some provider for each of them."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import grpc

# First, for it decides how pulumi is imported.
from aws_org_features.plugin.protos import provider_pb2  # isort: skip

from google.protobuf import struct_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import alias_pb2, resource_pb2, resource_pb2_grpc

from aws_org_features.lifecycle.unknown import UNKNOWN
from aws_org_features.plugin import schema, wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_LARGEST: Final = 400 * 1024 * 1024  # as the engine's
_OPTIONS: Final = (
    ("grpc.max_send_message_length", _LARGEST),
    ("grpc.max_receive_message_length", _LARGEST),
    ("grpc.enable_http_proxy", 0),
)
_NOTHING_KNOWN: Final = wire.write({"it": UNKNOWN}).fields["it"]


@dataclass(frozen=True, slots=True)
class Given:
    """A value for a child's input.

    Attributes:
        value: As the engine sent it; nothing of it is read and written again.
        sources: The resources that it comes from, by URN.
    """

    value: struct_pb2.Value
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Child:
    """The engine's answer about a child.

    Attributes:
        urn: Its URN.
        id: Its id; not known in each preview.
        outputs: What it has.
    """

    urn: str
    id: str
    outputs: struct_pb2.Struct

    def gives(self, name: str) -> Given:
        """One of its outputs, for another child. In a preview it may not be known yet."""
        return Given(self.outputs.fields.get(name, _NOTHING_KNOWN), (self.urn,))


class ChildFailed(Exception):  # noqa: N818 - the engine has told why, at the child
    """A child couldn't be made."""


class Construction:
    """One component, while it is made.

    Args:
        request: What the engine asks for.
        provider: The reference of the provider that is asked, which serves the children as well; empty where
            an older engine doesn't tell it.
    """

    def __init__(self, request: Any, provider: str) -> None:
        self.name = str(request.name)
        self._request = request
        self._provider = provider or request.providers.get(schema.PACKAGE, "")
        self._channel = grpc.insecure_channel(request.monitorEndpoint, options=_OPTIONS)
        # The generated stub has no annotations.
        self._monitor: Any = resource_pb2_grpc.ResourceMonitorStub(self._channel)
        self.urn = ""

    def begin(self) -> None:
        """Register the component itself."""
        request = self._request
        self.urn = self._register(
            type=request.type,
            name=request.name,
            parent=request.parent,
            dependencies=request.dependencies,
            providers=request.providers,
            # That for Python's component is among them: SDKs have it from the schema.
            aliases=request.aliases,
            protect=request.protect,
        ).urn

    def given(self) -> dict[str, Given]:
        """The component's inputs, by the engine's names; what must be a secret is one."""
        values = wire.with_secrets(self._request.inputs, schema.inputs(self._request.type))
        sources = self._request.inputDependencies
        return {
            name: Given(value, tuple(sources[name].urns) if name in sources else ())
            for name, value in values.fields.items()
        }

    def values(self) -> dict[str, Any]:
        """The component's inputs as values, by the core's names."""
        return wire.read(self._request.inputs, schema.inputs(self._request.type))

    def first(self) -> tuple[str, ...]:
        """The first child, which the component as a whole depends on."""
        return tuple(self._request.dependencies)

    def child(self, token: str, name: str, given: Mapping[str, Given], after: Iterable[str]) -> Child:
        """Register a child, and wait for it.

        Args:
            token: Its type.
            name: Its name.
            given: Its inputs.
            after: What it depends on, by URN.

        Raises:
            ChildFailed: It couldn't be made.
        """
        request, sources = self._request, {name: each.sources for name, each in given.items()}
        inherited: dict[str, Any] = {"deletedWith": request.deletedWith}
        for option in ("protect", "retainOnDelete"):
            if request.HasField(option):
                inherited[option] = getattr(request, option)
        made = self._register(
            type=token,
            name=name,
            parent=self.urn,
            custom=True,
            object=struct_pb2.Struct(fields={name: each.value for name, each in given.items()}),
            dependencies=sorted({*after, *(urn for urns in sources.values() for urn in urns)}),
            propertyDependencies={
                name: resource_pb2.RegisterResourceRequest.PropertyDependencies(urns=urns)
                for name, urns in sources.items()
            },
            provider=self._provider,
            aliases=list(self._where_it_stood(token)),
            **inherited,
        )
        return Child(made.urn, made.id, made.object)

    def end(self, children: Mapping[str, Child | Mapping[str, Child]]) -> Any:
        """Say which children the component has, by the outputs that they are found in; gives the answer."""
        state = struct_pb2.Struct(fields={name: _reference(each) for name, each in children.items()})
        with _failing_as_a_child():
            self._monitor.RegisterResourceOutputs(
                resource_pb2.RegisterResourceOutputsRequest(urn=self.urn, outputs=state)
            )
        sources = {
            name: provider_pb2.ConstructResponse.PropertyDependencies(urns=_urns(each))
            for name, each in children.items()
        }
        return provider_pb2.ConstructResponse(urn=self.urn, state=state, stateDependencies=sources)

    def close(self) -> None:
        """Keep no connection."""
        self._channel.close()

    def _where_it_stood(self, token: str) -> Iterator[Any]:
        """Outside of the component, or as a dynamic resource: a stack moves in, or over, without a change."""
        types = ("", *schema.former_types(token))
        yield from (_alias(type=each) for each in types if each)
        for each in types:
            yield _alias(type=each, noParent=True)
            if self._request.parent:
                yield _alias(type=each, parentUrn=self._request.parent)

    def _register(self, **given: Any) -> Any:
        with _failing_as_a_child():
            return self._monitor.RegisterResource(
                resource_pb2.RegisterResourceRequest(
                    acceptSecrets=True,
                    acceptResources=True,
                    supportsPartialValues=True,
                    aliasSpecs=True,
                    **given,
                )
            )


@contextlib.contextmanager
def _failing_as_a_child() -> Iterator[None]:
    try:
        yield
    except grpc.RpcError as error:
        raise ChildFailed(str(error.details())) from error


def _alias(**spec: Any) -> Any:
    return alias_pb2.Alias(spec=alias_pb2.Alias.Spec(**spec))


def _reference(found: Child | Mapping[str, Child]) -> struct_pb2.Value:
    """A child, or several by their names, as values."""
    if isinstance(found, Child):
        return wire.reference(found.urn, found.id)
    fields = {name: _reference(each) for name, each in found.items()}
    return struct_pb2.Value(struct_value=struct_pb2.Struct(fields=fields))


def _urns(found: Child | Mapping[str, Child]) -> list[str]:
    return [found.urn] if isinstance(found, Child) else [each.urn for each in found.values()]
