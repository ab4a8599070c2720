"""Refusals of `AllFeaturesOrganization` before it declares anything, and its arguments."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from aws_org_features import AllFeaturesOrganization, OrganizationFeatureSet, RootPolicyType
from aws_org_features.resources import all_features_organization

if TYPE_CHECKING:
    from tests.unit.conftest import Mocks

RAM = "ram.amazonaws.com"


def test_every_argument_of_the_feature_set_is_spelt_out() -> None:
    own = inspect.signature(AllFeaturesOrganization.__init__).parameters
    for name, parameter in inspect.signature(OrganizationFeatureSet.__init__).parameters.items():
        assert (own[name].default, own[name].annotation) == (parameter.default, parameter.annotation), name


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"policy_types": "TAG_POLICY"}, "policy_types is 'TAG_POLICY', but must be a list of AWS's"),
        ({"policy_types": None}, "policy_types is None, but must be a list"),
        ({"policy_types": {"TAG_POLICY"}}, "policy_types is {'TAG_POLICY'}, but must be a list"),
        ({"policy_types": ["tag-policy"]}, "AWS's policy types are capitals: did you mean TAG_POLICY?"),
        ({"policy_types": ["TAG_POLICY", "TAG_POLICY"]}, "policy_types names TAG_POLICY twice"),
        ({"policy_types": [7]}, "policy_types holds 7, but it names resources"),
        ({"policy_types_on_destroy": "delete"}, "policy_types_on_destroy is 'delete', but must be one of"),
        (
            {"trusted_services": RAM},
            f"trusted_services is '{RAM}', but must be a list of services' principals",
        ),
        ({"trusted_services": ["r a m"]}, "a service's principal is like guardduty.amazonaws.com"),
        ({"trusted_services": [RAM, RAM]}, f"trusted_services names {RAM} twice"),
        ({"trusted_services_on_destroy": "delete"}, "trusted_services_on_destroy is 'delete', but must be"),
    ],
)
def test_an_invalid_name_is_refused_before_anything_is_declared(
    mocks: Mocks, arguments: dict[str, Any], words: str
) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        AllFeaturesOrganization("org", organization_id="o-exampleorg1", **arguments)
    listed = next(iter(arguments)).removesuffix("_on_destroy").replace("_", "-")
    assert str(refused.value).startswith(f"{listed}-invalid: org: ")
    assert words in str(refused.value)
    assert mocks.made == []


def test_an_output_names_no_resource(mocks: Mocks) -> None:
    given: Any = [pulumi.Output.from_input("TAG_POLICY")]
    for policy_types in (given, given[0]):
        with pytest.raises(pulumi.RunError, match="an Output"):
            AllFeaturesOrganization("org", organization_id="o-exampleorg1", policy_types=policy_types)
    assert mocks.made == []


@pytest.mark.usefixtures("mocks")
def test_a_type_waits_for_the_service_that_it_needs_and_for_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: dict[str, list[Any]] = {}

    class Waiting(RootPolicyType):
        def __init__(self, name: str, *, opts: pulumi.ResourceOptions, **inputs: Any) -> None:
            waits[inputs["policy_type"]] = list(opts.depends_on)  # type: ignore[arg-type]  # a list
            super().__init__(name, opts=opts, **inputs)

    monkeypatch.setattr(all_features_organization, "RootPolicyType", Waiting)
    types = ["INSPECTOR_POLICY", "GUARDDUTY_POLICY", "TAG_POLICY"]
    services = [RAM, "inspector2.amazonaws.com"]
    made = AllFeaturesOrganization(
        "org", organization_id="o-exampleorg1", policy_types=types, trusted_services=services
    )
    inspector = made.trusted_service_resources["inspector2.amazonaws.com"]
    assert waits == {
        "INSPECTOR_POLICY": [made.gate, inspector],
        "GUARDDUTY_POLICY": [made.gate],
        "TAG_POLICY": [made.gate],
    }
    assert list(made.trusted_service_resources) == services
