"""The breaker, which spares the other accounts a failure that would meet all of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from aws_org_features.approver.circuit_breaker import MOST_IN_A_ROW, CircuitBreaker
from aws_org_features.common import errors

SHARED = errors.EndpointUnreachableError("no route", "look")
ONE_ACCOUNTS = errors.AccessDeniedError("no", "allow it")


@pytest.mark.parametrize(
    ("ends", "is_open"),
    [
        ([], False),
        ([SHARED, SHARED], False),
        ([SHARED] * 3, True),
        ([SHARED, SHARED, None, SHARED], False),
        ([SHARED, SHARED, ONE_ACCOUNTS, SHARED], False),
        ([SHARED] * 3 + [None, ONE_ACCOUNTS], True),
    ],
)
def test_opens_after_shared_failures_in_a_row_and_stays_open(
    ends: list[errors.OrgFeaturesError | None], is_open: bool
) -> None:
    breaker = CircuitBreaker()
    for error in ends:
        breaker.record(error)
    assert breaker.is_open is is_open


def test_no_failure_is_lost_between_threads() -> None:
    for _ in range(50):
        breaker = CircuitBreaker()
        with ThreadPoolExecutor(MOST_IN_A_ROW) as pool:
            list(pool.map(breaker.record, [SHARED] * MOST_IN_A_ROW))
        assert breaker.is_open
