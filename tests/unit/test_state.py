"""The names in users' states."""

from __future__ import annotations

import base64
import pickle

import pytest
from pulumi.dynamic.dynamic import serialize_provider

from aws_org_features.lifecycle.inputs import DEFAULTS, INPUTS, find_problems
from aws_org_features.migration.state import OUTPUTS
from aws_org_features.model.migration import WaitUntil
from aws_org_features.resources.feature_set import OrganizationFeatureSetProvider
from aws_org_features.resources.provider import provider_of

_PLAIN = {
    **DEFAULTS,
    "organization_id": "o-exampleorg1",
    "feature_set": "ALL",
    "finalize": True,
    "attempt": 1,
    "on_destroy": "leave",
    "observe": "diff",
}


def test_no_output_shares_a_name_with_an_input() -> None:
    """A preview echoes inputs as outputs: one that shares a name would show what isn't."""
    assert not set(OUTPUTS) & set(INPUTS)


def test_a_run_may_stay_as_long_as_the_core_knows() -> None:
    """`inputs` names them itself: it is loaded where the core isn't."""
    for until in WaitUntil:
        assert not find_problems({}, _PLAIN | {"wait_until": str(until)})
    ((name, text),) = find_problems({}, _PLAIN | {"wait_until": "forever"})
    assert name == "wait_until"
    assert text.endswith(", ".join(WaitUntil))


@pytest.mark.parametrize("protocol", [4, 5])
def test_a_provider_pickled_by_another_python_is_the_same_provider(protocol: int) -> None:
    """Python 3.14 pickles with protocol 5: other bytes for the same reference are no reason to update."""
    provider = OrganizationFeatureSetProvider()
    ours = {"__provider": serialize_provider(provider)}
    theirs = {"__provider": base64.b64encode(pickle.dumps(provider, protocol)).decode()}
    assert provider_of(ours) == provider_of(theirs) != None  # noqa: E711 - a chain


def test_another_providers_reference_is_another() -> None:
    elsewhere = base64.b64encode(pickle.dumps(pytest.ExitCode, 4)).decode()
    ours = serialize_provider(OrganizationFeatureSetProvider())
    assert provider_of({"__provider": elsewhere}) != provider_of({"__provider": ours})


def test_a_provider_that_moved_is_a_reason_to_update() -> None:
    """A refresh runs the code that the outputs name: they must be brought up to date."""
    elsewhere = base64.b64encode(pickle.dumps(pytest.ExitCode, 4)).decode()
    here = serialize_provider(OrganizationFeatureSetProvider())
    props = {**_PLAIN, "goal": "ENABLED", "status": "ENABLED"}
    found = [
        OrganizationFeatureSetProvider().diff(
            "", {**props, "__provider": kept}, {**props, "__provider": here}
        )
        for kept in (here, elsewhere)
    ]
    assert [each.changes for each in found] == [False, True]
