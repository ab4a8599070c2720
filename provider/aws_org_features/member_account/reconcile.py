"""Look, decide, approve: the one way that every create, read, diff and update of an approval walks.

Approving is always preceded by a fresh look, and followed by another where AWS answers with an error: it has
been seen to refuse and yet to have done it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aws_org_features.common import errors
from aws_org_features.common.ownership import error_of, warning_of
from aws_org_features.common.reconciler import Reconciler
from aws_org_features.common.run_io import Edges
from aws_org_features.common.state import changed
from aws_org_features.member_account import messages
from aws_org_features.member_account.decide import decide
from aws_org_features.member_account.observe import Seen, complete, observe
from aws_org_features.member_account.state import Recorded, outputs
from aws_org_features.model.approval import Answer, ApprovalStatus
from aws_org_features.model.organizations import FEATURE_SET_ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from aws_org_features.aws import Member
    from aws_org_features.common.log import Log
    from aws_org_features.common.run_cache import RunCache
    from aws_org_features.model.organizations import Handshake


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a walk.

    Attributes:
        answer: How the approval stands, and what remains to be accepted: after `apply`, what wasn't
            announced.
        feature_set: The organization's; None where the account isn't shown it.
        outputs: What goes into the state.
        failures: What failed after something had been approved, a sentence each.
    """

    answer: Answer
    feature_set: str | None
    outputs: dict[str, Any]
    failures: tuple[str, ...] = ()


class ApprovalReconciler(Reconciler["Seen"]):
    """Takes one approval as far as it will go, in one call of the engine.

    Args:
        api: The calls.
        organization_id: The only organization that is approved for.
        recorded: What the state holds.
        log: Where to tell what happens.
        run: The run's memory.
        sleep: Waits for some seconds; tests pass their own.
    """

    def __init__(  # noqa: PLR0913 - the edges are passed in
        self,
        api: Member,
        organization_id: str,
        recorded: Recorded,
        log: Log,
        run: RunCache[Seen],
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        edges = Edges(log, time.monotonic, sleep, lambda: False)
        super().__init__(api.connection, organization_id, run, edges)
        self._api = api
        self._organization_id = organization_id
        self._recorded = recorded
        self._failures: list[str] = []

    def look(self) -> Outcome:
        """See how it stands and what would be accepted; writes nothing."""
        return self._outcome(self._clear(self._remembered() or self._fresh()))

    def apply(self, announced: Collection[str] | None = None) -> Outcome:
        """Approve what the organization asks today.

        Args:
            announced: The only requests to approve, as they were announced; None approves all.
        """
        seen = self._remembered()
        if seen is None or self._answer(seen).accept:
            seen = self._fresh()
        has_acted = False
        for handshake in self._answer(self._clear(seen)).accept:
            if announced is not None and handshake.id not in announced:
                self._log.warn(messages.not_announced(handshake, self._organization_id))
                continue
            try:
                seen = self._approve(handshake, seen)
            except errors.OrgFeaturesError as error:
                if not has_acted:
                    raise
                # Consent was given, which an error would have the state forget.
                self._failures.append(f"{error.reference}: {error}")
                self._log.warn(f"another request was approved, but not {handshake.id}: {error}")
            has_acted = True
        return self._outcome(seen)

    # Looking

    def _complete(self, seen: Seen) -> Seen:
        return complete(self._api, self._recorded, seen)

    def _observe(self) -> Seen:
        return observe(self._api, self._organization_id, self._recorded)

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
            if text not in self._cache.announced:
                self._cache.announced.add(text)
                self._log.warn(text)
        return seen

    def _outcome(self, seen: Seen) -> Outcome:
        answer, feature_set = self._answer(seen), _feature_set(self._recorded, seen)
        made = outputs(self._organization_id, seen.account_id, feature_set, answer.approval)
        return Outcome(answer, feature_set, made, tuple(self._failures))

    # Approving

    def _approve(self, handshake: Handshake, seen: Seen) -> Seen:
        self._tell(messages.step(handshake, self._organization_id))
        # An answer makes every look at the account stale, no matter who looked.
        self._cache.forget_if(lambda _, other: other.account_id == seen.account_id)
        try:
            state = self._api.accept(handshake.id).state
        except errors.OrgFeaturesError as error:
            return self._look_after(
                error,
                lambda later: any(h.id == handshake.id and not h.pending for h in later.received or ()),
            )
        answered = (replace(h, state=state) if h.id == handshake.id else h for h in seen.received or ())
        return self._remember(replace(seen, received=tuple(answered)))


def _feature_set(recorded: Recorded, seen: Seen) -> str | None:
    # The change is one-way: what was seen once holds, even if AWS shows less a moment later.
    if recorded.feature_set == FEATURE_SET_ALL:
        return FEATURE_SET_ALL
    return seen.feature_set or recorded.feature_set


def drift(kept: Mapping[str, Any], outcome: Outcome) -> str | None:
    """The difference from the goal that the next `up` acts on; None while only waiting.

    Args:
        kept: What the state holds, as the outputs.
        outcome: What AWS shows.
    """
    approval = outcome.answer.approval
    if approval.status is ApprovalStatus.APPROVED:
        return None
    if not outcome.answer.accept and (
        outcome.feature_set == FEATURE_SET_ALL or not changed(kept, outcome.outputs)
    ):
        return None
    return messages.short(approval, outcome.feature_set)
