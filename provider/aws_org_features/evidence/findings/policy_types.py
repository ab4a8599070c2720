"""Findings about the time at which a policy type is on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.evidence.question import Finding
from aws_org_features.evidence.story import members, shapes, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_features.evidence.story import Story


def changes(story: Story) -> Iterator[Finding]:
    """Find the time at which a policy type was on or off: with the answer, later, or after it was listed."""
    for index, exchange in story.calls("EnablePolicyType", "DisablePolicyType"):
        if not exchange.succeeded:
            continue
        kind = text(exchange.request, "PolicyType")
        word = "PENDING_ENABLE" if exchange.operation == "EnablePolicyType" else "PENDING_DISABLE"
        shown = [_status(root, kind) for root in shapes(exchange, "Root", "Roots")]
        if word not in shown:
            yield Finding("at_once", index)
            continue
        later = _listed_later(story, index, kind)
        still = [at for at, status in later if status == word]
        done = [at for at, status in later if status != word]
        if len(still) > 1:
            yield Finding("clock", index)
        elif still and done:
            yield Finding("read" if done[0] - exchange.at < _OF_CLOCK else "clock", index)
        elif done:
            yield Finding("clock", index)


_OF_CLOCK: Final = 30.0


def _listed_later(story: Story, after: int, kind: str) -> list[tuple[float, str]]:
    found: list[tuple[float, str]] = []
    for index, exchange in enumerate(story.exchanges):
        if index <= after:
            continue
        if exchange.operation in {"EnablePolicyType", "DisablePolicyType"} and exchange.succeeded:
            break
        if exchange.operation == "ListRoots" and exchange.succeeded:
            found += [(exchange.at, _status(root, kind)) for root in shapes(exchange, "Root", "Roots")]
    return found


def _status(root: object, kind: str) -> str:
    types = members(root, "PolicyTypes") if isinstance(root, dict) else []
    return next((text(each, "Status") for each in types if text(each, "Type") == kind), "")
