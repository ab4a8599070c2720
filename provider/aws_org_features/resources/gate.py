"""`AllFeaturesGate`: what depends on the feature set waits behind it.

`AllFeaturesGateProvider`'s path stands in users' state files: it never moves.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi._types import is_input_type
from pulumi.output import Unknown

from aws_org_features.resources.provider import LifecycleProvider
from aws_org_features.resources.typed import TypedResource

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from aws_org_features.lifecycle.gate import GateLifecycle
    from aws_org_features.lifecycle.resource import Call
    from aws_org_features.resources.feature_set import OrganizationFeatureSet


class AllFeaturesGateProvider(LifecycleProvider):
    """Carries the engine's calls to the lifecycle of a gate."""

    def lifecycle(self, call: Call) -> GateLifecycle:
        """The lifecycle, for one call."""
        from aws_org_features.lifecycle.gate import GateLifecycle

        return GateLifecycle(call)


class AllFeaturesGate(TypedResource, module="organizations", name="AllFeaturesGate"):
    """A gate that opens when all features are enabled.

    Resources that need them name it in `depends_on`. While it is closed, `pulumi up` fails with one line: the
    feature set's progress is kept, and dependents are held back. Of the other resources, those are created
    whose creation had begun by then.

    Attributes:
        organization_id: The organization it stands for.
        enabled: True; a gate that exists is open.
    """

    organization_id: pulumi.Output[str]
    enabled: pulumi.Output[bool]

    def __init__(
        self,
        resource_name: str,
        *,
        feature_set: OrganizationFeatureSet,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare it.

        Args:
            resource_name: The resource's name in the program.
            feature_set: The resource that it waits for.
            opts: The resource's options.
        """
        super().__init__(
            AllFeaturesGateProvider(),
            resource_name,
            {
                "organization_id": feature_set.organization_id,
                "enabled": feature_set.enabled,
                "status": feature_set.status,
                "reason": feature_set.message,
            },
            opts,
        )
        if pulumi.runtime.is_dry_run():
            _tell_who_waits(self)


def _tell_who_waits(gate: AllFeaturesGate) -> None:
    """Have a preview say which resources wait for a gate that is yet to open: only the program knows."""
    waits: dict[pulumi.Resource, asyncio.Future[bool]] = {}

    def look(declared: pulumi.ResourceTransformationArgs) -> None:
        before = _made_of(_named(declared.opts.depends_on)) | {*_named(declared.opts.parent)}
        given = tuple(_outputs_in(declared.props))
        waits[declared.resource] = asyncio.ensure_future(_waits(gate, waits, before, given))
        told: pulumi.Output[bool] = gate.id.apply(
            lambda id_: _tell(id_, declared.resource), run_with_unknowns=True
        )
        del told  # Pulumi waits for it

    async def _tell(id_: Any, resource: pulumi.Resource) -> bool:
        held = isinstance(id_, Unknown) and await waits[resource]
        if held:
            pulumi.log.warn(
                f"held back unless the gate {gate._name} is open by then",  # noqa: SLF001 - it has no other
                resource,
            )
        return held

    pulumi.runtime.register_stack_transformation(look)
    for component in _components():
        # It took the stack's over as it was made, and hands them on to resources that it makes later.
        if look not in component._transformations:  # noqa: SLF001
            component._transformations.append(look)  # noqa: SLF001


async def _waits(
    gate: AllFeaturesGate,
    waits: Mapping[pulumi.Resource, asyncio.Future[bool]],
    before: Collection[pulumi.Resource],
    given: Iterable[pulumi.Output[Any]],
) -> bool:
    """Return whether a resource waits for a gate: by its dependencies, or by what its inputs are made of."""
    sources = set(before)
    with contextlib.suppress(Exception):  # the program fails by it, and says so
        for output in given:
            sources |= await output.resources()
    for each in sources - {gate}:
        if each in waits and await waits[each]:
            return True
    return gate in sources


def _components() -> list[pulumi.ComponentResource]:
    """The components that there are: Pulumi keeps no way from a resource to those that it is in."""
    kind = pulumi.ComponentResource
    return [each for each in gc.get_objects() if issubclass(type(each), kind) and "_name" in vars(each)]


def _made_of(resources: Iterable[pulumi.Resource]) -> set[pulumi.Resource]:
    """The resources, and what is in those that are components: that is what Pulumi waits for."""
    found: set[pulumi.Resource] = set()
    for each in resources:
        inner = each._childResources if isinstance(each, pulumi.ComponentResource) else ()  # noqa: SLF001
        found |= {each, *_made_of(tuple(inner))}
    return found


def _outputs_in(value: object) -> Iterator[pulumi.Output[Any]]:
    if isinstance(value, pulumi.Output):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _outputs_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _outputs_in(each)
    elif is_input_type(type(value)):
        yield from _outputs_in(vars(value))


def _named(depends_on: object) -> list[pulumi.Resource]:
    """The resources that are named; without those that aren't known yet."""
    listed = depends_on if isinstance(depends_on, list | tuple) else [depends_on]
    return [each for each in listed if isinstance(each, pulumi.Resource)]
