"""Findings about a migration's course and end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.evidence.question import Finding
from aws_org_features.evidence.story import PENDING, asked_parent, text

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
    for index, parent in _looks(story):
        children = tuple(story.of_parent(parent.id, index + 1).values())
        states = {child.state for child in children}
        # Of one that is OPEN nobody can decline any longer: who did had done so by then.
        if parent.state == "OPEN" and _was_declined(story, parent):
            yield Finding(position=True, index=index)
        elif "DECLINED" in states and not states & PENDING and _complete(story, children, index):
            yield Finding(position=False, index=index)


def _was_declined(story: Story, parent: Seen) -> bool:
    return any(each.state == "DECLINED" for each in story.of_parent(parent.id).values())


_TOGETHER: Final = 30.0
"""Seconds within which a look at a parent and one at its children show the same moment."""


def _looks(story: Story) -> Iterator[tuple[int, Seen]]:
    """The places where a pending parent is seen, or children of one that was seen just before."""
    for each in story.parents:
        if each.state in PENDING and each.exchange.operation != "EnableAllFeatures":
            yield each.index, each
    for index, exchange in story.calls("ListHandshakesForOrganization"):
        parent = story.last(asked_parent(exchange), index)
        recent = parent is not None and exchange.at - parent.exchange.at < _TOGETHER
        if parent is not None and recent and parent.is_parent and parent.state in PENDING:
            yield index, parent


def _complete(story: Story, children: Collection[Seen], before: int) -> bool:
    """Find whether these are all children of a parent, as far as a recording can tell."""
    if story.shows_children:
        return True
    answered = {each.account for each in children}
    invited = {each for each, state in story.invited(before).items() if state == "ACTIVE"}
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
