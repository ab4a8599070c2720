"""Facts that answers tell the probe: ids, and the feature set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_org_features.evidence.probe.step import ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aws_org_features.evidence.probe.step import Outcome, State, Step


def told(step: Step, state: State, outcome: Outcome) -> dict[str, str]:
    """The facts that a step looks for, as far as its answer has them."""
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


def _accepted(answer: Mapping[str, Any], _: State) -> str:
    return "yes" if _dig(answer, "Handshake", "State") == "ACCEPTED" else ""


def _enabled(answer: Mapping[str, Any], _: State) -> str:
    """True once no policy type is pending."""
    types = [each for root in _list(answer, "", "Roots") for each in _list(root, "", "PolicyTypes")]
    return "yes" if types and {_dig(each, "Status") for each in types} == {"ENABLED"} else ""


_FACTS: Final[Mapping[str, Callable[[Mapping[str, Any], State], str]]] = {
    "accepted": _accepted,
    "all features": lambda answer, _: "yes" if _dig(answer, "Organization", "FeatureSet") == ALL else "",
    "child": _child,
    "email": _email,
    "enabled": _enabled,
    "feature_set": lambda answer, _: _dig(answer, "Organization", "FeatureSet"),
    "invitation": _invitation,
    "organization": lambda answer, _: _dig(answer, "Organization", "Id"),
    "parent": _parent,
    "root": lambda answer, _: next((_dig(each, "Id") for each in _list(answer, "", "Roots")), ""),
}
