"""The probe of a sandbox: its steps as data, and what comes next. No AWS in here.

Two accounts that nobody needs are enough: one makes an organization, the other becomes its member. What a
run has done is a `State`, so that another run goes on where this one was killed: a write that may have been
done is asked for again, and AWS's refusal of the second time tells that it was. What was done is undone in
reverse.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

VERSION: Final = 1
NOBODYS_HANDSHAKE: Final = "h-00000000"
POLICY_TYPE: Final = "TAG_POLICY"
ALL: Final = "ALL"


class Who(StrEnum):
    """Which of the two accounts asks."""

    MANAGEMENT = "management"
    MEMBER = "member"


class Kind(StrEnum):
    """What a step is for."""

    LOOK = "look"
    """Reads."""
    WRITE = "write"
    """Changes something, and has to succeed."""
    PROVOKE = "provoke"
    """Is there for the answer, usually a refusal."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call.

    Attributes:
        name: Stable: states name it.
        who: Which account asks.
        operation: As AWS names it.
        request: What it is asked; a text like `{parent}` stands for what an earlier answer told.
        kind: What it is for.
        tells: Facts that the answer is looked through for.
        needs: Those that it must tell: they are waited for, and without them nothing goes on.
        already: Error codes and reasons that tell that it was done before.
        undo: The step that undoes it.
        settles: Steps that need no undoing once this is done.
        unless_all: Whether it is left out once the organization has all features,
        only_all: or until it has.
    """

    name: str
    who: Who
    operation: str
    request: Mapping[str, Any] = field(default_factory=dict)
    kind: Kind = Kind.LOOK
    tells: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    already: frozenset[str] = frozenset()
    undo: Step | None = None
    settles: tuple[str, ...] = ()
    unless_all: bool = False
    only_all: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """The state of a probe: what it has done.

    Attributes:
        management: The account that makes the organization.
        member: The other one.
        done: Names of steps, in their order.
        begun: The write that may have been done, if any.
        facts: What answers told: ids, and the feature set.
        undone: Names of steps that were undone.
        undoing: Whether it is being undone.
    """

    management: str
    member: str
    done: tuple[str, ...] = ()
    begun: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    undone: tuple[str, ...] = ()
    undoing: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a call.

    Attributes:
        answer: AWS's answer; empty if it refused.
        code, reason, message: Of a refusal.
    """

    answer: Mapping[str, Any]
    code: str = ""
    reason: str = ""
    message: str = ""

    @property
    def refused(self) -> bool:
        """Whether it was refused."""
        return bool(self.code)


def joined(first: Outcome, more: Outcome) -> Outcome:
    """The answers of two pages of a list as one."""
    if more.refused:
        return more
    lists = {
        name: [*first.answer.get(name, []), *found] for name, found in more.answer.items() if _is_list(found)
    }
    return Outcome({**first.answer, **lists})


def _is_list(value: object) -> bool:
    return isinstance(value, list)


class StoppedError(Exception):
    """AWS refused what should have worked: a person must look."""


_FINISHED: Final = frozenset({"HandshakeAlreadyInStateException", "InvalidHandshakeTransitionException"})
_GONE: Final = frozenset({"AWSOrganizationsNotInUseException"})
_RUNNING: Final = "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION"
_DONE: Final = "ORGANIZATION_ALREADY_HAS_ALL_FEATURES"
_M, _B = Who.MANAGEMENT, Who.MEMBER


def _look(name: str, operation: str, who: Who = _M, *tells: str, **others: Any) -> Step:
    return Step(name, who, operation, tells=tells, **others)


def _provoke(name: str, operation: str, who: Who = _M, **others: Any) -> Step:
    return Step(name, who, operation, kind=Kind.PROVOKE, **others)


def _write(name: str, operation: str, who: Who = _M, **others: Any) -> Step:
    return Step(name, who, operation, kind=Kind.WRITE, **others)


def _on(fact: str) -> dict[str, str]:
    return {"HandshakeId": f"{{{fact}}}"}


def _below(fact: str) -> dict[str, Any]:
    return {"Filter": {"ParentHandshakeId": f"{{{fact}}}"}}


def _create(name: str) -> Step:
    return _write(
        name,
        "CreateOrganization",
        request={"FeatureSet": "CONSOLIDATED_BILLING"},
        tells=("organization", "feature_set"),
        already=frozenset({"AlreadyInOrganizationException"}),
        undo=_write(f"undo {name}", "DeleteOrganization", already=_GONE),
    )


def _start(name: str) -> Step:
    return _write(
        name,
        "EnableAllFeatures",
        tells=("parent",),
        already=frozenset({_RUNNING, _DONE}),
        undo=_write(
            f"undo {name}",
            "CancelHandshake",
            request=_on("parent"),
            already=_FINISHED | {"HandshakeNotFoundException"},
        ),
        unless_all=True,
    )


SANDBOX: Final = (
    _provoke("no organization", "DescribeOrganization"),
    _create("create"),
    _look("created", "DescribeOrganization", _M, "organization", "feature_set", needs=("organization",)),
    # With nobody to ask
    _start("start alone"),
    _look("alone", "ListHandshakesForOrganization", _M, "parent"),
    _look("features alone", "DescribeOrganization", _M, "feature_set"),
    _write(
        "cancel alone",
        "CancelHandshake",
        request=_on("parent"),
        already=_FINISHED,
        settles=("start alone",),
        unless_all=True,
    ),
    _write("delete", "DeleteOrganization", already=_GONE, settles=("create", "start alone"), only_all=True),
    # Only after that: it says of itself whether there was something to make again.
    _create("create again"),
    _look(
        "created again", "DescribeOrganization", _M, "organization", "feature_set", needs=("organization",)
    ),
    # A member
    _write(
        "invite",
        "InviteAccountToOrganization",
        request={"Target": {"Type": "ACCOUNT", "Id": "{member}"}, "Notes": "A probe of aws-org-features"},
        tells=("invitation",),
        already=frozenset({"DuplicateHandshakeException"}),
        undo=_write(
            "undo invite",
            "CancelHandshake",
            request=_on("invitation"),
            already=_FINISHED | {"HandshakeNotFoundException"},
        ),
    ),
    _look("invited", "ListHandshakesForAccount", _B, "invitation", needs=("invitation",)),
    _look("invitation", "DescribeHandshake", _B, request=_on("invitation")),
    _provoke("accept as the sender", "AcceptHandshake", request=_on("invitation")),
    _write(
        "join",
        "AcceptHandshake",
        _B,
        request=_on("invitation"),
        already=frozenset({"HandshakeAlreadyInStateException"}),
        settles=("invite",),
        undo=_write(
            "undo join",
            "RemoveAccountFromOrganization",
            request={"AccountId": "{member}"},
            already=_GONE | {"AccountNotFoundException"},
        ),
    ),
    _look("accounts", "ListAccounts", _M, "email", needs=("email",)),
    _look("roots", "ListRoots", _M, "root", needs=("root",)),
    _provoke(
        "policy type too early",
        "EnablePolicyType",
        request={"RootId": "{root}", "PolicyType": POLICY_TYPE},
        unless_all=True,
    ),
    # A migration that is declined and canceled
    _start("start"),
    _look("started", "ListHandshakesForOrganization", _M, "parent", needs=("parent",), unless_all=True),
    _look("parent", "DescribeHandshake", request=_on("parent"), unless_all=True),
    _look("asked", "ListHandshakesForAccount", _B, "child", needs=("child",), unless_all=True),
    _look("children", "ListHandshakesForOrganization", request=_below("parent"), unless_all=True),
    _provoke("start twice", "EnableAllFeatures", unless_all=True),
    _provoke("finalize too early", "AcceptHandshake", request=_on("parent"), unless_all=True),
    _provoke("finalize as the member", "AcceptHandshake", _B, request=_on("parent"), unless_all=True),
    _provoke("approve as management", "AcceptHandshake", request=_on("child"), unless_all=True),
    _provoke(
        "invite meanwhile",
        "InviteAccountToOrganization",
        request={"Target": {"Type": "EMAIL", "Id": "{email}"}},
        unless_all=True,
    ),
    _write(
        "decline",
        "DeclineHandshake",
        _B,
        request=_on("child"),
        already=_FINISHED,
        unless_all=True,
    ),
    _look("declined", "ListHandshakesForOrganization", request=_below("parent"), unless_all=True),
    _look("parent, declined", "DescribeHandshake", request=_on("parent"), unless_all=True),
    _provoke("finalize, declined", "AcceptHandshake", request=_on("parent"), unless_all=True),
    _look("features, declined", "DescribeOrganization", _M, "feature_set"),
    _write(
        "cancel",
        "CancelHandshake",
        request=_on("parent"),
        already=_FINISHED,
        settles=("start",),
        unless_all=True,
    ),
    _look("canceled", "ListHandshakesForOrganization", request=_below("parent"), unless_all=True),
    _look("canceled, as the member", "ListHandshakesForAccount", _B, unless_all=True),
    _provoke("cancel twice", "CancelHandshake", request=_on("parent"), unless_all=True),
    # One that is canceled before anybody answers
    _start("start for nothing"),
    _look(
        "started for nothing",
        "ListHandshakesForOrganization",
        _M,
        "parent",
        needs=("parent",),
        unless_all=True,
    ),
    _look("asked for nothing", "ListHandshakesForAccount", _B, "child", needs=("child",), unless_all=True),
    _write(
        "cancel unanswered",
        "CancelHandshake",
        request=_on("parent"),
        already=_FINISHED,
        settles=("start for nothing",),
        unless_all=True,
    ),
    _look("unanswered", "ListHandshakesForAccount", _B, unless_all=True),
    # One that is approved and finalized
    _start("start again"),
    _look("started again", "ListHandshakesForOrganization", _M, "parent", needs=("parent",), unless_all=True),
    _look("asked again", "ListHandshakesForAccount", _B, "child", needs=("child",), unless_all=True),
    _write(
        "approve",
        "AcceptHandshake",
        _B,
        request=_on("child"),
        already=frozenset({"HandshakeAlreadyInStateException"}),
        unless_all=True,
    ),
    _look("parent, approved", "DescribeHandshake", request=_on("parent"), unless_all=True),
    _look("approved", "ListHandshakesForOrganization", request=_below("parent"), unless_all=True),
    _provoke("approve twice", "AcceptHandshake", _B, request=_on("child"), unless_all=True),
    _write(
        "finalize",
        "AcceptHandshake",
        request=_on("parent"),
        already=frozenset({"HandshakeAlreadyInStateException"}),
        settles=("start again",),
        unless_all=True,
    ),
    _look("features", "DescribeOrganization", _M, "feature_set"),
    _provoke("start on all features", "EnableAllFeatures", only_all=True),
    # A policy type
    _look("roots before", "ListRoots", _M, "root"),
    _write(
        "enable",
        "EnablePolicyType",
        request={"RootId": "{root}", "PolicyType": POLICY_TYPE},
        already=frozenset({"PolicyTypeAlreadyEnabledException"}),
        only_all=True,
        undo=_write(
            "undo enable",
            "DisablePolicyType",
            request={"RootId": "{root}", "PolicyType": POLICY_TYPE},
            already=_GONE | {"PolicyTypeNotEnabledException", "RootNotFoundException"},
        ),
    ),
    _look("roots after", "ListRoots", only_all=True),
    _look("roots once more", "ListRoots", only_all=True),
    _provoke(
        "enable twice",
        "EnablePolicyType",
        request={"RootId": "{root}", "PolicyType": POLICY_TYPE},
        only_all=True,
    ),
)
"""What is done in a sandbox, in this order; then it is undone in reverse."""

_NOBODYS: Final = {"HandshakeId": NOBODYS_HANDSHAKE}

LOOKS: Final = (
    Step("organization", _M, "DescribeOrganization", kind=Kind.PROVOKE, tells=("feature_set",)),
    _provoke("roots", "ListRoots"),
    _provoke("accounts", "ListAccounts", request={"MaxResults": 20}),
    _provoke("handshakes", "ListHandshakesForOrganization"),
    _provoke("invitations", "ListHandshakesForOrganization", request={"Filter": {"ActionType": "INVITE"}}),
    _provoke(
        "migrations",
        "ListHandshakesForOrganization",
        request={"Filter": {"ActionType": "ENABLE_ALL_FEATURES"}},
    ),
    _provoke(
        "approvals",
        "ListHandshakesForOrganization",
        request={"Filter": {"ActionType": "APPROVE_ALL_FEATURES"}},
    ),
    _provoke("received", "ListHandshakesForAccount"),
    _provoke("describe nobody's", "DescribeHandshake", request=_NOBODYS),
    _provoke("accept nobody's", "AcceptHandshake", request=_NOBODYS),
    _provoke("decline nobody's", "DeclineHandshake", request=_NOBODYS),
    _provoke("cancel nobody's", "CancelHandshake", request=_NOBODYS),
    _provoke(
        "below nobody's",
        "ListHandshakesForOrganization",
        request={"Filter": {"ParentHandshakeId": NOBODYS_HANDSHAKE}},
    ),
    _provoke(
        "two filters",
        "ListHandshakesForOrganization",
        request={"Filter": {"ActionType": "INVITE", "ParentHandshakeId": NOBODYS_HANDSHAKE}},
    ),
    _provoke("no such page", "ListHandshakesForOrganization", request={"NextToken": "bad"}),
    _provoke("start on all features", "EnableAllFeatures", only_all=True),
)
"""What only reads, and only provokes refusals: it fits any organization."""


def begin_undoing(state: State) -> State:
    """From here on, undo."""
    return dataclasses.replace(state, undoing=True)


def next_step(steps: tuple[Step, ...], state: State) -> Step | None:
    """The step that comes next; None once there is none left."""
    left = _to_undo(steps, state) if state.undoing else _to_do(steps, state)
    return next(left, None)


def _to_do(steps: tuple[Step, ...], state: State) -> Iterator[Step]:
    # What was passed over stays so: the organization was another one then.
    passed = max((at for at, step in enumerate(steps, 1) if step.name in state.done), default=0)
    for step in steps[passed:]:
        if step.name == state.begun or _fits(step, state):
            yield step


def _fits(step: Step, state: State) -> bool:
    has_all = state.facts.get("feature_set") == ALL
    if (step.unless_all and has_all) or (step.only_all and not has_all):
        return False
    # What was deleted because it had all features at once is made again; else there is nothing to make.
    if step.name in {"create again", "created again"} and "delete" not in state.done:
        return False
    return all(each in state.facts for each in _named(step.request))


def _to_undo(steps: tuple[Step, ...], state: State) -> Iterator[Step]:
    settled = {each for step in steps if step.name in state.done for each in step.settles}
    for step in reversed(steps):
        undo = step.undo
        happened = step.name in state.done or step.name == state.begun
        if undo is None or not happened or step.name in settled or undo.name in state.undone:
            continue
        if all(each in state.facts for each in _named(undo.request)):
            yield undo


def plan(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """All that may be called: the steps, and then what undoes them, in reverse."""
    settled = {each for step in steps for each in step.settles if not step.only_all}
    undone = [step.undo for step in reversed(steps) if step.undo and step.name not in settled]
    return (*steps, *undone)


def _named(value: Any) -> Iterator[str]:
    """The facts that a request names."""
    if isinstance(value, str) and value.startswith("{") and value != "{member}":
        yield value[1:-1]
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _named(inner)


def request(step: Step, state: State) -> dict[str, Any]:
    """What a step asks, with what is known by now."""
    facts = {**state.facts, "member": state.member}

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: filled(inner) for name, inner in value.items()}
        return facts[value[1:-1]] if isinstance(value, str) and value.startswith("{") else value

    return {name: filled(value) for name, value in step.request.items()}


def begin(step: Step, state: State) -> State:
    """What to remember before a write."""
    if step.kind is Kind.LOOK or state.undoing:
        return state
    return dataclasses.replace(state, begun=step.name)


def lacks(step: Step, state: State, outcome: Outcome) -> str:
    """What a step must tell, and doesn't yet: AWS may be asked again in a moment. Empty if it tells all."""
    told = _told(step, state, outcome)
    return next((each for each in step.needs if each not in told), "")


def after(step: Step, state: State, outcome: Outcome) -> State:
    """What is known after a step.

    Raises:
        StoppedError: It was refused, and not because it was done before, nor for the sake of the refusal.
    """
    if (
        step.kind is not Kind.PROVOKE
        and outcome.refused
        and not step.already & {outcome.code, outcome.reason}
    ):
        why = " ".join(filter(None, (outcome.code, outcome.reason, outcome.message)))
        raise StoppedError(why)
    if state.undoing:
        return dataclasses.replace(state, undone=(*state.undone, step.name))
    known = {} if step.operation == "DeleteOrganization" else state.facts
    if step.operation == "EnableAllFeatures" and step.kind is Kind.WRITE:
        # Those of the migration before.
        known = {name: fact for name, fact in known.items() if name not in {"child", "parent"}}
    facts = {**known, **_told(step, state, outcome)}
    return dataclasses.replace(state, done=(*state.done, step.name), begun="", facts=facts)


def _told(step: Step, state: State, outcome: Outcome) -> dict[str, str]:
    found = {name: _FACTS[name](outcome.answer, state) for name in step.tells}
    return {name: value for name, value in found.items() if value}


def _dig(value: Any, *path: str) -> str:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _list(answer: Mapping[str, Any], one: str, many: str) -> list[Mapping[str, Any]]:
    several = answer.get(many)
    found = [answer.get(one), *(several if isinstance(several, list) else [])]
    return [each for each in found if isinstance(each, dict)]


_PENDING: Final = frozenset({"REQUESTED", "OPEN"})
_OF_MIGRATIONS: Final = frozenset({"ENABLE_ALL_FEATURES", "APPROVE_ALL_FEATURES"})


def _kinds(shape: Mapping[str, Any]) -> set[str]:
    parties = shape.get("Parties")
    return {_dig(each, "Type") for each in parties} if isinstance(parties, list) else set()


def _is_linked(shape: Mapping[str, Any]) -> bool:
    held = shape.get("Resources")
    return isinstance(held, list) and any(_dig(each, "Type") == "PARENT_HANDSHAKE" for each in held)


def _pending(answer: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for each in _list(answer, "Handshake", "Handshakes"):
        if _dig(each, "State") in _PENDING:
            yield each


def _parent(answer: Mapping[str, Any], _: State) -> str:
    for each in _pending(answer):
        if _dig(each, "Action") in _OF_MIGRATIONS and "ACCOUNT" not in _kinds(each) and not _is_linked(each):
            return _dig(each, "Id")
    return ""


def _child(answer: Mapping[str, Any], _: State) -> str:
    for each in _pending(answer):
        if _dig(each, "Action") != "INVITE" and ("ACCOUNT" in _kinds(each) or _is_linked(each)):
            return _dig(each, "Id")
    return ""


def _invitation(answer: Mapping[str, Any], state: State) -> str:
    """The one of the probe's own organization: others may have invited the account."""
    ours = state.facts.get("organization", "").removeprefix("o-")
    for each in _pending(answer):
        parties = each.get("Parties")
        senders = [_dig(party, "Id") for party in parties] if isinstance(parties, list) else []
        if _dig(each, "Action") == "INVITE" and ours in [sender.removeprefix("o-") for sender in senders]:
            return _dig(each, "Id")
    return ""


def _email(answer: Mapping[str, Any], state: State) -> str:
    found = (
        _dig(each, "Email") for each in _list(answer, "", "Accounts") if _dig(each, "Id") == state.member
    )
    return next(found, "")


_FACTS: Final[Mapping[str, Callable[[Mapping[str, Any], State], str]]] = {
    "child": _child,
    "email": _email,
    "feature_set": lambda answer, _: _dig(answer, "Organization", "FeatureSet"),
    "invitation": _invitation,
    "organization": lambda answer, _: _dig(answer, "Organization", "Id"),
    "parent": _parent,
    "root": lambda answer, _: next((_dig(each, "Id") for each in _list(answer, "", "Roots")), ""),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Who asks, and which organizations they are in, as AWS says now; empty where there is none.

    Attributes:
        management, member: The accounts of the credentials.
        organization: The organization of the first,
        owner: and its management account.
        member_of: The organization of the second.
    """

    management: str
    member: str
    organization: str = ""
    owner: str = ""
    member_of: str = ""


def refusal(state: State, found: Found) -> str | None:
    """Why the probe may not act; None if it may."""
    if state.management == state.member:
        return "both accounts are the same one"
    for role, named, actual in (
        ("management account", state.management, found.management),
        ("member account", state.member, found.member),
    ):
        if named != actual:
            return f"the credentials for the {role} belong to account {actual}, not to {named}"
    if found.organization and not _is_ours(state, found):
        return (
            f"account {state.management} is in organization {found.organization}, which the probe hasn't made"
        )
    if found.member_of and found.member_of != found.organization:
        return f"account {state.member} is in organization {found.member_of}, which the probe hasn't made"
    return None


def _is_ours(state: State, found: Found) -> bool:
    known = state.facts.get("organization")
    made = {"create", "create again"} & {*state.done, state.begun}
    if not made or found.owner != state.management:
        return False
    # Of one that may have been made as the run was killed, nobody knows the id yet.
    return known == found.organization or (known is None and state.begun in made)


def to_text(state: State) -> str:
    """A state as it is kept."""
    return json.dumps({"v": VERSION, **dataclasses.asdict(state)}, indent=2) + "\n"


def of_text(text: str) -> State:
    """A state that was kept.

    Raises:
        ValueError: It is none.
    """
    kept = json.loads(text)
    if not isinstance(kept, dict) or kept.pop("v", None) != VERSION:
        raise ValueError("it is none of a probe")
    try:
        made = State(**{**kept, "done": tuple(kept["done"]), "undone": tuple(kept["undone"])})
    except (KeyError, TypeError) as error:
        raise ValueError("it is none of a probe") from error
    return made
