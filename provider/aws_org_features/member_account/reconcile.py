"""Look, decide, approve: the one way that every create, read, diff and update of an approval walks.

Approving is always preceded by a fresh look, and followed by another where AWS answers with an error: it has
been seen to refuse and yet to have done it.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common import errors
from aws_org_features.common.ownership import error_of, warning_of
from aws_org_features.member_account import messages
from aws_org_features.member_account.decide import decide
from aws_org_features.member_account.observe import Seen, complete, observe
from aws_org_features.member_account.state import Recorded, outputs
from aws_org_features.model.approval import Answer, ApprovalStatus
from aws_org_features.model.organizations import FEATURE_SET_ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from aws_org_features.aws import Connection, Member
    from aws_org_features.common.log import Say
    from aws_org_features.model.organizations import Handshake

_PAUSES: Final = (0.0, 0.5, 1.0)
"""Seconds before each look for what may have been written: AWS's reads lag behind by about a second."""

_NOT_DONE: Final = (
    errors.AccessDeniedError,
    errors.ConcurrentModificationError,
    errors.ThrottledError,
)
"""What AWS answers before it does anything; one look is enough to be sure."""


@dataclass(slots=True)
class Run:
    """What one run of the engine remembers; a preview and the `up` after it are two runs.

    Attributes:
        seen: The last look at each account, so that a diff after a read asks AWS nothing.
        announced: Steps that a person has been told of.
    """

    seen: dict[tuple[Connection, str], Seen] = field(default_factory=dict)
    announced: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a walk ended.

    Attributes:
        answer: How the approval stands, and what is still to be accepted: after `converge`, what wasn't
            announced.
        feature_set: The organization's; None where the account isn't shown it.
        outputs: What goes into the state.
    """

    answer: Answer
    feature_set: str | None
    outputs: dict[str, Any]


class MemberReconciler:
    """Walks the way for one resource, in one call of the engine.

    Args:
        api: The calls.
        organization_id: The only organization that is approved for.
        recorded: What the state holds.
        say: Where to tell what happens.
        run: The run's memory.
        sleep: Waits for some seconds; tests pass their own.
    """

    def __init__(  # noqa: PLR0913 - the edges are passed in
        self,
        api: Member,
        organization_id: str,
        recorded: Recorded,
        say: Say,
        run: Run,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._api = api
        self._organization_id = organization_id
        self._recorded = recorded
        self._say = say
        self._run = run
        self._sleep = sleep

    def look(self) -> Outcome:
        """See how it stands and what would be accepted; writes nothing."""
        return self._outcome(self._clear(self._remembered() or self._fresh()))

    def converge(self, announced: Collection[str] | None = None) -> Outcome:
        """Approve what the organization asks today.

        Args:
            announced: The only requests to approve, as they were announced; None approves all.
        """
        seen = self._remembered()
        if seen is None or self._answer(seen).accept:
            seen = self._fresh()
        for handshake in self._answer(self._clear(seen)).accept:
            if announced is None or handshake.id in announced:
                seen = self._approve(handshake, seen)
            else:
                self._say.warn(messages.not_announced(handshake, self._organization_id))
        return self._outcome(seen)

    # Looking

    def _key(self) -> tuple[Connection, str]:
        return (self._api.connection, self._organization_id)

    def _remembered(self) -> Seen | None:
        """What an earlier step of this run saw, if any did."""
        seen = self._run.seen.get(self._key())
        return self._remember(complete(self._api, self._recorded, seen)) if seen else None

    def _fresh(self) -> Seen:
        return self._remember(observe(self._api, self._organization_id, self._recorded))

    def _remember(self, seen: Seen) -> Seen:
        self._run.seen[self._key()] = seen
        return seen

    def _forget(self, account_id: str) -> None:
        """An answer makes every look at the account stale, whoever looked."""
        for key, seen in tuple(self._run.seen.items()):
            if seen.account_id == account_id:
                self._run.seen.pop(key, None)

    def _answer(self, seen: Seen) -> Answer:
        return decide(
            self._organization_id,
            seen.account_id,
            self._recorded.approval,
            seen.received or (),
            seen.management_account_id,
        )

    def _clear(self, seen: Seen) -> Seen:
        """Tell of requests that contradict themselves, and stop if the awaited one may be among them.

        Raises:
            HandshakeUnclearError: It may.
        """
        answer = self._answer(seen)
        if answer.obstructed and seen.feature_set != FEATURE_SET_ALL:
            raise error_of(answer.unclear[0])
        for unclear in answer.unclear:
            text = warning_of(unclear)
            if text not in self._run.announced:
                self._run.announced.add(text)
                self._say.warn(text)
        return seen

    def _outcome(self, seen: Seen) -> Outcome:
        answer, feature_set = self._answer(seen), _feature_set(self._recorded, seen)
        made = outputs(self._organization_id, seen.account_id, feature_set, answer.approval)
        return Outcome(answer, feature_set, made)

    # Approving

    def _approve(self, handshake: Handshake, seen: Seen) -> Seen:
        step = messages.step(handshake, self._organization_id)
        if step not in self._run.announced:  # a diff of this run may have told of it already
            self._say.info(step)
        self._forget(seen.account_id)
        try:
            state = self._api.accept(handshake.id).state
        except errors.OrgFeaturesError as error:
            return self._after_error(error, handshake)
        answered = (replace(h, state=state) if h.id == handshake.id else h for h in seen.received or ())
        return self._remember(replace(seen, received=tuple(answered)))

    def _after_error(self, error: errors.OrgFeaturesError, handshake: Handshake) -> Seen:
        """Look again before deciding; raise the error only if the request is still unanswered."""
        for pause in _PAUSES[:1] if isinstance(error, _NOT_DONE) else _PAUSES:
            self._sleep(pause)
            with contextlib.suppress(errors.OrgFeaturesError):
                later = self._fresh()
                if any(h.id == handshake.id and not h.pending for h in later.received or ()):
                    return later
        raise error


def _feature_set(recorded: Recorded, seen: Seen) -> str | None:
    # The change is one-way: what was seen once holds, whatever AWS shows a moment later, or no longer shows.
    if recorded.feature_set == FEATURE_SET_ALL:
        return FEATURE_SET_ALL
    return seen.feature_set or recorded.feature_set


def drift(kept: Mapping[str, Any], outcome: Outcome) -> str | None:
    """What differs from the goal in a way that the next `up` acts upon; None while merely waiting.

    Args:
        kept: What the state holds, as the outputs.
        outcome: What AWS shows.
    """
    approval = outcome.answer.approval
    if approval.status is ApprovalStatus.APPROVED:
        return None
    if not outcome.answer.accept and (outcome.feature_set == FEATURE_SET_ALL or not changed(kept, outcome)):
        return None
    return messages.short(approval, outcome.feature_set)


def changed(kept: Mapping[str, Any], outcome: Outcome) -> bool:
    """Whether the record says something that is no longer so."""
    return any(kept.get(name) != value for name, value in outcome.outputs.items())
