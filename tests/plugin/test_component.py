"""The native component: what it registers, in which order, and with whose options. A monitor stands in."""

from __future__ import annotations

import contextlib
import threading
from concurrent import futures
from typing import TYPE_CHECKING, Any, Final

import grpc
import pytest
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import alias_pb2, provider_pb2, provider_pb2_grpc, resource_pb2, resource_pb2_grpc

from aws_org_features.lifecycle.all_features_organization import DYNAMIC_TYPE
from aws_org_features.plugin import schema, server, wire
from tests.harness.held import Held, of_inputs
from tests.harness.values import SIGNATURE
from tests.harness.wire import bared_in, secret, struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
STACK: Final = "urn:pulumi:test::test::pulumi:pulumi:Stack::test-test"
PROVIDER: Final = "urn:pulumi:test::test::pulumi:providers:org-features::default"
OF_FEATURES: Final = {
    "organizationId": "o-exampleorg1",
    "enabled": True,
    "status": "ENABLED",
    "message": "All features are enabled.",
}


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """The monitor that registers resources, as far as a component talks to it."""

    def __init__(self) -> None:
        self.registered: dict[str, Any] = {}
        self.outputs: dict[str, Any] = {}
        self.of_features: dict[str, Any] = OF_FEATURES
        self.fails = ""
        self.meanwhile: Callable[[Any], object] = lambda _: None
        self._server = grpc.server(futures.ThreadPoolExecutor(80), options=[("grpc.so_reuseport", 0)])
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def RegisterResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        self.meanwhile(request)
        if request.name == self.fails:
            context.abort(grpc.StatusCode.INTERNAL, "resource registration failed")
        name = request.name if request.custom else "the component"
        self.registered[name] = request
        is_features = request.type == schema.FEATURE_SET
        return resource_pb2.RegisterResourceResponse(
            urn=urn(name),
            id=f"id of {name}",
            object=struct(self.of_features) if is_features else None,
        )

    def RegisterResourceOutputs(self, request: Any, _context: Any) -> Any:  # noqa: N802
        self.outputs[request.urn] = request.outputs
        return empty_pb2.Empty()

    def close(self) -> None:
        self._server.stop(None).wait()


def urn(name: str) -> str:
    return f"urn:pulumi:test::test::org-features:index:Any::{name}"


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    made = Monitor()
    yield made
    made.close()


@contextlib.contextmanager
def served(reference: str = PROVIDER) -> Iterator[Any]:
    serving, _, port = server.serve("")
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        client: Any = Held(provider_pb2_grpc.ResourceProviderStub(channel))
        client.Configure(provider_pb2.ConfigureRequest(args=struct({}), urn=reference, id="4711"))
        yield client
    serving.stop(None).wait()


@pytest.fixture
def provider() -> Iterator[Any]:
    with served() as client:
        yield client


def asked(monitor: Monitor, inputs: dict[str, Any] | None = None, **options: Any) -> Any:
    """The request of the engine."""
    return provider_pb2.ConstructRequest(
        type=schema.ORGANIZATION,
        name="org",
        parent=STACK,
        monitorEndpoint=monitor.address,
        inputs=struct({"organizationId": "o-exampleorg1", **(inputs or {})}),
        **options,
    )


def refused(provider: Any, request: Any) -> str:
    with pytest.raises(grpc.RpcError) as error:
        provider.Construct(request)
    assert error.value.code() is grpc.StatusCode.UNKNOWN
    return str(error.value.details())


INSPECTOR: Final = "inspector2.amazonaws.com"
ALL: Final = {"policyTypes": ["INSPECTOR_POLICY", "TAG_POLICY"], "trustedServices": [INSPECTOR]}


def test_it_makes_the_children_that_pythons_component_makes(provider: Any, monitor: Monitor) -> None:
    answer = provider.Construct(asked(monitor, {**ALL, "attempt": 2, "policyTypesOnDestroy": "leave"}))

    made = {name: (each.type, wire.read(each.object)) for name, each in monitor.registered.items()}
    org = {"organizationId": "o-exampleorg1"}
    assert made == {
        "the component": (schema.ORGANIZATION, {}),
        "org": (schema.FEATURE_SET, {**org, "attempt": 2}),
        "org-gate": (
            schema.GATE,
            {**org, "enabled": True, "status": "ENABLED", "reason": "All features are enabled."},
        ),
        f"org-{INSPECTOR}": (schema.TRUSTED_SERVICE, {**org, "servicePrincipal": INSPECTOR}),
        "org-INSPECTOR_POLICY": (
            schema.POLICY_TYPE,
            {**org, "policyType": "INSPECTOR_POLICY", "onDestroy": "leave"},
        ),
        "org-TAG_POLICY": (schema.POLICY_TYPE, {**org, "policyType": "TAG_POLICY", "onDestroy": "leave"}),
    }
    assert answer.urn == urn("the component")
    children = {name: each for name, each in monitor.registered.items() if each.custom}
    assert {each.parent for each in children.values()} == {answer.urn}
    assert {each.provider for each in children.values()} == {f"{PROVIDER}::4711"}
    assert monitor.registered["the component"].parent == STACK


@pytest.mark.parametrize("in_preview", [False, True])
def test_what_it_gives_and_what_it_gives_its_children_is_as_the_schema_says(
    provider: Any, monitor: Monitor, *, in_preview: bool
) -> None:
    role = {"roleArn": "arn:aws:iam::111111111111:role/Deploy", "externalId": "secret"}
    given = {"approver": {"roleName": "Approve"}, "connection": {"assumeRoles": [role]}, "finalize": False}
    if in_preview:
        given["timeout"] = UNKNOWN
        monitor.of_features = {"organizationId": UNKNOWN}

    provider.Construct(asked(monitor, {**ALL, **given}, dryRun=in_preview))

    assert provider.judged == {"Construct": 1}
    children = [each for each in monitor.registered.values() if each.custom]
    assert len(children) == 5
    for each in children:
        assert [*of_inputs(each.type, each.object, unknown=in_preview)] == [], each.name


def test_an_explicit_provider_serves_the_children_of_an_older_engine_too(monitor: Monitor) -> None:
    with served("") as provider:
        provider.Construct(asked(monitor, providers={"org-features": "urn::explicit::4712"}))

    assert monitor.registered["org"].provider == "urn::explicit::4712"


def test_each_waits_for_what_it_needs(provider: Any, monitor: Monitor) -> None:
    provider.Construct(asked(monitor, ALL, dependencies=[urn("before")]))

    assert {name: list(each.dependencies) for name, each in monitor.registered.items()} == {
        "the component": [urn("before")],
        "org": [urn("before")],
        "org-gate": [urn("org")],
        f"org-{INSPECTOR}": [urn("org-gate")],
        "org-INSPECTOR_POLICY": sorted([urn("org-gate"), urn(f"org-{INSPECTOR}")]),
        "org-TAG_POLICY": [urn("org-gate")],
    }
    of_gate = monitor.registered["org-gate"].propertyDependencies
    assert {name: tuple(each.urns) for name, each in of_gate.items()} == dict.fromkeys(
        ("organizationId", "enabled", "status", "reason"), (urn("org"),)
    )


def test_the_source_of_an_input_comes_first(provider: Any, monitor: Monitor) -> None:
    sources = provider_pb2.ConstructRequest.PropertyDependencies(urns=[urn("source")])
    provider.Construct(asked(monitor, ALL, inputDependencies={"organizationId": sources}))

    for name in ("org", "org-TAG_POLICY", f"org-{INSPECTOR}"):
        child = monitor.registered[name]
        assert urn("source") in child.dependencies
        assert list(child.propertyDependencies["organizationId"].urns) == [urn("source")]


def test_the_component_has_its_children_as_outputs(provider: Any, monitor: Monitor) -> None:
    answer = provider.Construct(asked(monitor, ALL))

    def reference(name: str) -> Any:
        kind = "5cf8f73096256a8f31e491e813e4eb8e"
        return struct(it={SIGNATURE: kind, "urn": urn(name), "id": f"id of {name}"}).fields["it"]

    state = answer.state.fields
    assert state["featureSet"] == reference("org")
    assert state["gate"] == reference("org-gate")
    types = state["policyTypeResources"].struct_value.fields
    assert dict(types) == {each: reference(f"org-{each}") for each in ("INSPECTOR_POLICY", "TAG_POLICY")}
    assert dict(state["trustedServiceResources"].struct_value.fields) == {
        INSPECTOR: reference(f"org-{INSPECTOR}")
    }
    assert list(answer.stateDependencies["gate"].urns) == [urn("org-gate")]
    assert monitor.outputs == {answer.urn: answer.state}


def test_children_take_over_the_components_options(provider: Any, monitor: Monitor) -> None:
    provider.Construct(asked(monitor, ALL, protect=True, retainOnDelete=True, deletedWith=urn("the root")))

    for name, each in monitor.registered.items():
        assert each.protect is True, name
        if each.custom:
            assert (each.retainOnDelete, each.deletedWith) == (True, urn("the root")), name


def test_a_stack_moves_in_and_over_without_a_change(provider: Any, monitor: Monitor) -> None:
    given = alias_pb2.Alias(spec=alias_pb2.Alias.Spec(type=DYNAMIC_TYPE))
    provider.Construct(asked(monitor, ALL, aliases=[given]))

    component, spec = monitor.registered["the component"], alias_pb2.Alias.Spec
    assert list(component.aliases) == [given]
    dynamic = "pulumi-python:dynamic/organizations:RootPolicyType"
    found = [each.spec for each in monitor.registered["org-TAG_POLICY"].aliases]
    assert found == [
        spec(type=dynamic),
        spec(noParent=True),
        spec(parentUrn=STACK),
        spec(type=dynamic, noParent=True),
        spec(type=dynamic, parentUrn=STACK),
    ]


def test_an_unknown_value_is_unknown_to_the_gate(provider: Any, monitor: Monitor) -> None:
    monitor.of_features = {"organizationId": "o-exampleorg1", "enabled": UNKNOWN}

    provider.Construct(asked(monitor, ALL, dryRun=True))

    of_gate = monitor.registered["org-gate"].object
    assert wire.read(of_gate) == {
        "organizationId": "o-exampleorg1",
        **dict.fromkeys(("enabled", "status", "reason"), wire.read(struct(it=UNKNOWN))["it"]),
    }


def test_a_secret_stays_one(provider: Any, monitor: Monitor) -> None:
    role = {"roleArn": "arn:aws:iam::111111111111:role/Deploy", "externalId": "canary-of-the-role"}
    given = {"connection": {"assumeRoles": [role]}, "approver": secret({"externalId": "canary"})}

    provider.Construct(asked(monitor, {**ALL, **given}))

    for each in monitor.registered.values():
        assert not [text for text in bared_in(each.object) if "canary" in text]
    of_type = wire.read(monitor.registered["org-TAG_POLICY"].object)
    assert of_type["connection"]["assumeRoles"][0]["externalId"] == "canary-of-the-role"


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"policyTypes": "TAG_POLICY"}, "policy-types-invalid: org: policyTypes is 'TAG_POLICY', but must"),
        ({"policyTypes": ["tag-policy"]}, "did you mean TAG_POLICY?"),
        ({"policyTypes": ["TAG_POLICY", "TAG_POLICY"]}, "policyTypes names TAG_POLICY twice"),
        ({"policyTypes": [UNKNOWN]}, "policyTypes holds <not known yet>, but it names resources"),
        ({"policyTypes": UNKNOWN}, "policyTypes is <not known yet>, but must be a list"),
        ({"policyTypesOnDestroy": "keep"}, "policyTypesOnDestroy is 'keep', but must be one of"),
        ({"trustedServices": ["guard duty"]}, "trusted-services-invalid: org: servicePrincipal is 'guard"),
        ({"policy_types": ["canary"]}, "there is no input policy_types. Did you mean policyTypes?"),
    ],
)
def test_lists_that_name_no_resources_are_refused_before_anything_is_made(
    provider: Any, monitor: Monitor, inputs: dict[str, Any], told: str
) -> None:
    text = refused(provider, asked(monitor, inputs))

    assert told in text
    assert "canary" not in text
    assert "\n" not in text
    assert monitor.registered == {}


def test_dependents_of_a_failed_child_arent_created(provider: Any, monitor: Monitor) -> None:
    monitor.fails = "org-gate"

    assert refused(provider, asked(monitor, ALL)) == "resource registration failed"

    assert set(monitor.registered) == {"the component", "org"}
    assert monitor.outputs == {}


def test_there_is_no_other_component(provider: Any, monitor: Monitor) -> None:
    request = asked(monitor)
    request.type = "org-features:index:Other"

    assert refused(provider, request) == "the package org-features has no component org-features:index:Other"


def test_components_leave_their_children_threads(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "CALLS_AT_ONCE", 1)
    all_begun = threading.Barrier(3)
    with served() as client:

        def ask_for_it(request: Any) -> None:
            if request.type == schema.GATE:
                all_begun.wait(300)
                gate = f"urn:pulumi:test::test::{schema.GATE}::gate"
                check = provider_pb2.CheckRequest(urn=gate, news=request.object)
                assert not client.Check(check, timeout=300).failures

        monitor.meanwhile = ask_for_it
        made = [client.Construct.future(asked(monitor)) for _ in range(3)]

        assert all(each.result(300).urn for each in made)
