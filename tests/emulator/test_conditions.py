"""Rates and latency, which make AWS unlike a laptop. That reads lag behind writes is in test_read_lag."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_org_emulator import Emulator, Switches
from aws_org_emulator.people.clients import isolated_session
from aws_org_emulator.timing.rate_limits import RATES, TokenBuckets
from tests.emulator.conftest import Start
from tests.emulator.helpers import refusal
from tests.emulator.model_check import checked


def client(emulator: Emulator, account_id: str) -> Any:
    return checked(emulator.client("organizations", account_id))


def test_rates_are_of_operations_that_exist() -> None:
    model = isolated_session().get_service_model("organizations")
    assert set(RATES) <= set(model.operation_names)


@pytest.mark.parametrize("operation", RATES)
def test_an_account_may_burst_and_then_goes_steadily(operation: str) -> None:
    rate, buckets = RATES[operation].account, TokenBuckets()
    assert [buckets.take(operation, "1", None, 0) for _ in range(rate.burst + 1)] == [True] * rate.burst + [
        False
    ]
    later = 1 / rate.steady
    assert [buckets.take(operation, "1", None, later) for _ in range(2)] == [True, False]
    assert buckets.take(operation, "2", None, later)


@pytest.mark.parametrize("operation", [name for name, rates in RATES.items() if rates.organization])
def test_all_accounts_of_an_organization_share_a_bucket(operation: str) -> None:
    shared = RATES[operation].organization
    assert shared is not None
    buckets = TokenBuckets()
    taken = [buckets.take(operation, str(number), "o", 0) for number in range(shared.burst + 3)]
    assert taken.count(True) == shared.burst
    assert buckets.take(operation, "another", "other", 0)


@given(st.lists(st.floats(0, 5), min_size=1, max_size=60))
def test_no_span_of_time_has_more_calls_than_its_rate(waits: list[float]) -> None:
    rate, buckets, now = RATES["ListAccounts"].account, TokenBuckets(), 0.0
    allowed = []
    for wait in waits:
        now += wait
        if buckets.take("ListAccounts", "1", None, now):
            allowed.append(now)
    for first, start in enumerate(allowed):
        for last, end in enumerate(allowed[first:], 1):
            assert last <= rate.burst + rate.steady * (end - start) + 1e-6


def test_throttled_calls_say_so_and_time_helps(start: Start) -> None:
    emulator = start(Switches(throttling=True))
    management = client(emulator, emulator.management)
    for _ in range(2):
        management.describe_organization()
    error = refusal(management.describe_organization)
    assert (error.code, error.status) == ("TooManyRequestsException", 400)
    client(emulator, emulator.invited[0]).describe_organization()
    emulator.clock.advance(seconds=1)
    management.describe_organization()


def test_acts_are_not_throttled(start: Start) -> None:
    emulator = start(Switches(throttling=True), invited=12)
    emulator.enable_all_features()
    emulator.approve_all()
    emulator.finalize()
    assert emulator.feature_set == "ALL"
