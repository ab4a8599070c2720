"""Findings about the approvals that members are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.evidence.question import Finding
from aws_org_features.evidence.story import PENDING, asked_parent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_features.evidence.story import Story


def after_expiry(story: Story) -> Iterator[Finding]:
    """The state of children whose parent expired."""
    expired = {each.id for each in story.parents if each.state == "EXPIRED"}
    for each in story.children:
        if each.state == "EXPIRED" or (each.state == "CANCELED" and each.parent in expired):
            yield Finding(each.state, each.index)


def after_cancel(story: Story) -> Iterator[Finding]:
    """The state of children whose parent was canceled before they were answered."""
    canceled = {each.id: each.index for each in story.changes if each.is_parent and each.state == "CANCELED"}
    for each in story.changes:
        if canceled.get(each.parent, len(story.exchanges)) < each.index and each.is_child:
            before = story.last(each.id, each.index)
            yield from [Finding(each.state, each.index)] if before and before.state in PENDING else []


_SOON: Final = 60.0
"""Seconds after which the children of a parent that waits for them must be there."""


def shown(story: Story) -> Iterator[Finding]:
    """Find whether a list for the management account holds children that are there."""
    for index, exchange in story.calls("ListHandshakesForOrganization"):
        if not exchange.succeeded:
            continue
        held = [each for each in story.by_index.get(index, ()) if each.is_child]
        parent_id = asked_parent(exchange)
        if held:
            yield Finding(position=True, index=index)
        elif parent_id and not exchange.answer.get("NextToken") and _must_be_there(story, parent_id, index):
            yield Finding(position=False, index=index)


def _must_be_there(story: Story, parent_id: str, index: int) -> bool:
    """Find whether children of a parent are there, shown or not."""
    if story.of_parent(parent_id, index):
        return True
    parent = story.last(parent_id, index)
    if parent is None or parent.state != "REQUESTED" or parent.requested is None:
        return False
    return story.exchanges[index].at - parent.requested > _SOON
