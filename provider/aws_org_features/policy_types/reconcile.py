"""Look, decide, change, and again: the one way that every create, read, diff, update and delete walks.

AWS takes one change of a root at a time, and not more than one a second: the policy types of an organization
go one after another. A change is always preceded by a fresh look, and followed by another where AWS answers
with an error.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common import errors
from aws_org_features.common.progress_log import Heartbeat
from aws_org_features.common.reconciler import LAG_PAUSES, Reconciler
from aws_org_features.common.run_io import Edges
from aws_org_features.common.state import changed
from aws_org_features.model.policy_types import Declared, OnDestroy, PolicyTypeStatus, Removal, Seen, Step
from aws_org_features.policy_types import messages
from aws_org_features.policy_types.decide import is_left, next_removal, next_step, status_of
from aws_org_features.policy_types.observe import as_whom, chosen, observe
from aws_org_features.policy_types.state import Recorded, outputs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_org_features.aws import Roots
    from aws_org_features.common.log import Log
    from aws_org_features.model.policy_types import Policy
    from aws_org_features.policy_types.run_cache import PolicyTypeCache

PATIENCE: Final = 120.0
"""Seconds for which a run waits for what AWS does in the background."""

_SOONEST: Final = 1.0
_LATEST: Final = 10.0
_GROWTH: Final = 1.5

_BUSY: Final = (
    errors.ConcurrentModificationError,
    errors.PolicyChangesInProgressError,
    errors.ThrottledError,
)
"""What AWS answers before it does anything, and not for long."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a walk ended.

    Attributes:
        seen: What AWS shows.
        status: Where the type stands.
        outputs: What goes into the state.
    """

    seen: Seen
    status: PolicyTypeStatus
    outputs: dict[str, Any]

    @property
    def to_do(self) -> bool:
        """Whether the next `up` has something to do but wait."""
        return self.status in {PolicyTypeStatus.DISABLED, PolicyTypeStatus.PENDING_DISABLE}


class PolicyTypeReconciler(Reconciler["Seen"]):
    """Takes one policy type as far as it will go, in one call of the engine.

    Args:
        api: The calls.
        declared: What the program declares.
        recorded: What the state holds.
        log: Where to tell what happens.
        run: The run's memory.
        sleep: Waits for some seconds; tests pass their own.
        clock: Seconds from whenever.
        over: Whether the run is to end early: it was canceled, or the engine is gone.
    """

    def __init__(  # noqa: PLR0913 - the edges are passed in
        self,
        api: Roots,
        declared: Declared,
        recorded: Recorded,
        log: Log,
        run: PolicyTypeCache,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        over: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(api.connection, declared.organization_id, run, Edges(log, clock, sleep, over))
        self._api = api
        self._declared = declared
        self._recorded = recorded
        self._run = run
        self._clock = clock
        self._awaited: PolicyTypeStatus | None = None  # what AWS has been asked for

    def look(self) -> Outcome:
        """See where it stands; writes nothing."""
        with self._run.lock(self._declared.organization_id):
            return self._outcome(self._remembered() or self._confirmed())

    def apply(self) -> Outcome:
        """Get the type enabled, as far as it will go today."""
        with self._run.lock(self._declared.organization_id):
            seen = self._remembered()
            if seen is None or self._next(seen) is not Step.NONE:
                seen = self._until_done(self._confirmed(), self._next, self._enable)
            if self._awaited is None and self._status(seen) is PolicyTypeStatus.DISABLED:
                raise messages.changes_in_progress(self._declared, seen)
            return self._outcome(seen)

    def disable_if_free(self, *, kept_by_another: bool = False) -> Removal:
        """Disable the type if this resource enabled it, and nobody would miss it.

        Args:
            kept_by_another: Whether another resource of the run wants the type.

        Returns:
            What was done: DISABLE; or NONE and why.

        Raises:
            PolicyTypeInUseError: Somebody's policies would be detached.
        """
        why = is_left(
            self._declared.on_destroy,
            enabled_here=self._recorded.enabled_here,
            kept_by_another=kept_by_another,
        )
        if why is not None:
            return Removal(Step.NONE, why)
        with self._run.lock(self._declared.organization_id):
            seen = self._until_done(self._confirmed(), self._next_removal, self._disable)
        if self._awaited is not None:
            return Removal(Step.DISABLE, "this resource had enabled it")
        if self._status(seen) in {PolicyTypeStatus.ENABLED, PolicyTypeStatus.PENDING_ENABLE}:
            raise messages.changes_in_progress(self._declared, seen)
        return next_removal(self._declared.policy_type, self._declared.on_destroy, seen, None)

    # Looking

    def _complete(self, seen: Seen) -> Seen:
        chosen((seen.root,), self._declared)
        return seen

    def _observe(self) -> Seen:
        return observe(self._api, self._declared, self._run.known.get(self._key))

    def _remember(self, seen: Seen) -> Seen:
        if seen.organization.has_all_features:
            self._run.known[self._key] = seen.organization
        return super()._remember(seen)

    def _confirmed(self) -> Seen:
        """A look that contradicts the record only if it goes on doing so."""
        seen = self._fresh()
        for pause in LAG_PAUSES[1:]:
            if self._recorded.status is not PolicyTypeStatus.ENABLED or not self._is_off(seen):
                break
            self._sleep(pause)
            seen = self._fresh()
        return seen

    def _status(self, seen: Seen) -> PolicyTypeStatus:
        return status_of(self._declared.policy_type, seen)

    def _is_off(self, seen: Seen) -> bool:
        return self._status(seen) in {
            PolicyTypeStatus.DISABLED,
            PolicyTypeStatus.WAITING_FOR_ALL_FEATURES,
        }

    def _next(self, seen: Seen) -> Step:
        return next_step(self._declared.policy_type, seen)

    def _outcome(self, seen: Seen) -> Outcome:
        enabled_here = self._recorded.enabled_here or self._awaited is PolicyTypeStatus.PENDING_ENABLE
        made = outputs(self._declared, seen, enabled_here=enabled_here)
        return Outcome(seen, self._status(seen), made)

    # Changing

    def _until_done(self, seen: Seen, decide: Callable[[Seen], Step], change: Callable[[Seen], Seen]) -> Seen:
        """Change and wait until nothing is left to do, AWS takes too long, or the run is over."""
        pause, until = _SOONEST, self._clock() + PATIENCE
        heartbeat = Heartbeat(self._log, self._clock)
        while (step := decide(seen)) is not Step.NONE:
            refusal: errors.OrgFeaturesError | None = None
            if step is not Step.WAIT:
                try:
                    seen = self._remember(change(seen))
                except _BUSY as error:
                    refusal = error
                else:
                    continue
            heartbeat.beat(messages.waiting(self._declared, seen))
            left = until - self._clock()
            if left <= 0 or not self._edges.rest(min(pause, left)):
                if refusal is not None:
                    raise refusal
                break
            pause = min(pause * _GROWTH, _LATEST)
            later = self._again()
            if later is None:
                break
            seen = later
        return seen

    def _again(self) -> Seen | None:
        """Look again. Once a change is made, neither an error nor a look that lags behind may hide it."""
        if self._awaited is None:
            return self._fresh()
        try:
            later = self._fresh()
        except errors.OrgFeaturesError as error:
            self._log.warn(f"how far AWS has got couldn't be looked up: {error}")
            return None
        behind = {
            PolicyTypeStatus.PENDING_ENABLE: PolicyTypeStatus.DISABLED,
            PolicyTypeStatus.PENDING_DISABLE: PolicyTypeStatus.ENABLED,
        }[self._awaited]
        if self._status(later) is not behind:
            return later
        return self._remember(later.with_status(self._declared.policy_type, self._awaited))

    def _enable(self, seen: Seen) -> Seen:
        policy_type = self._declared.policy_type
        self._tell(messages.enabling(self._declared, seen))
        # What is off was enabled by nobody.
        self._recorded = replace(self._recorded, enabled_here=False)
        self._forget()
        try:
            with as_whom(self._api, seen.organization):
                root = self._api.enable(seen.root.id, policy_type)
        except errors.PolicyTypeAlreadyEnabledError:
            return seen.with_status(policy_type, PolicyTypeStatus.ENABLED)  # somebody was quicker
        except errors.PolicyTypeNotAvailableError as error:
            raise messages.not_offered(self._declared, seen, error) from error
        except _BUSY:
            raise
        except errors.OrgFeaturesError as error:
            # It was off before AWS was asked: what is on now was enabled by that.
            later = self._look_after(error, lambda now: not self._is_off(now))
        else:
            later = self._answered(seen, root.policy_types, PolicyTypeStatus.PENDING_ENABLE)
        self._awaited = PolicyTypeStatus.PENDING_ENABLE
        return later

    def _next_removal(self, seen: Seen) -> Step:
        policy_type, on_destroy = self._declared.policy_type, self._declared.on_destroy
        step = next_removal(policy_type, on_destroy, seen, None).step
        if step is not Step.DISABLE or on_destroy is not OnDestroy.REFUSE_IF_USED:
            return step
        used = self._used(seen)
        if next_removal(policy_type, on_destroy, seen, used).step is Step.REFUSE:
            raise messages.in_use(self._declared, used)
        return step

    def _used(self, seen: Seen) -> tuple[Policy, ...]:
        """The customer's policies that are attached; what was detached a moment ago may still be shown."""
        used: tuple[Policy, ...] = ()
        with as_whom(self._api, seen.organization):
            for pause in LAG_PAUSES:
                self._sleep(pause)
                used = self._api.attached_policies(self._declared.policy_type)
                if not used:
                    break
        return used

    def _disable(self, seen: Seen) -> Seen:
        policy_type = self._declared.policy_type
        self._forget()
        try:
            with as_whom(self._api, seen.organization):
                root = self._api.disable(seen.root.id, policy_type)
        except errors.PolicyTypeNotEnabledError:
            return seen.with_status(policy_type, PolicyTypeStatus.DISABLED)
        except _BUSY:
            raise
        except errors.OrgFeaturesError as error:
            later = self._look_after(error, lambda now: self._status(now) is not PolicyTypeStatus.ENABLED)
        else:
            later = self._answered(seen, root.policy_types, PolicyTypeStatus.PENDING_DISABLE)
        self._awaited = PolicyTypeStatus.PENDING_DISABLE
        return later

    def _answered(self, seen: Seen, shown: Mapping[str, str], pending: PolicyTypeStatus) -> Seen:
        """What AWS answered to a change; what it should hold and doesn't is taken for pending."""
        later = replace(seen, root=replace(seen.root, policy_types=shown))
        off = pending is PolicyTypeStatus.PENDING_ENABLE and self._is_off(later)
        return later.with_status(self._declared.policy_type, pending) if off else later


def drift(kept: Mapping[str, Any], outcome: Outcome) -> str | None:
    """What differs from the goal in a way that the next `up` acts upon; None while merely waiting.

    Args:
        kept: What the state holds, as the outputs.
        outcome: What AWS shows.
    """
    if outcome.status is PolicyTypeStatus.ENABLED:
        return None
    return str(outcome.status) if outcome.to_do or changed(kept, outcome.outputs) else None
