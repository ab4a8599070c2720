"""`AllFeaturesOrganization`, natively: the children of Python's component, as native resources."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from aws_org_features.lifecycle.all_features_organization import (
    child_name,
    gate_name,
    refusal,
    service_needed_by,
)
from aws_org_features.plugin import schema, wire
from aws_org_features.plugin.construct import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.plugin.construct import Child, Construction


def problem(construction: Construction) -> str | None:
    """Find the first problem of the inputs before anything is created; None if there is none."""
    told = refusal(construction.name, construction.values())
    return None if told is None else schema.in_our_names(told)


def make(construction: Construction) -> Any:
    """Register the children, each once what it waits for is there; gives the answer.

    Raises:
        ChildFailed: One of them couldn't be made, and what waits for it wasn't.
    """
    given, name = construction.given(), construction.name
    of_features = {each: given[each] for each in schema.inputs(schema.FEATURE_SET).fields if each in given}
    features = construction.child(schema.FEATURE_SET, name, of_features, construction.first())
    of_gate = {
        "organizationId": features.gives("organizationId"),
        "enabled": features.gives("enabled"),
        "status": features.gives("status"),
        "reason": features.gives("message"),
    }
    gate = construction.child(schema.GATE, gate_name(name), of_gate, ())
    return construction.end({"featureSet": features, "gate": gate, **_behind(construction, given, gate)})


def _behind(
    construction: Construction, given: Mapping[str, Given], gate: Child
) -> dict[str, dict[str, Child]]:
    """The services and the types, all at once, but that a type waits for the service that it needs."""
    values = construction.values()
    services, types = values.get("trusted_services") or (), values.get("policy_types") or ()
    trusted: dict[str, Future[Child]] = {}

    def make_service(each: str) -> Child:
        own = {"servicePrincipal": _text(each), **_renamed(given, "trustedServicesOnDestroy", "onDestroy")}
        return make_one(schema.TRUSTED_SERVICE, each, own, [gate.urn])

    def make_type(each: str) -> Child:
        needed = trusted.get(service_needed_by(each))
        after = [gate.urn] if needed is None else [gate.urn, needed.result().urn]
        own = {"policyType": _text(each), **_renamed(given, "policyTypesOnDestroy", "onDestroy")}
        return make_one(schema.POLICY_TYPE, each, own, after)

    def make_one(token: str, each: str, own: Mapping[str, Given], after: list[str]) -> Child:
        shared = {name: given[name] for name in ("organizationId", "connection") if name in given}
        return construction.child(token, child_name(construction.name, each), {**shared, **own}, after)

    with ThreadPoolExecutor(max_workers=max(1, len(services) + len(types))) as pool:
        trusted |= {each: pool.submit(make_service, each) for each in services}
        enabled = {each: pool.submit(make_type, each) for each in types}
        return {
            "trustedServiceResources": {each: made.result() for each, made in trusted.items()},
            "policyTypeResources": {each: made.result() for each, made in enabled.items()},
        }


def _renamed(given: Mapping[str, Given], name: str, instead: str) -> dict[str, Given]:
    return {instead: given[name]} if name in given else {}


def _text(text: str) -> Given:
    return Given(wire.write({"it": text}).fields["it"])
