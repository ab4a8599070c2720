"""A recording as a story: which handshakes were seen, in which state, and what was written between."""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aws_org_features.evidence.recording import Exchange, Recording

DAY: Final = 86400.0
"""Seconds."""
PENDING: Final = frozenset({"REQUESTED", "OPEN"})
OF_MIGRATIONS: Final = frozenset({"ENABLE_ALL_FEATURES", "APPROVE_ALL_FEATURES"})
_ROLE_REQUEST: Final = "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE"


@dataclass(frozen=True, slots=True)
class Seen:
    """A handshake in one answer.

    Attributes:
        index: Which exchange of the recording.
        exchange: That.
        id: Without the `h-`.
        action, state: AWS's words.
        parties: Types and ids, in their order.
        link: What a PARENT_HANDSHAKE resource says, as it stands there; empty if there is none.
        requested, expires: Seconds since the recording's first answer, if they are known.
    """

    index: int
    exchange: Exchange
    id: str
    action: str
    state: str
    parties: tuple[tuple[str, str], ...]
    link: str
    requested: float | None
    expires: float | None

    @property
    def account(self) -> str:
        """The pseudonym of the account that is asked; empty if none is named."""
        return next((each for kind, each in self.parties if kind == "ACCOUNT"), "")

    @property
    def parent(self) -> str:
        """The id of its parent, without the `h-`."""
        return self.link.removeprefix("h-")

    @property
    def is_parent(self) -> bool:
        """Return whether the management account accepts it, and a whole organization migrates."""
        return self.action in OF_MIGRATIONS and not self.account and not self.link

    @property
    def is_child(self) -> bool:
        """Return whether a member account is asked to accept it."""
        return self.action in {*OF_MIGRATIONS, _ROLE_REQUEST} and bool(self.account or self.link)


class Story:
    """The facts that a recording's exchanges add up to.

    Args:
        recording: The exchanges.
    """

    def __init__(self, recording: Recording) -> None:
        self.name = recording.name
        self.exchanges = recording.exchanges

    @functools.cached_property
    def seen(self) -> tuple[Seen, ...]:
        """The handshakes of all answers, in their order."""
        return tuple(
            found
            for index, exchange in enumerate(self.exchanges)
            for shape in shapes(exchange, "Handshake", "Handshakes")
            if (found := _seen(index, exchange, shape)) is not None
        )

    @functools.cached_property
    def parents(self) -> tuple[Seen, ...]:
        """Those that are parents."""
        return tuple(each for each in self.seen if each.is_parent)

    @functools.cached_property
    def children(self) -> tuple[Seen, ...]:
        """Those that are children."""
        return tuple(each for each in self.seen if each.is_child)

    @functools.cached_property
    def by_index(self) -> Mapping[int, Sequence[Seen]]:
        """The handshakes of each answer that has some."""
        found: dict[int, list[Seen]] = defaultdict(list)
        for each in self.seen:
            found[each.index].append(each)
        return found

    @functools.cached_property
    def sightings(self) -> Mapping[str, Sequence[Seen]]:
        """The handshakes of all answers, by their ids."""
        found: dict[str, list[Seen]] = defaultdict(list)
        for each in self.seen:
            found[each.id].append(each)
        return found

    @functools.cached_property
    def changes(self) -> tuple[Seen, ...]:
        """Each handshake where it is seen first, and where it has another state than before."""
        states: dict[str, str] = {}
        found = []
        for each in self.seen:
            if states.get(each.id) != each.state:
                found.append(each)
            states[each.id] = each.state
        return tuple(found)

    @functools.cached_property
    def shows_children(self) -> bool:
        """Return whether the management account was shown a child."""
        return any(each.exchange.operation == "ListHandshakesForOrganization" for each in self.children)

    def calls(self, *operations: str) -> Iterator[tuple[int, Exchange]]:
        """The exchanges of some operations that were answered."""
        for index, exchange in enumerate(self.exchanges):
            if exchange.operation in operations and exchange.status is not None:
                yield index, exchange

    def lists(self) -> Iterator[tuple[int, Exchange, list[Any]]]:
        """Every page of a list that was answered, and what it holds."""
        for index, exchange in enumerate(self.exchanges):
            if exchange.operation.startswith("List") and exchange.succeeded:
                found = [each for each in exchange.answer.values() if isinstance(each, list)]
                yield index, exchange, found[0] if found else []

    def of_parent(self, parent_id: str, before: int | None = None) -> dict[str, Seen]:
        """A parent's children as they were seen last, by their ids.

        Args:
            parent_id: The parent's id, without the `h-`.
            before: The exchange before which they were seen; None takes all.
        """
        return {
            each.id: each
            for each in self.changes
            if each.is_child and each.parent == parent_id and (before is None or each.index < before)
        }

    def last(self, handshake_id: str, before: int) -> Seen | None:
        """The last sight of a handshake before an exchange."""
        of_it = self.sightings.get(handshake_id, ())
        return next((each for each in reversed(of_it) if each.index < before), None)

    def in_flight(self, before: int) -> Seen | None:
        """The parent that was seen last before an exchange, if it was pending then."""
        found = None
        for each in self.changes:
            if each.index >= before:
                break
            found = each if each.is_parent else found
        return found if found is not None and found.state in PENDING else None

    def accounts(self, before: int | None = None) -> dict[str, Mapping[str, Any]]:
        """The accounts that were listed, by their pseudonyms."""
        found: dict[str, Mapping[str, Any]] = {}
        for index, exchange in enumerate(self.exchanges):
            if before is not None and index >= before:
                break
            for shape in shapes(exchange, "Account", "Accounts"):
                found[text(shape, "Id")] = shape
        return found

    def invited(self, before: int | None = None) -> dict[str, str]:
        """The states of the members that were invited; of the management account, AWS says that as well."""
        return {
            pseudonym: text(shape, "State") or text(shape, "Status")
            for pseudonym, shape in self.accounts(before).items()
            if text(shape, "JoinedMethod") == "INVITED" and f":{pseudonym}:account/" not in text(shape, "Arn")
        }


def asked_parent(exchange: Exchange) -> str:
    """The parent whose children alone a list was asked for, without the `h-`; empty if it was none."""
    asked = exchange.request.get("Filter")
    return text(asked, "ParentHandshakeId").removeprefix("h-") if isinstance(asked, dict) else ""


def shapes(exchange: Exchange, one: str, many: str) -> Iterator[Mapping[str, Any]]:
    """The values of a kind in an answer, under the name that one has or that several have."""
    single, several = exchange.answer.get(one), exchange.answer.get(many)
    for each in ([single] if isinstance(single, dict) else []) + (
        several if isinstance(several, list) else []
    ):
        if isinstance(each, dict):
            yield each


def text(shape: Mapping[str, Any], name: str) -> str:
    """A member that is a text; empty if it isn't there or is none."""
    found = shape.get(name)
    return found if isinstance(found, str) else ""


_LARGEST: Final = 1e12
"""Seconds: thirty thousand years."""


def number(shape: Mapping[str, Any], name: str) -> float | None:
    """A member that is a number."""
    found = shape.get(name)
    if not isinstance(found, int | float) or isinstance(found, bool) or abs(found) > _LARGEST:
        return None
    return float(found) if found == found else None  # noqa: PLR0124 - what isn't a number isn't itself


def members(shape: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A member that is a list of structures."""
    found = shape.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _seen(index: int, exchange: Exchange, shape: Mapping[str, Any]) -> Seen | None:
    found = text(shape, "Id")
    if not found:
        return None
    return Seen(
        index=index,
        exchange=exchange,
        id=found.removeprefix("h-"),
        action=text(shape, "Action"),
        state=text(shape, "State"),
        parties=tuple((text(each, "Type"), text(each, "Id")) for each in members(shape, "Parties")),
        link=_link(shape, 0),
        requested=number(shape, "RequestedTimestamp"),
        expires=number(shape, "ExpirationTimestamp"),
    )


_DEEPEST: Final = 8


def _link(shape: Mapping[str, Any], depth: int) -> str:
    for each in members(shape, "Resources"):
        if text(each, "Type") == "PARENT_HANDSHAKE":
            return text(each, "Value")
        found = _link(each, depth + 1) if depth < _DEEPEST else ""
        if found:
            return found
    return ""
