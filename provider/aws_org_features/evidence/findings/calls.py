"""Findings about calls: their pages, rates, refusals, times, and how fresh their answers are."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from aws_org_features.evidence.question import Finding
from aws_org_features.evidence.story import PENDING, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_features.evidence.story import Story


def empty_pages(story: Story) -> Iterator[Finding]:
    """Find whether a page was empty, and not the last."""
    for index, exchange, held in story.lists():
        yield Finding(not held and bool(exchange.answer.get("NextToken")), index)


_RATES: Final = {
    "AcceptHandshake": (5, 5),
    "CancelHandshake": (2, 3),
    "DeclineHandshake": (5, 5),
    "DescribeHandshake": (6, 10),
    "DescribeOrganization": (1, 2),
    "EnablePolicyType": (1, 1),
    "ListAccounts": (9, 15),
    "ListHandshakesForAccount": (6, 10),
    "ListHandshakesForOrganization": (6, 10),
    "ListRoots": (1, 3),
}
"""A second, and at once after a rest: the User Guide, "Throttling limits"."""
_BUSY: Final = "TooManyRequestsException"


def throttled(story: Story) -> Iterator[Finding]:
    """Find whether calls beyond the published rates were refused."""
    answered: dict[str, list[float]] = defaultdict(list)
    for index, exchange in enumerate(story.exchanges):
        if exchange.code == _BUSY:
            yield Finding(position=True, index=index)
        elif exchange.status is not None and exchange.operation in _RATES:
            rate, burst = _RATES[exchange.operation]
            moments = answered[exchange.operation]
            moments[:] = [each for each in moments if exchange.at - each <= 1] + [exchange.at]
            if len(moments) > rate + burst:
                yield Finding(position=False, index=index)


def rates(story: Story) -> Iterator[Finding]:
    """Find the number of answers to each operation in a second."""
    busiest: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    moments: dict[str, list[float]] = defaultdict(list)
    for exchange in story.exchanges:
        if exchange.code == _BUSY:
            refused[exchange.operation] += 1
        elif exchange.status is not None:
            of_it = moments[exchange.operation]
            of_it[:] = [each for each in of_it if exchange.at - each <= 1] + [exchange.at]
            busiest[exchange.operation] = max(busiest[exchange.operation], len(of_it))
    for operation, most in sorted(busiest.items()):
        told = f"{operation} {most} in a second"
        if refused[operation]:
            told += f", {refused[operation]} refused"
        yield Finding(told, len(story.exchanges) - 1)


def permissions(story: Story) -> Iterator[Finding]:
    """Find whether a policy refused somebody."""
    for index, exchange in enumerate(story.exchanges):
        # Every account of an organization may ask for it, as far as its policies allow.
        by_policy = exchange.operation == "DescribeOrganization"
        named = "is not authorized to perform" in exchange.message
        if exchange.code == "AccessDeniedException" and (by_policy or named):
            yield Finding(position=True, index=index)


_QUICK: Final = 0.05


def latency(story: Story) -> Iterator[Finding]:
    """Find the time that each call took."""
    for index, exchange in enumerate(story.exchanges):
        if exchange.seconds is not None and exchange.status is not None:
            yield Finding(0.0 if exchange.seconds < _QUICK else round(exchange.seconds, 2), index)


_FRESH: Final = 2.0
"""Seconds after a write within which a read that shows it tells that reads don't lag."""
_AT_MOST: Final = 3600.0
"""Seconds after which something isn't listed for another reason: what is over isn't after some weeks."""
_WRITES: Final = frozenset({"AcceptHandshake", "CancelHandshake", "DeclineHandshake"})


def lags(story: Story) -> Iterator[Finding]:
    """For how long a read shows what was before a write."""
    written: dict[str, tuple[float, str]] = {}
    for index, exchange in enumerate(story.exchanges):
        held = story.by_index.get(index, ())
        if exchange.operation in _WRITES and exchange.succeeded:
            written |= {each.id: (exchange.at, each.state) for each in held}
        elif exchange.operation.startswith(("Describe", "List")):
            for each in held:
                at, state = written.get(each.id, (0.0, ""))
                if state and each.state in PENDING and state not in PENDING:
                    yield Finding(round(exchange.at - at, 3), index)
                elif state and exchange.at - at < _FRESH:
                    yield Finding(0.0, index)
    yield from _lists_that_lag(story)
    yield from _organizations_that_lag(story)


def _organizations_that_lag(story: Story) -> Iterator[Finding]:
    """True if an organization shows all features after the call that enables them."""
    finalized: float | None = None
    for index, exchange in story.calls("AcceptHandshake", "DescribeOrganization"):
        if not exchange.succeeded:
            continue
        if exchange.operation == "AcceptHandshake":
            done = any(each.is_parent and each.state == "ACCEPTED" for each in story.by_index.get(index, ()))
            finalized = exchange.at if done else finalized
        elif finalized is not None:
            since = exchange.at - finalized
            shown = exchange.answer.get("Organization")
            if text(shown if isinstance(shown, dict) else {}, "FeatureSet") != "ALL":
                yield Finding(round(since, 3) or 0.001, index)
            elif since < _FRESH:
                yield Finding(0.0, index)


def _lists_that_lag(story: Story) -> Iterator[Finding]:
    for begun in story.parents:
        if begun.exchange.operation != "EnableAllFeatures":
            continue
        for index, exchange in story.calls("ListHandshakesForOrganization"):
            asked = exchange.request.get("Filter")
            chosen = asked if isinstance(asked, dict) else {}
            whole = not exchange.answer.get("NextToken") and not exchange.request.get("NextToken")
            wanted = text(chosen, "ActionType") in {"", begun.action} and "ParentHandshakeId" not in chosen
            if index <= begun.index or not (exchange.succeeded and whole and wanted):
                continue
            since = exchange.at - begun.exchange.at
            if any(each.id == begun.id for each in story.by_index.get(index, ())):
                yield from [Finding(0.0, index)] if since < _FRESH else []
                break  # what has been listed once may vanish because it is over
            if since < _AT_MOST:
                yield Finding(round(since, 3) or 0.001, index)


def words(story: Story) -> Iterator[Finding]:
    """Find the words of refusals."""
    for index, exchange in enumerate(story.exchanges):
        if exchange.code:
            kind = f"{exchange.code} {exchange.reason}".strip()
            yield Finding(f"{exchange.operation}: {kind}: {exchange.message}", index)
