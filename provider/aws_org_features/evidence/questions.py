"""The questions that AWS leaves open, and what of a recording answers each.

Those with a switch are settled by the emulator either way: its name and positions stand here as its scenario
files have them. The others are told in words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aws_org_features.evidence.story import PENDING, Seen, Story, members, number, shapes, text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from aws_org_features.evidence.recording import Exchange

Position = str | bool | float
"""Of a switch, as a scenario file has it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one place of a recording tells.

    Attributes:
        position: Which position, or what in words where a question has no switch.
        index: Which exchange.
    """

    position: Position
    index: int


def _alike(found: Sequence[Position]) -> Position | None:
    """The position that all findings have; None if they contradict one another."""
    return found[0] if len(set(found)) == 1 else None


def _once_is_enough(found: Sequence[Position]) -> Position | None:
    """True where it was seen once: the other position is only that it wasn't."""
    return True in found


def _ever(found: Sequence[Position]) -> Position | None:
    """The same, where other recordings may well not show it."""
    return True in found


def _least(found: Sequence[Position]) -> Position | None:
    return min(each for each in found if isinstance(each, int | float))


def _largest(found: Sequence[Position]) -> Position | None:
    return max(each for each in found if isinstance(each, int | float))


def _last(found: Sequence[Position]) -> Position | None:
    return found[-1]


def _either(found: Sequence[Position]) -> Position | None:
    return found[0] if len(set(found)) == 1 else "either"


_MERGING: Final = (_either, _ever, _largest, _least)


@dataclass(frozen=True, slots=True)
class Question:
    """Something that AWS's sources contradict one another about, or are silent on.

    Attributes:
        name: Stable; of the emulator's switch, where it has one.
        asks: The question.
        look: Finds what a recording tells.
        switch: The emulator's switch; empty if it has none.
        positions: What the positions mean, in words; of a number, what it is.
        settle: The position that several findings amount to.
        known: By what the answer is known so far: `documents`, `captures` or `nothing`.
    """

    name: str
    asks: str
    look: Callable[[Story], Iterator[Finding]]
    switch: str = ""
    positions: tuple[tuple[Position, str], ...] = ()
    settle: Callable[[Sequence[Position]], Position | None] = _alike
    known: str = "documents"

    @property
    def merges(self) -> bool:
        """Whether several recordings amount to something as several places of one do: none contradicts."""
        return self.settle in _MERGING


# Which handshake is which


def _actions(story: Story) -> Iterator[Finding]:
    for each in (*story.parents, *story.children):
        if each.action in {"ENABLE_ALL_FEATURES", "APPROVE_ALL_FEATURES"}:
            as_in_guide = (each.action == "ENABLE_ALL_FEATURES") is each.is_parent
            yield Finding("guide" if as_in_guide else "model", each.index)


def _pending_children(story: Story) -> Iterator[Finding]:
    for each in story.children:
        if each.state in PENDING:
            yield Finding(each.state, each.index)


def _party_prefixes(story: Story) -> Iterator[Finding]:
    for each in story.seen:
        for kind, party in each.parties:
            if kind == "ORGANIZATION":
                yield Finding(party.startswith("o-"), each.index)


def _party_order(story: Story) -> Iterator[Finding]:
    for each in story.seen:
        kinds = [kind for kind, _ in each.parties]
        if len(kinds) == 2 and kinds.count("ORGANIZATION") == 1:  # noqa: PLR2004 - who asks, and who is asked
            yield Finding("sender" if kinds[0] == "ORGANIZATION" else "recipient", each.index)


def _links(story: Story) -> Iterator[Finding]:
    for each in story.children:
        if each.link:
            yield Finding(each.link.startswith("h-"), each.index)


# What happens to children


def _after_expiry(story: Story) -> Iterator[Finding]:
    expired = {each.id for each in story.parents if each.state == "EXPIRED"}
    for each in story.children:
        if each.state == "EXPIRED" or (each.state == "CANCELED" and each.parent in expired):
            yield Finding(each.state, each.index)


def _after_cancel(story: Story) -> Iterator[Finding]:
    canceled = {each.id: each.index for each in story.changes if each.is_parent and each.state == "CANCELED"}
    for each in story.changes:
        if canceled.get(each.parent, len(story.exchanges)) < each.index and each.is_child:
            before = story.last(each.id, each.index)
            yield from [Finding(each.state, each.index)] if before and before.state in PENDING else []


def _delays(story: Story) -> Iterator[Finding]:
    begun = {each.id: each.requested for each in story.parents}
    for each in story.children:
        of_parent = begun.get(each.parent)
        if of_parent is not None and each.requested is not None:
            yield Finding(max(0.0, round(each.requested - of_parent, 3)), each.index)


def _expiries(story: Story) -> Iterator[Finding]:
    parents = {each.id: each for each in story.parents}
    for each in story.children:
        parent = parents.get(each.parent)
        if parent is not None and None not in {parent.expires, each.expires}:
            same = abs((each.expires or 0) - (parent.expires or 0)) < 0.0015  # noqa: PLR2004 - as it is written
            yield Finding("its parent's" if same else "its own", each.index)


_DAY: Final = 86400.0


def _lifetimes(story: Story) -> Iterator[Finding]:
    for each in story.parents:
        if each.requested is not None and each.expires is not None:
            yield Finding(f"{(each.expires - each.requested) / _DAY:.4g} days", each.index)


_SOON: Final = 60.0
"""Seconds after which the children of a parent that waits for them must be there."""


def _shown(story: Story) -> Iterator[Finding]:
    for index, exchange in story.calls("ListHandshakesForOrganization"):
        if not exchange.succeeded:
            continue
        held = [each for each in story.by_index.get(index, ()) if each.is_child]
        parent_id = _asked_parent(exchange)
        if held:
            yield Finding(position=True, index=index)
        elif parent_id and not exchange.answer.get("NextToken") and _must_be_there(story, parent_id, index):
            yield Finding(position=False, index=index)


def _asked_parent(exchange: Exchange) -> str:
    asked = exchange.request.get("Filter")
    return text(asked, "ParentHandshakeId").removeprefix("h-") if isinstance(asked, dict) else ""


def _must_be_there(story: Story, parent_id: str, index: int) -> bool:
    """Whether children of a parent are there, shown or not."""
    if story.of_parent(parent_id, index):
        return True
    parent = story.last(parent_id, index)
    if parent is None or parent.state != "REQUESTED" or parent.requested is None:
        return False
    return story.exchanges[index].at - parent.requested > _SOON


# What happens to parents


def _at_once(story: Story) -> Iterator[Finding]:
    for each in story.parents:
        if each.exchange.operation == "EnableAllFeatures" and each.state in {"ACCEPTED", "OPEN"}:
            yield Finding(each.state == "ACCEPTED", each.index)


def _declined(story: Story) -> Iterator[Finding]:
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
    """Whether these are all children of a parent, as far as a recording can tell."""
    if story.shows_children:
        return True
    answered = {each.account for each in children}
    invited = {each for each, state in _invited(story, parent.index).items() if state == "ACTIVE"}
    return bool(invited) and invited <= answered


def _accepted_despite(story: Story) -> Iterator[Finding]:
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


# Accounts


def _invitations(story: Story) -> Iterator[Finding]:
    for index, exchange in story.calls("InviteAccountToOrganization"):
        if exchange.reason.startswith("INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES"):
            yield Finding(position=False, index=index)
        elif exchange.succeeded and story.in_flight(index):
            yield Finding(position=True, index=index)


_INACTIVE: Final = frozenset({"SUSPENDED", "CLOSED", "PENDING_CLOSURE"})


def _state(shape: object) -> str:
    return (text(shape, "State") or text(shape, "Status")) if isinstance(shape, dict) else ""


def _invited(story: Story, before: int | None = None) -> dict[str, str]:
    """The states of the members that were invited; of the management account, AWS says that as well."""
    return {
        pseudonym: _state(shape)
        for pseudonym, shape in story.accounts(before).items()
        if text(shape, "JoinedMethod") == "INVITED" and f":{pseudonym}:account/" not in text(shape, "Arn")
    }


def _inactive(story: Story) -> Iterator[Finding]:
    invited = _invited(story)
    silent = {pseudonym for pseudonym, state in invited.items() if state in _INACTIVE}
    if not silent:
        return
    asked = {each.account: each.index for each in story.children}
    for pseudonym in silent & set(asked):
        yield Finding(position=True, index=asked[pseudonym])
    for each in story.parents:
        if each.exchange.operation == "EnableAllFeatures" and silent == set(invited):
            yield Finding(each.state == "REQUESTED", each.index)
    for index, exchange in story.calls("ListHandshakesForOrganization"):
        listed = {each.account for each in story.by_index.get(index, ()) if each.is_child}
        if _asked_parent(exchange) and not silent & listed and set() < set(invited) - silent <= listed:
            yield Finding(position=False, index=index)


def _statuses(story: Story) -> Iterator[Finding]:
    for index, exchange in enumerate(story.exchanges):
        for shape in shapes(exchange, "Account", "Accounts"):
            yield Finding("Status" in shape, index)


_DAYS_TO_STAY: Final = 4 * _DAY


def _waiting_periods(story: Story) -> Iterator[Finding]:
    asked = ("RemoveAccountFromOrganization", "LeaveOrganization", "AcceptHandshake")
    for index, exchange in story.calls(*asked):
        shape = story.accounts(index).get(text(exchange.request, "AccountId"), {})
        joined = number(shape, "JoinedTimestamp")
        if exchange.reason.startswith("WAIT_PERIOD_ACTIVE"):
            yield Finding(position=True, index=index)
        elif exchange.succeeded and text(shape, "JoinedMethod") == "CREATED" and joined is not None:
            stayed = exchange.at - joined
            yield from [Finding(position=False, index=index)] if stayed < _DAYS_TO_STAY else []


# Lists, policy types, rates


def _empty_pages(story: Story) -> Iterator[Finding]:
    for index, exchange, held in story.lists():
        yield Finding(not held and bool(exchange.answer.get("NextToken")), index)


def _policy_types(story: Story) -> Iterator[Finding]:
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


def _throttled(story: Story) -> Iterator[Finding]:
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


def _rates(story: Story) -> Iterator[Finding]:
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


def _permissions(story: Story) -> Iterator[Finding]:
    for index, exchange in enumerate(story.exchanges):
        # Every account of an organization may ask for it, as far as its policies allow.
        by_policy = exchange.operation == "DescribeOrganization"
        named = "is not authorized to perform" in exchange.message
        if exchange.code == "AccessDeniedException" and (by_policy or named):
            yield Finding(position=True, index=index)


_QUICK: Final = 0.05


def _latency(story: Story) -> Iterator[Finding]:
    for index, exchange in enumerate(story.exchanges):
        if exchange.seconds is not None and exchange.status is not None:
            yield Finding(0.0 if exchange.seconds < _QUICK else round(exchange.seconds, 2), index)


_FRESH: Final = 2.0
"""Seconds after a write within which a read that shows it tells that reads don't lag."""
_WRITES: Final = frozenset({"AcceptHandshake", "CancelHandshake", "DeclineHandshake"})


def _lags(story: Story) -> Iterator[Finding]:
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
            there = any(each.id == begun.id for each in story.by_index.get(index, ()))
            if not there:
                yield Finding(round(exchange.at - begun.exchange.at, 3) or 0.001, index)
            elif exchange.at - begun.exchange.at < _FRESH:
                yield Finding(0.0, index)


_LIMIT: Final = 5000


def _largest_organization(story: Story) -> Iterator[Finding]:
    for index, exchange in story.calls("EnableAllFeatures"):
        if len(story.accounts(index)) != _LIMIT:
            continue
        if exchange.succeeded:
            yield Finding(position=True, index=index)
        elif exchange.reason.startswith("ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED"):
            yield Finding(position=False, index=index)


def _finished(story: Story) -> Iterator[Finding]:
    for each in story.seen:
        if (
            each.exchange.operation.startswith("List")
            and each.state not in PENDING
            and each.requested is not None
        ):
            yield Finding(round((each.exchange.at - each.requested) / _DAY, 2), each.index)


def _accepted_with_an_error(story: Story) -> Iterator[Finding]:
    for index, exchange in story.calls("AcceptHandshake"):
        handshake_id = text(exchange.request, "HandshakeId").removeprefix("h-")
        before = story.last(handshake_id, index)
        if exchange.succeeded or before is None or before.state not in PENDING:
            continue
        after = next((each for each in story.seen if each.index > index and each.id == handshake_id), None)
        if after is not None and after.exchange.operation != "AcceptHandshake":
            yield Finding("ACCEPTED all the same" if after.state == "ACCEPTED" else "as it was", index)


def _words(story: Story) -> Iterator[Finding]:
    for index, exchange in enumerate(story.exchanges):
        if exchange.code:
            kind = f"{exchange.code} {exchange.reason}".strip()
            yield Finding(f"{exchange.operation}: {kind}: {exchange.message}", index)


def _switched(no: str, yes: str) -> tuple[tuple[Position, str], ...]:
    return ((False, no), (True, yes))


QUESTIONS: Final = (
    Question(
        "handshake_actions",
        "Which handshake has which action?",
        _actions,
        "handshake_actions",
        (
            ("guide", "the parent is ENABLE_ALL_FEATURES, a member's APPROVE_ALL_FEATURES"),
            ("model", "the other way round"),
        ),
    ),
    Question(
        "pending_child",
        "Which state has an approval that nobody has answered?",
        _pending_children,
        "pending_child",
        (("OPEN", "OPEN"), ("REQUESTED", "REQUESTED")),
    ),
    Question(
        "party_prefixes",
        "Does an ORGANIZATION party's id begin with `o-`?",
        _party_prefixes,
        "party_prefixes",
        _switched("it has no prefix", "it has its prefix"),
        known="captures",
    ),
    Question(
        "party_order",
        "Which party of a handshake comes first?",
        _party_order,
        "party_order",
        (("sender", "the organization"), ("recipient", "the account"), ("either", "now one, now the other")),
        _either,
        known="captures",
    ),
    Question(
        "parent_link_prefix",
        "Does the id of a parent begin with `h-` where a child names it?",
        _links,
        "parent_link_prefix",
        _switched("it has no prefix", "it has its prefix"),
    ),
    Question(
        "children_shown",
        "Is the management account shown the approvals of members?",
        _shown,
        "children_shown",
        _switched("it isn't", "it is"),
        _once_is_enough,
    ),
    Question(
        "children_after",
        "How many seconds after the parent are members asked?",
        _delays,
        "children_after",
        ((0.0, "seconds between the two requests"),),
        _least,
    ),
    Question("child_expiry", "Which expiry has an approval?", _expiries),
    Question("lifetime", "How long does a migration last?", _lifetimes),
    Question(
        "accepted_at_once",
        "Is a migration over at once that nobody has to approve?",
        _at_once,
        "accepted_at_once",
        _switched("it is OPEN, and waits to be finalized", "it is ACCEPTED"),
        known="nothing",
    ),
    Question(
        "open_when_all_responded",
        "Does the parent become OPEN once all have answered, though somebody declined?",
        _declined,
        "open_when_all_responded",
        _switched("it stays REQUESTED", "it becomes OPEN"),
        _once_is_enough,
    ),
    Question(
        "accept_despite_decline",
        "Can a migration be finalized that somebody declined?",
        _accepted_despite,
        "accept_despite_decline",
        _switched("it is refused", "it succeeds"),
        known="nothing",
    ),
    Question("canceled_children", "What becomes of approvals when the migration is canceled?", _after_cancel),
    Question(
        "expired_children",
        "What becomes of approvals when the migration expires?",
        _after_expiry,
        "expired_children",
        (("EXPIRED", "EXPIRED"), ("CANCELED", "CANCELED")),
    ),
    Question(
        "invitations_during_migration",
        "Can accounts be invited during a migration?",
        _invitations,
        "invitations_during_migration",
        _switched("it is refused", "they can"),
    ),
    Question(
        "inactive_accounts_count",
        "Are invited accounts asked that are suspended or closed?",
        _inactive,
        "inactive_accounts_count",
        _switched("they aren't", "they are"),
        _once_is_enough,
        known="nothing",
    ),
    Question(
        "account_status_shown",
        "Do accounts show `Status` besides `State`?",
        _statuses,
        "account_status_shown",
        _switched("they don't", "they do"),
        known="captures",
    ),
    Question(
        "removal_waiting_period",
        "Must an account that was created stay for some days?",
        _waiting_periods,
        "removal_waiting_period",
        _switched("it may leave at once", "it is refused"),
    ),
    Question(
        "policy_type_changes",
        "When is a policy type on?",
        _policy_types,
        "policy_type_changes",
        (
            ("at_once", "with the answer"),
            ("clock", "some time later"),
            ("read", "once it has been listed as pending"),
        ),
        known="captures",
    ),
    Question(
        "empty_pages",
        "Does a list have empty pages before its end?",
        _empty_pages,
        "empty_pages",
        _switched("none was seen", "it has"),
        _ever,
    ),
    Question(
        "finished_listed",
        "How many days after it was requested was something finished still listed?",
        _finished,
        settle=_largest,
    ),
    Question(
        "read_lag",
        "For how many seconds does a read show what was before a write?",
        _lags,
        "read_lag",
        ((0.0, "seconds, at least"),),
        _largest,
        known="captures",
    ),
    Question(
        "latency",
        "How many seconds does a call take at least?",
        _latency,
        "latency",
        ((0.0, "seconds"),),
        _least,
        known="nothing",
    ),
    Question(
        "throttling",
        "Are calls refused beyond the published rates?",
        _throttled,
        "throttling",
        _switched("more were answered than the published rates allow", "some were"),
        _ever,
    ),
    Question("rates", "How often was an operation answered?", _rates),
    Question(
        "iam_enforcement",
        "Do policies decide who may do what?",
        _permissions,
        "iam_enforcement",
        _switched("every caller may", "somebody was refused by one"),
        _ever,
        known="captures",
    ),
    Question(
        "five_thousand_migrate",
        "Can an organization of exactly 5,000 accounts migrate by itself?",
        _largest_organization,
        "five_thousand_migrate",
        _switched("it is refused", "it can"),
    ),
    Question(
        "accept_errors",
        "What is a handshake after its acceptance ended in an error?",
        _accepted_with_an_error,
    ),
    Question("words", "In which words does AWS refuse?", _words),
)
"""In the order in which they are told."""

LISTED: Final = frozenset({"rates", "words"})
"""Questions whose answer is a list."""
