"""Findings about a migration's course and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.evidence.question import Finding
from aws_org_features.evidence.story import PENDING, text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from aws_org_features.evidence.story import Seen, Story


def at_once(story: Story) -> Iterator[Finding]:
    """Find whether a migration with nobody to ask is over with the answer."""
    for each in story.parents:
        if each.exchange.operation == "EnableAllFeatures" and each.state in {"ACCEPTED", "OPEN"}:
            yield Finding(each.state == "ACCEPTED", each.index)


def declined(story: Story) -> Iterator[Finding]:
    """The state of a parent that somebody declined, once all have answered."""
    for each in story.parents:
        if each.state not in PENDING or each.exchange.operation == "EnableAllFeatures":
            continue
        children = story.of_parent(each.id, each.index + 1)
        states = {child.state for child in children.values()}
        if "DECLINED" not in states:
            continue
        if each.state == "OPEN":
            yield Finding(position=True, index=each.index)
        elif not states & PENDING and _complete(story, tuple(children.values()), each):
            yield Finding(position=False, index=each.index)


def _complete(story: Story, children: Collection[Seen], parent: Seen) -> bool:
    """Find whether these are all children of a parent, as far as a recording can tell."""
    if story.shows_children:
        return True
    answered = {each.account for each in children}
    invited = {each for each, state in story.invited(parent.index).items() if state == "ACTIVE"}
    return bool(invited) and invited <= answered


def accepted_despite(story: Story) -> Iterator[Finding]:
    """Find whether a parent was accepted that somebody had declined."""
    for index, exchange in story.calls("AcceptHandshake"):
        parent_id = text(exchange.request, "HandshakeId").removeprefix("h-")
        before = story.last(parent_id, index)
        if before is None or not before.is_parent or before.state != "OPEN":
            continue
        if "DECLINED" not in {each.state for each in story.of_parent(parent_id, index).values()}:
            continue
        if exchange.succeeded:
            yield Finding(position=True, index=index)
        elif exchange.code == "InvalidHandshakeTransitionException":
            yield Finding(position=False, index=index)
