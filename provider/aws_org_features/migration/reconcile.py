"""Takes a migration as far as it will go: observe, decide, act, and observe again."""

from __future__ import annotations

import contextlib
import functools
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.approver.approve import Approving, beating
from aws_org_features.approver.messages import approved
from aws_org_features.aws.caller import as_whom
from aws_org_features.common import errors
from aws_org_features.common.ownership import refuse_unless_ours, warning_of
from aws_org_features.common.reconciler import LONG_LAG_PAUSES, Reconciler
from aws_org_features.common.run_io import Edges
from aws_org_features.common.state import changed
from aws_org_features.migration import messages
from aws_org_features.migration.announce import foresee, limit
from aws_org_features.migration.approval_scope import kept_from, limited, with_rulings
from aws_org_features.migration.assess import assess
from aws_org_features.migration.decide import NOT_STARTED_HERE, decide, may_cancel, must_wait
from aws_org_features.migration.observe import LOOKS, complete, observe
from aws_org_features.migration.state import carry, outputs, without_reasons
from aws_org_features.migration.wait import Stay
from aws_org_features.model.migration import (
    NOTHING_RECORDED,
    Action,
    Assessment,
    Decision,
    Desired,
    Look,
    Observation,
    Recorded,
    Status,
)
from aws_org_features.model.steps import NO_STEPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from aws_org_features.aws import Organizations
    from aws_org_features.common.log import Log
    from aws_org_features.migration.run_cache import MigrationCache
    from aws_org_features.model.migration import Ruling
    from aws_org_features.model.organizations import Handshake, Unclear
    from aws_org_features.model.steps import Steps

_MOST_STEPS: Final = 8
"""Cancel, start, approve and accept; and approve again, where requests turn up meanwhile."""

_SETTLE_PAUSES: Final = LONG_LAG_PAUSES[1:]
"""Seconds between looks for what was just written."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a walk.

    Attributes:
        now: Where the migration stands.
        decision: What the next step is. After `apply` never a write, unless AWS refused it or an approver
            failed.
        outputs: What goes into the state.
        steps: All that the next run may do that can't be undone or costs approvals.
        waits: Whether the program wants a run to stay with it.
        kept_from: Outstanding accounts that the configuration keeps the approver from.
        failures: What failed after something had been written, a sentence each.
    """

    now: Assessment
    decision: Decision
    outputs: dict[str, Any]
    steps: Steps = NO_STEPS
    waits: bool = False
    kept_from: Mapping[str, Ruling] = field(default_factory=dict)
    failures: tuple[str, ...] = ()


class MigrationReconciler(Reconciler["Observation"]):
    """Takes one migration as far as it will go, in one call of the engine.

    Args:
        api: The calls.
        desired: What the program declares.
        recorded: What the state holds.
        log: Where to tell what happens.
        run: The run's memory.
        announced: What the run may do, as it was announced; None lets it do all that is declared.
        refreshed: Whether only a refresh looks before a run, so that the next one announces what is left.
        may_fail_half_way: Whether what is reached is kept if `apply` tells of a failure. Where it isn't, one
            that comes after a cancel alone is raised: the record of before is as good to go on from.
        sleep: Waits for some seconds; tests pass their own.
        clock: A monotonic clock, in seconds.
        over: Whether the run must end early: it was canceled, or the engine is gone.
    """

    def __init__(  # noqa: PLR0913 - the edges are passed in
        self,
        api: Organizations,
        desired: Desired,
        recorded: Recorded,
        log: Log,
        run: MigrationCache,
        *,
        announced: Steps | None = None,
        refreshed: bool = False,
        may_fail_half_way: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        over: Callable[[], bool] = lambda: False,
    ) -> None:
        desired = limited(desired, api.connection)
        super().__init__(api.connection, desired.organization_id, run, Edges(log, clock, sleep, over))
        self._api = api
        self._desired = desired
        self._recorded = without_reasons(recorded, desired.approver)
        self._run = run
        self._approving = Approving(api, desired.approver, beating(log, clock), clock=clock, over=over)
        self._has_acted = False
        self._announced = announced
        self._refreshed = refreshed
        self._may_fail_half_way = may_fail_half_way
        self._begun: set[str] = set()
        self._held: Decision | None = None
        self._failures: list[str] = []

    def look(self) -> Outcome:
        """See where it stands and what the next step would be; writes nothing."""
        return self._outcome(self._remembered() or self._fresh())

    def read(self) -> Outcome:
        """Look, and count who has approved where AWS only says that everyone has responded."""
        seen = self._remembered() or self._fresh()
        now = self._assess(seen)
        untold = now.approvals.accepted < now.approvals.required or not now.approvals.required
        if now.status is Status.AWAITING_FINALIZATION and seen.children is None and untold:
            with contextlib.suppress(errors.OrgFeaturesError), as_whom(self._api, seen.organization):
                seen = LOOKS[Look.CHILDREN](self._api, seen)
                # An account that declined and has left since blocks nothing.
                seen = self._remember(complete(self._api, self._desired, self._recorded, seen))
        return self._outcome(seen)

    def apply(self) -> Outcome:
        """Take the migration as far as it will go today."""
        seen = self._remembered()
        if seen is None or self._next(seen).action is not Action.NONE:
            seen = self._steps(self._fresh())
        seen = self._stay(seen)
        if self._held is not None:
            self._tell_held(self._held, seen)
        return self._outcome(seen)

    def _tell_held(self, held: Decision, seen: Observation) -> None:
        """Say what is left undone because it wasn't announced."""
        self._log.warn(messages.not_announced(held, self._assess(seen), refreshed=self._refreshed))
        if held.action in {Action.START, Action.CANCEL} and not (self._refreshed or seen.refused):
            # What AWS has just refused to finalize is canceled by the next run, which announces it. Else the
            # attempt was raised for what was announced: for anything else, a person raises it again.
            self._recorded = replace(self._recorded, attempt=self._desired.attempt)

    def _stay(self, seen: Observation) -> Observation:
        def advance() -> Observation:
            # From here on an error would cost the record of what was reached.
            self._has_acted = True
            return self._steps(self._fresh())

        stay = Stay(
            self._edges,
            self._desired,
            assess=self._assess,
            wanted=self._must_wait,
            advance=advance,
        )
        return self._remember(stay.until_done(seen))

    def _must_wait(self, now: Assessment) -> bool:
        # No waiting helps where the next step isn't this run's to take.
        return must_wait(self._desired, now) and self._held is None

    def cancel_if_free(self) -> Decision:
        """Cancel the migration if that costs nobody's approval; otherwise leave it.

        Returns:
            What was done: CANCEL, or NONE and why.
        """
        if not self._recorded.started:
            return Decision(Action.NONE, f"the migration {NOT_STARTED_HERE}")
        if self._recorded.assessment.status is Status.ENABLED:
            return Decision(Action.NONE, "all features are enabled, which can't be undone")
        seen = self._look_before_canceling()
        with as_whom(self._api, seen.organization):
            decision, seen = self._cancel(seen, self._look_before_canceling, self._may_cancel)
        if decision.action is Action.CANCEL and seen.parent is not None and seen.parent.state != "CANCELED":
            return Decision(Action.NONE, f"the migration is {seen.parent.state} meanwhile")
        if decision.action is Action.CANCEL and seen.parent is not None:
            self._run.cancels(seen.organization.id, seen.parent.id)
        return decision

    def _look_before_canceling(self) -> Observation:
        seen = self._fresh()
        if seen.parent is None or not seen.parent.pending or seen.organization.has_all_features:
            return seen
        # The approvals last: each moment between this look and the cancel may bring one.
        with as_whom(self._api, seen.organization):
            for look in (Look.ACCOUNTS, Look.CHILDREN):
                seen = LOOKS[look](self._api, seen)
        return seen

    def _may_cancel(self, seen: Observation) -> Decision:
        return may_cancel(self._recorded, self._assess(seen), seen)

    # Looking

    def _complete(self, seen: Observation) -> Observation:
        return complete(self._api, self._desired, self._recorded, seen)

    def _observe(self) -> Observation:
        seen = observe(self._api, self._desired, self._recorded)
        if seen.parent is not None and seen.parent.id in self._run.canceled(seen.organization.id):
            # A delete of this run canceled it, for a replacement: nobody decided against a migration.
            seen = replace(seen, parent=None, children=None)
        self._tell_unclear((*seen.beside, *seen.unclear))
        return self._approving.seen(seen)

    def _tell_unclear(self, found: Iterable[Unclear]) -> None:
        """Report once in a run which handshakes are left alone."""
        for unclear in found:
            if unclear.handshake.pending and unclear.handshake.id not in self._run.unclear:
                self._run.unclear.add(unclear.handshake.id)
                self._log.warn(warning_of(unclear))

    def _assess(self, seen: Observation) -> Assessment:
        # A run records as it goes.
        return with_rulings(assess(self._recorded, seen), self._desired.approver)

    def _next(self, seen: Observation) -> Decision:
        wanted, now = self._approving.remaining(self._desired), self._assess(seen)
        decision = decide(wanted, self._recorded, now, acting=True)
        self._held = None
        if self._announced is None:
            return decision
        announced = limit(decision, now, self._announced, self._begun)
        left = tuple(each for each in decision.accounts if each not in announced.accounts)
        if announced.action is not decision.action or left:
            self._held = replace(decision, accounts=left)
        return announced

    def _outcome(self, seen: Observation) -> Outcome:
        now = self._assess(seen)
        recorded = carry(self._desired, self._recorded, now)
        return Outcome(
            now,
            decide(self._desired, self._recorded, now),
            outputs(self._desired, seen.organization, recorded),
            foresee(self._desired, self._recorded, now, seen.asked),
            must_wait(self._desired, now),
            kept_from(now, self._desired.approver),
            tuple(self._failures),
        )

    # Acting

    def _steps(self, seen: Observation) -> Observation:
        for _ in range(_MOST_STEPS):
            decision = self._next(seen)
            if decision.action is Action.NONE or seen.refused:
                break
            self._tell(messages.step(decision, self._assess(seen)))
            try:
                seen = self._act(decision, seen)
            except errors.OrgFeaturesError as error:
                if not self._has_acted:
                    raise
                # A create that raises leaves nothing in the state, not even that it began the migration.
                self._failures.append(f"{error.reference}: {error}")
                why = self._failures[-1] if _is_unclear(error) else error
                ended = seen.parent is not None and seen.parent.state == "CANCELED"
                goes_on = "the migration was canceled" if ended else "the migration goes on"
                self._log.warn(f"{goes_on}, but the next step failed: {why}")
                seen = self._approving.seen(seen)
                break
        return self._remember(seen)

    def _act(self, decision: Decision, seen: Observation) -> Observation:
        self._forget()
        with as_whom(self._api, seen.organization):
            if decision.action is Action.START:
                return self._start(seen)
            if decision.action is Action.APPROVE:
                return self._approve(seen, decision.accounts)
            if decision.action is Action.CANCEL:
                seen = self._cancel(seen, self._fresh, self._next)[1]
                self._has_acted = self._has_acted or self._may_fail_half_way
                return seen
            return self._accept(seen, seen.parent) if seen.parent is not None else seen

    def _start(self, seen: Observation) -> Observation:
        try:
            parent = self._api.enable_all_features()
        except errors.OrgFeaturesError as error:
            # Somebody else was quicker, or the answer got lost: either way, what runs now is adopted.
            return self._after_error(error, functools.partial(_migration_appeared, seen))
        self._recorded = Recorded(
            Assessment(Status.AWAITING_APPROVALS, parent),
            self._desired.attempt,
            started=True,
            management_account_id=seen.organization.management_account_id,
        )
        self._has_acted = True
        self._begun.add(parent.id)
        begun = Observation(seen.organization, parent, parent_sought=True)
        return self._await_children(self._after_write(begun))

    def _approve(self, seen: Observation, account_ids: tuple[str, ...]) -> Observation:
        """Give approvals, then look: accounts asked meanwhile come next, and the parent may be ready."""
        approver, now = self._desired.approver, self._assess(seen)
        came = self._approving.approve(seen, account_ids)
        self._has_acted = True
        for text in approved(len(came.given), came.failures):
            self._log.info(text)
        self._tell_unclear(self._approving.unclear)
        if approver is not None:
            declined = [w.account_id for w in now.waiting_for if w.declined]
            self._approving.decline([each for each in declined if approver.covers(each)])
        # Once the parent is ready its approvals aren't listed: who has given one is kept from here on.
        # The approvals given are kept, under the attempt that is declared.
        so_far = self._assess(self._approving.seen(seen))
        self._recorded = carry(self._desired, self._recorded, so_far)
        later = seen
        for pause in (0.0, *_SETTLE_PAUSES):
            self._sleep(pause)
            later = self._fresh()
            # AWS says a moment later that nothing is outstanding.
            if later.parent is None or later.parent.state != "REQUESTED" or self._somebody_is_left(later):
                break
        return later

    def _somebody_is_left(self, seen: Observation) -> bool:
        now = self._assess(seen)
        return bool(now.waiting_for or now.approvals.unknown)

    def _accept(self, seen: Observation, parent: Handshake) -> Observation:
        refuse_unless_ours(parent, seen.organization)
        try:
            accepted = self._api.accept(parent.id)
        except errors.HandshakeRefusedError as error:
            later = self._fresh()
            if _has_changed(seen, later):
                return self._after_write(later)
            self._log.warn(f"AWS refuses to finalize {parent.id}: {error.what}")
            return self._tolerantly(replace(later, refused=True))
        except errors.OrgFeaturesError as error:
            return self._after_error(error, functools.partial(_has_changed, seen))
        return self._after_write(replace(seen, parent=accepted))

    def _cancel(
        self,
        seen: Observation,
        look_again: Callable[[], Observation],
        wanted: Callable[[Observation], Decision],
    ) -> tuple[Decision, Observation]:
        """Cancel the parent, but never by a look that may be out of date.

        AWS answers that somebody else is changing the organization just when an account approves, so each
        further try looks and decides again.
        """
        for pause in (*_SETTLE_PAUSES, None):
            decision = wanted(seen)
            if decision.action is not Action.CANCEL or seen.parent is None:
                break
            refuse_unless_ours(seen.parent, seen.organization)
            self._forget()
            try:
                return decision, replace(seen, parent=self._api.cancel(seen.parent.id))
            except (errors.ThrottledError, errors.ConcurrentModificationError):
                if pause is None:
                    raise
                self._sleep(pause)
                seen = look_again()
            except errors.OrgFeaturesError as error:
                seen = self._after_error(error, functools.partial(_has_changed, seen))
                break
        return decision, seen

    def _after_error(
        self, error: errors.OrgFeaturesError, happened: Callable[[Observation], bool]
    ) -> Observation:
        return self._after_write(self._look_after(error, happened))

    def _after_write(self, seen: Observation) -> Observation:
        """Record a write even if AWS doesn't show it yet: nothing here may raise."""
        if seen.parent is not None and seen.parent.state == "ACCEPTED":
            seen = self._await_all_features(seen)
        return self._tolerantly(seen)

    def _await_children(self, seen: Observation) -> Observation:
        """Look again for approvals that the list of accounts says there are; AWS may show none at all."""
        for pause in _SETTLE_PAUSES[:2]:
            if seen.children or seen.accounts is None or not seen.accounts.invited:
                break
            self._sleep(pause)
            seen = self._tolerantly(replace(seen, children=None))
        return seen

    def _await_all_features(self, seen: Observation) -> Observation:
        with contextlib.suppress(errors.OrgFeaturesError):
            for pause in (0.0, *_SETTLE_PAUSES):
                self._sleep(pause)
                seen = replace(seen, organization=self._api.organization())
                if seen.organization.has_all_features:
                    break
        return seen

    def _tolerantly(self, seen: Observation) -> Observation:
        try:
            return complete(self._api, self._desired, self._recorded, seen)
        except errors.OrgFeaturesError as error:
            self._log.warn(f"the approvals couldn't be listed yet: {error}")
            return replace(seen, children=seen.children or (), accounts=None)


def _is_unclear(error: errors.OrgFeaturesError) -> bool:
    return isinstance(error, errors.HandshakeUnclearError)


def _migration_appeared(before: Observation, later: Observation) -> bool:
    """Return whether a migration runs, or is done, that wasn't there before."""
    if later.organization.has_all_features:
        return True
    return later.parent is not None and later.parent.pending and _has_changed(before, later)


def _has_changed(before: Observation, later: Observation) -> bool:
    """Return whether AWS shows another feature set, another parent, or the same one in another state."""
    return _position(before) != _position(later)


def _position(seen: Observation) -> tuple[str, ...]:
    parent = (seen.parent.id, seen.parent.state) if seen.parent else ()
    return (seen.organization.feature_set, *parent)


def drift(recorded: Recorded, kept: Mapping[str, Any], outcome: Outcome) -> str | None:
    """The difference from the goal that the next `up` acts on; None while only waiting.

    Args:
        recorded: What the state holds, as values.
        kept: The same, as the outputs.
        outcome: What AWS shows.
    """
    if outcome.now.status is Status.ENABLED or recorded == NOTHING_RECORDED:
        return None
    if outcome.decision.action is not Action.NONE or outcome.waits or changed(kept, outcome.outputs):
        return messages.short(outcome.now)
    return None
