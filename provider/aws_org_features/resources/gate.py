"""`AllFeaturesGate`: what depends on the feature set waits behind it.

`AllFeaturesGateProvider`'s path stands in users' state files: it never moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.dynamic import (
    CheckResult,
    CreateResult,
    DiffResult,
    ResourceProvider,
    UpdateResult,
)

from aws_org_features.errors import FeatureSetNotEnabledError
from aws_org_features.resources.engine import EngineSay, calling_urn, told
from aws_org_features.resources.inputs import is_known
from aws_org_features.resources.typed import TypedResource

if TYPE_CHECKING:
    from aws_org_features.resources.feature_set import OrganizationFeatureSet


class AllFeaturesGateProvider(ResourceProvider):
    """Lets its dependents through once all features are enabled. Asks AWS nothing."""

    serialize_as_secret_always = True

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Say before the run that it is going to stop here, as far as that can be told."""
        if _olds.get("enabled") is not True and news.get("enabled") is not True:
            EngineSay().warn(_closed(news, calling_urn()))
        return CheckResult(news, [])

    @told
    def create(self, props: dict[str, Any]) -> CreateResult:
        """Succeed, or hold the dependents back with one line that says what is missing."""
        _pass(props)
        return CreateResult(props["organization_id"], props)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """An open gate stays open; what the migration says on its way is no change of the gate."""
        wanted = _news.get("organization_id")
        if is_known(wanted) and _olds.get("organization_id") != wanted:
            return DiffResult(changes=True, replaces=["organization_id"])
        return DiffResult(changes=_news.get("enabled") is False)

    @told
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """As `create`: an organization that isn't ALL closes the gate."""
        _pass(_news)
        return UpdateResult(_news)


def _closed(news: dict[str, Any], urn: str) -> str:
    known = is_known(news.get("enabled"))
    unless = "" if known else " unless all features are enabled by then"
    # A URN as it is would be taken for a command by a pipeline's runner, for its "::".
    gate = f"**AllFeaturesGate**:{urn.rpartition('::')[2]}"
    return (
        f"the gate is closed{unless}: this `pulumi up` fails here, and what depends on it is held back. "
        f"To run without these: pulumi up --exclude '{gate}' --exclude-dependents"
    )


def _pass(props: dict[str, Any]) -> None:
    if props.get("enabled") is not True:
        raise FeatureSetNotEnabledError(
            f"{props.get('organization_id')} doesn't have all features enabled yet "
            f"({props.get('status', 'unknown')}): {props.get('reason', '')}",
            "What depends on the gate is held back, and the next `pulumi up` goes on.",
        )


class AllFeaturesGate(TypedResource, module="organizations", name="AllFeaturesGate"):
    """A gate that opens when all features are enabled.

    Resources that need them name it in `depends_on`. While it is closed, `pulumi up` fails with one line:
    the feature set's progress is kept, and dependents are held back. What doesn't depend on the gate is made
    as far as it had begun by then.

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
    waiting: set[object] = {gate}

    def look(declared: pulumi.ResourceTransformationArgs) -> None:
        if waiting & {declared.opts.parent, *_named(declared.opts.depends_on)}:
            waiting.add(declared.resource)
            gate.id.apply(lambda id_: _tell(id_, declared.resource), run_with_unknowns=True)

    def _tell(id_: Any, resource: pulumi.Resource) -> None:
        if not is_known(id_):
            pulumi.log.warn(
                f"held back unless the gate {gate._name} is open by then",  # noqa: SLF001 - it has no other
                resource,
            )

    pulumi.runtime.register_stack_transformation(look)


def _named(depends_on: object) -> list[object]:
    """The resources that are named as they are; what is still to be known isn't told."""
    listed = depends_on if isinstance(depends_on, list | tuple) else [depends_on]
    return [each for each in listed if isinstance(each, pulumi.Resource)]
