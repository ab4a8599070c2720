"""Findings about handshakes: their words, parties, links and times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.evidence.question import Finding
from aws_org_features.evidence.story import DAY, PENDING, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_features.evidence.story import Story


def actions(story: Story) -> Iterator[Finding]:
    """Find the actions of parents and children."""
    for each in (*story.parents, *story.children):
        if each.action in {"ENABLE_ALL_FEATURES", "APPROVE_ALL_FEATURES"}:
            as_in_guide = (each.action == "ENABLE_ALL_FEATURES") is each.is_parent
            yield Finding("guide" if as_in_guide else "model", each.index)


def pending_children(story: Story) -> Iterator[Finding]:
    """The state of an approval that nobody has answered."""
    for each in story.children:
        if each.state in PENDING:
            yield Finding(each.state, each.index)


def party_prefixes(story: Story) -> Iterator[Finding]:
    """Find whether an ORGANIZATION party has its `o-`."""
    for each in story.seen:
        for kind, party in each.parties:
            if kind == "ORGANIZATION":
                yield Finding(party.startswith("o-"), each.index)


def party_order(story: Story) -> Iterator[Finding]:
    """Find the first of two parties."""
    for each in story.seen:
        kinds = [kind for kind, _ in each.parties]
        if len(kinds) == 2 and kinds.count("ORGANIZATION") == 1:  # noqa: PLR2004 - who asks, and who is asked
            yield Finding("sender" if kinds[0] == "ORGANIZATION" else "recipient", each.index)


def links(story: Story) -> Iterator[Finding]:
    """Find whether the id of a parent has its `h-` where a child names it."""
    for each in story.children:
        if each.link:
            yield Finding(each.link.startswith("h-"), each.index)


def delays(story: Story) -> Iterator[Finding]:
    """Find the time after its parent at which a child was requested."""
    begun = {each.id: each.requested for each in story.parents}
    for each in story.children:
        of_parent = begun.get(each.parent)
        if of_parent is not None and each.requested is not None:
            yield Finding(max(0.0, round(each.requested - of_parent, 3)), each.index)


def expiries(story: Story) -> Iterator[Finding]:
    """Find whether a child expires with its parent."""
    parents = {each.id: each for each in story.parents}
    for each in story.children:
        parent = parents.get(each.parent)
        if parent is not None and None not in {parent.expires, each.expires}:
            same = abs((each.expires or 0) - (parent.expires or 0)) < 0.0015  # noqa: PLR2004 - as it is written
            yield Finding("its parent's" if same else "its own", each.index)


def lifetimes(story: Story) -> Iterator[Finding]:
    """The days from request to expiry."""
    for each in story.parents:
        if each.requested is not None and each.expires is not None:
            yield Finding(f"{(each.expires - each.requested) / DAY:.4g} days", each.index)


def finished(story: Story) -> Iterator[Finding]:
    """Find the age of finished handshakes that are still listed."""
    for each in story.seen:
        if (
            each.exchange.operation.startswith("List")
            and each.state not in PENDING
            and each.requested is not None
        ):
            yield Finding(round((each.exchange.at - each.requested) / DAY, 2), each.index)


def accepted_with_an_error(story: Story) -> Iterator[Finding]:
    """The state of a handshake whose acceptance ended in an error."""
    for index, exchange in story.calls("AcceptHandshake"):
        handshake_id = text(exchange.request, "HandshakeId").removeprefix("h-")
        before = story.last(handshake_id, index)
        if exchange.succeeded or before is None or before.state not in PENDING:
            continue
        after = next((each for each in story.seen if each.index > index and each.id == handshake_id), None)
        if after is not None and after.exchange.operation != "AcceptHandshake":
            yield Finding("ACCEPTED all the same" if after.state == "ACCEPTED" else "as it was", index)
