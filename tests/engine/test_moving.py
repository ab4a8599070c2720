"""Moving from the dynamic resource to the native one and back, in one program: no approval is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pulumi
import pytest

from tests.harness.cli_project import settings
from tests.stacks import feature_set

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.stacks import Project

pytestmark = pytest.mark.exhaustive

DYNAMIC: Final = "pulumi-python:dynamic/organizations:OrganizationFeatureSet"
NATIVE: Final = "org-features:index:OrganizationFeatureSet"
TYPES: Final = {"dynamic": DYNAMIC, "native": NATIVE}
KEPT: Final = "nothing was canceled: another resource of the program keeps the migration"


class _Native(pulumi.CustomResource):
    """The class that a generated SDK has, but without the schema's alias unless it is asked for."""

    status: pulumi.Output[str]

    def __init__(self, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(NATIVE, name, {"status": None, **props}, opts)


def _dynamic(org: Emulator, name: str, on_destroy: str, opts: pulumi.ResourceOptions | None = None) -> None:
    pulumi.export("status", feature_set(org, name, on_destroy=on_destroy, opts=opts).status)


def _native(org: Emulator, name: str, on_destroy: str, opts: pulumi.ResourceOptions | None = None) -> None:
    props = {"organizationId": org.organization_id, "onDestroy": on_destroy}
    pulumi.export("status", _Native(name, props, opts).status)


def _provider(edge: str, org: Emulator, name: str) -> pulumi.ProviderResource:
    """An explicit provider, which has a process of its own."""
    given = {**settings(org), "secretKey": pulumi.Output.secret("any")}
    if edge == "native":
        return pulumi.ProviderResource(
            "org-features", name, {**given, "endpoints": json.dumps(given["endpoints"])}
        )
    given["endpoints"] = json.dumps(given["endpoints"])
    return pulumi.ProviderResource(
        "pulumi-python", name, {f"aws:{key}": value for key, value in given.items()}
    )


@pytest.fixture
def project(project: Project, org: Emulator) -> Project:
    """A stack with settings for both."""
    project.set_environment(PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION="true")
    project.configure_with({f"org-features:{name}": value for name, value in settings(org).items()})
    return project


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize(
    ("name", "on_destroy", "approved"),
    [("another", "cancel", 0), ("another", "cancel", 2), ("org", "cancel", 0), ("another", "leave", 2)],
)
def test_without_the_alias_nothing_is_lost(
    project: Project, org: Emulator, *, back: bool, name: str, on_destroy: str, approved: int
) -> None:
    was, is_ = (_native, _dynamic) if back else (_dynamic, _native)
    project.declare(lambda: was(org, "org", on_destroy))
    assert not project.up().failed
    for account_id in org.invited[:approved]:
        org.approve(account_id)
    project.declare(lambda: is_(org, name, on_destroy))

    moved = project.up()

    assert not moved.failed, moved.text
    assert (moved.ops["create"], moved.ops["delete"]) == (1, 1)
    assert moved.outputs["status"] == "AWAITING_APPROVALS"
    stays = "continues in AWS, with the approvals given so far (on" + ("Destroy" if back else "_destroy")
    assert (KEPT if on_destroy == "cancel" else f"{stays} is leave") in moved.text
    assert org.writes == {"EnableAllFeatures": 1}
    org.approve_all()
    assert project.up().outputs["status"] == "ENABLED"
    assert org.writes == {"EnableAllFeatures": 1, "AcceptHandshake": 1}


@pytest.mark.parametrize("approved", [0, 2])
def test_by_the_alias_it_stays_the_same_resource(project: Project, org: Emulator, approved: int) -> None:
    """Use the alias as a generated SDK gives it, from the schema; from YAML it is in `test_native.py`."""
    project.declare(lambda: _dynamic(org, "org", "cancel"))
    assert not project.up().failed
    for account_id in org.invited[:approved]:
        org.approve(account_id)
    alias = pulumi.ResourceOptions(aliases=[pulumi.Alias(type_=DYNAMIC)])
    project.declare(lambda: _native(org, "org", "cancel", alias))

    moved = project.up()

    assert (moved.failed, moved.changes, moved.ops["update"]) == (False, 1, 1), moved.text
    assert org.writes == {"EnableAllFeatures": 1}
    assert project.destroy().ops == {"delete": 2}
    # It is still the one that has begun it.
    assert org.writes["CancelHandshake"] == (0 if approved else 1)


@pytest.mark.parametrize("how", ["another name", "replaced", "replaced, deleted first"])
@pytest.mark.parametrize("edge", ["dynamic", "native"])
def test_to_another_explicit_provider_nothing_is_lost_either(
    project: Project, org: Emulator, edge: str, how: str
) -> None:
    resource = {"dynamic": _dynamic, "native": _native}[edge]

    def program(name: str, provider: str) -> Callable[[], None]:
        def declare() -> None:
            providers = {each: _provider(edge, org, each) for each in ("one", "two")}
            opts = pulumi.ResourceOptions(
                provider=providers[provider], delete_before_replace=how == "replaced, deleted first"
            )
            resource(org, name, "cancel", opts)

        return declare

    project.declare(program("org", "one"))
    begun = project.up()
    assert not begun.failed, begun.text
    urn = next(each for each in project.stored().split('"') if each.endswith(f"{TYPES[edge]}::org"))
    renamed = how == "another name"
    project.declare(program("another" if renamed else "org", "two"))

    moved = project.up(**({} if renamed else {"replace": [urn]}))

    assert not moved.failed, moved.text
    assert moved.outputs["status"] == "AWAITING_APPROVALS"
    if how == "replaced, deleted first":
        # The user asked for it in so many words; nobody had approved. It goes on by itself.
        assert org.writes == {"EnableAllFeatures": 2, "CancelHandshake": 1}
        return
    assert KEPT in moved.text
    assert org.writes == {"EnableAllFeatures": 1}
