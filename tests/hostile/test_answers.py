"""No answer of AWS's leads to anything but an error of ours, which names the call."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.anything import answer_to, anything, bend, bent, texts
from tests.hostile.walks import WALKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hostile.surfaces import Rig
    from tests.shares import Share

SECTION: Final = "Hostile data"
READ: Final = (
    "DescribeOrganization",
    "ListAccounts",
    "ListHandshakesForOrganization",
    "ListHandshakesForAccount",
    "EnableAllFeatures",
    "AcceptHandshake",
    "CancelHandshake",
    "ListRoots",
    "EnablePolicyType",
    "DisablePolicyType",
    "ListAWSServiceAccessForOrganization",
    "ListDelegatedAdministrators",
    "ListPolicies",
    "ListTargetsForPolicy",
)
BY_QUERY: Final = ("GetCallerIdentity", "AssumeRole", "GetRole", "SimulatePrincipalPolicy")
EVERY: Final = 6
"""One in so many examples is for `make test`: the first ones, which are always the same."""
fuzzed = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def examples(share: Share, number: int) -> int:
    """The number of examples to try: some, or all of them."""
    return number // EVERY if share.chosen else number


_CALLING: Final[dict[str, list[str]]] = {}


def walks_that_call(rig: Rig, operation: str) -> st.SearchStrategy[str]:
    """The ways on which an operation is called."""
    if not _CALLING:
        for name, usual in WALKS.items():
            rig.begin()
            usual(rig)
            for called in {*rig.aws.asked}:
                _CALLING.setdefault(called, []).append(name)
    return st.sampled_from(_CALLING[operation])


def walk(rig: Rig, name: str, operation: str) -> None:
    """Go a way, which ends well or by errors of ours; one of an answer that isn't AWS's names the call."""
    for told in WALKS[name](rig):
        assert told
        if "response that isn't from AWS" in told:
            assert operation in told


@pytest.mark.parametrize("operation", READ)
def test_an_answer_that_half_follows_awss_shape(
    rig: Rig, operation: str, counted: Callable[[str, str, int], None], share: Share
) -> None:
    tried = 0

    @settings(fuzzed, max_examples=examples(share, 25))
    @given(name=walks_that_call(rig, operation), answer=answer_to(operation))
    def fuzz(name: str, answer: Any) -> None:
        nonlocal tried
        tried += 1
        rig.begin()
        rig.aws.change = lambda called, usual: answer if called == operation else usual
        walk(rig, name, operation)

    fuzz()
    if not share.chosen:
        counted(SECTION, "answers that half follow AWS's shapes, each read to the end or to an error", tried)


@pytest.mark.parametrize("operation", READ)
def test_a_usual_answer_with_something_else_in_places(
    rig: Rig, operation: str, counted: Callable[[str, str, int], None], share: Share
) -> None:
    tried = 0

    @settings(fuzzed, max_examples=examples(share, 25))
    @given(name=walks_that_call(rig, operation), changes=bent(operation))
    def fuzz(name: str, changes: Any) -> None:
        nonlocal tried
        tried += 1
        rig.begin()
        rig.aws.change = lambda called, usual: bend(usual, changes) if called == operation else usual
        walk(rig, name, operation)

    fuzz()
    if not share.chosen:
        counted(SECTION, "usual answers with something else in places", tried)


@pytest.mark.parametrize("operation", [*READ, *BY_QUERY])
def test_a_body_that_is_anything(
    rig: Rig, operation: str, counted: Callable[[str, str, int], None], share: Share
) -> None:
    errors = st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("__type", "code", "message", "Message", "Reason"), anything)
    )
    elements = st.sampled_from(
        [operation, f"{operation}Response", f"{operation}Result", "Error", "Arn", "Account", "Code"]
    )
    xml = st.recursive(
        st.builds(_xml, texts),
        lambda inner: st.builds("<{0}>{1}</{0}>".format, elements, inner),
        max_leaves=6,
    )
    bodies = st.one_of(
        st.binary(max_size=40),
        st.one_of(errors, anything).map(lambda value: json.dumps(value).encode()),
        xml.map(str.encode),
    )
    tried = 0

    @settings(fuzzed, max_examples=examples(share, 20))
    @given(
        name=walks_that_call(rig, operation),
        status=st.sampled_from([200, 204, 302, 400, 403, 404, 500, 503]),
        body=bodies,
    )
    def fuzz(name: str, status: int, body: bytes) -> None:
        nonlocal tried
        tried += 1
        rig.begin()
        rig.aws.bodies = {operation: (status, body)}
        walk(rig, name, operation)

    fuzz()
    if not share.chosen:
        counted(SECTION, "bodies that are anything", tried)


def _xml(text: str) -> str:
    kept = "".join(c for c in text if c.isprintable() and c not in "<>&")
    return kept.encode("utf-8", "ignore").decode()
