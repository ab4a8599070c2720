"""What `AllFeaturesOrganization` refuses before it declares anything, and that it has every argument."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from aws_org_features import AllFeaturesOrganization, OrganizationFeatureSet

if TYPE_CHECKING:
    from tests.unit.conftest import Mocks


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
    ],
)
def test_types_that_are_none_are_refused_before_anything_is_declared(
    mocks: Mocks, arguments: dict[str, Any], words: str
) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        AllFeaturesOrganization("org", organization_id="o-exampleorg1", **arguments)
    assert str(refused.value).startswith("policy-types-invalid: org: ")
    assert words in str(refused.value)
    assert mocks.made == []


def test_an_output_names_no_resource(mocks: Mocks) -> None:
    given: Any = [pulumi.Output.from_input("TAG_POLICY")]
    for policy_types in (given, given[0]):
        with pytest.raises(pulumi.RunError, match="an Output"):
            AllFeaturesOrganization("org", organization_id="o-exampleorg1", policy_types=policy_types)
    assert mocks.made == []
