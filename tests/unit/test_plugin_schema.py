"""The native provider's schema says what the code does, and is made of what the code says."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import pytest

from aws_org_features import AllFeaturesOrganization
from aws_org_features.lifecycle import (
    all_features_organization,
    approval,
    gate,
    inputs,
    policy_type,
    trusted_service,
)
from aws_org_features.lifecycle.aws_settings import FOLLOWED
from aws_org_features.lifecycle.inputs import _CHOICES, DEFAULTS
from aws_org_features.lifecycle.resource import GOAL
from aws_org_features.member_account import state as approval_state
from aws_org_features.migration.state import OUTPUTS
from aws_org_features.model import on_off
from aws_org_features.model.approval import ApprovalStatus
from aws_org_features.model.migration import Status, WaitUntil
from aws_org_features.model.organizations import FEATURE_SETS
from aws_org_features.model.policy_types import PolicyTypeStatus
from aws_org_features.model.trusted_services import TrustedServiceStatus
from aws_org_features.plugin import resources, schema, wire
from aws_org_features.policy_types import state as policy_type_state
from aws_org_features.trusted_services import state as trusted_service_state
from tools.docs import plugin_schema

SCHEMA = json.loads(schema.text())
RESOURCES = SCHEMA["resources"]
RESOURCE = RESOURCES[schema.FEATURE_SET]
FUNCTION = SCHEMA["functions"][schema.GET_FEATURE_SET]


def core(names: Any) -> set[str]:
    return {wire.snake(name) for name in names}


def test_the_file_is_what_the_code_and_its_docstrings_say() -> None:
    assert schema.text() == plugin_schema.text(), "python -m tools.docs.plugin_schema regenerates it"


def test_it_has_the_resources_that_are_served() -> None:
    assert list(RESOURCES) == [*resources.MODULES, *resources.COMPONENTS]


@pytest.mark.parametrize(
    ("token", "given", "found"),
    [
        (schema.FEATURE_SET, (*inputs.INPUTS, inputs.FAIL_UNLESS_ENABLED), OUTPUTS),
        (schema.GATE, gate.INPUTS, ()),
        (schema.APPROVAL, approval.INPUTS, approval_state.OUTPUTS),
        (schema.POLICY_TYPE, policy_type.INPUTS, policy_type_state.OUTPUTS),
        (schema.TRUSTED_SERVICE, trusted_service.INPUTS, trusted_service_state.OUTPUTS),
    ],
)
def test_it_has_the_inputs_and_outputs_of_the_dynamic_resource(
    token: str, given: tuple[str, ...], found: tuple[str, ...]
) -> None:
    assert core(RESOURCES[token]["inputProperties"]) == {*given} - {GOAL}
    assert core(RESOURCES[token]["properties"]) == {*given, *found} - {GOAL}


def test_the_component_has_what_pythons_has() -> None:
    component, python = RESOURCES[schema.ORGANIZATION], AllFeaturesOrganization
    given = {*inspect.signature(python.__init__).parameters} - {"self", "resource_name", "opts"}

    assert core(component["inputProperties"]) == given
    assert core(component["properties"]) == set(python.__annotations__)
    assert component["isComponent"]


def test_the_function_has_the_outputs_but_for_a_record() -> None:
    record_of_the_resource = {"attempt_recorded", "started_by_this_resource"}
    assert core(FUNCTION["outputs"]["properties"]) == {"organization_id", *OUTPUTS} - record_of_the_resource


@pytest.mark.parametrize("token", resources.MODULES)
def test_it_takes_the_dynamic_resources_state_over(token: str) -> None:
    dynamic = f"pulumi-python:dynamic/organizations:{token.rpartition(':')[2]}"

    assert RESOURCES[token]["aliases"] == [{"type": dynamic}]
    assert RESOURCES[schema.ORGANIZATION]["aliases"] == [{"type": all_features_organization.DYNAMIC_TYPE}]


@pytest.mark.parametrize("token", [*RESOURCES, schema.GET_FEATURE_SET])
def test_outputs_can_be_inputs_of_another_resource(token: str) -> None:
    """YAML's host assigns no enum to a text, nor to another enum."""
    found = RESOURCES.get(token) or FUNCTION["outputs"]
    enums = [name for name, said in SCHEMA["types"].items() if "enum" in said]

    assert enums
    assert not [
        name
        for name, each in found["properties"].items()
        if each.get("$ref", "").removeprefix("#/types/") in enums
    ]


def test_its_settings_are_those_that_are_followed() -> None:
    # assumeRole is what older versions of pulumi-aws have.
    assert set(SCHEMA["config"]["variables"]) == set(FOLLOWED) - {"assumeRole"}
    assert SCHEMA["config"]["variables"] == SCHEMA["provider"]["inputProperties"]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("FeatureSet", FEATURE_SETS),
        ("Status", tuple(Status)),
        ("ApprovalStatus", tuple(ApprovalStatus)),
        ("PolicyTypeStatus", tuple(PolicyTypeStatus)),
        ("PolicyTypeOnDestroy", tuple(on_off.OnDestroy)),
        ("TrustedServiceStatus", tuple(TrustedServiceStatus)),
        ("TrustedServiceOnDestroy", tuple(on_off.OnDestroy)),
        ("WaitUntil", tuple(WaitUntil)),
        ("OnDestroy", _CHOICES["on_destroy"]),
        ("Observe", _CHOICES["observe"]),
    ],
)
def test_its_choices_are_the_codes(name: str, values: tuple[str, ...]) -> None:
    said = SCHEMA["types"][f"org-features:index:{name}"]["enum"]

    assert [each["value"] for each in said] == list(values)


def test_its_defaults_are_the_codes() -> None:
    said = {name: each["default"] for name, each in RESOURCE["inputProperties"].items() if "default" in each}

    assert {**DEFAULTS, "finalize": True, **{wire.snake(name): value for name, value in said.items()}} == {
        "approver": None,
        "attempt": 1,
        "fail_unless_enabled": False,
        "feature_set": "ALL",
        "finalize": True,
        "observe": "diff",
        "on_destroy": "leave",
        "timeout": "30m",
        "wait_until": "requested",
    }


def test_a_value_as_good_as_a_password_is_a_secret() -> None:
    def secrets(shape: wire.Shape, path: str = "") -> set[str]:
        here = {path} if shape.secret else set()
        inner = secrets(shape.item, path) if shape.item else set()
        return here.union(
            inner, *(secrets(each, f"{path}.{name}" if path else name) for name, each in shape.fields.items())
        )

    assert secrets(schema.settings()) == {"secretKey", "token", "assumeRoles.externalId"}
    assert secrets(schema.inputs(schema.FEATURE_SET)) == {
        "approver.externalId",
        "connection.assumeRoles.externalId",
    }
    assert secrets(schema.inputs(schema.GET_FEATURE_SET)) == {"connection.assumeRoles.externalId"}


def test_every_name_goes_there_and_back() -> None:
    def names(said: Any) -> set[str]:
        if isinstance(said, list):
            return set().union(*map(names, said), set())
        if not isinstance(said, dict):
            return set()
        own = set(said.get("properties", {})) | set(said.get("inputProperties", {}))
        return own.union(*map(names, said.values()), set())

    assert all(wire.camel(wire.snake(name)) == name for name in names(SCHEMA))


def test_no_description_speaks_python() -> None:
    told = re.findall(r'"description": "(.*)"', schema.text())
    told = [re.sub(r"```.*?```", "", text) for text in told]  # programs speak each language
    spoken = [word for text in told for word in re.findall(r"(?<!{)\b[a-z]+_[a-z_]+\b", text)]

    assert spoken == []
    assert not [text for text in told if re.search(r"\b(True|False|None)\b", text)]
