"""How one policy type is got on and off: the walk is that of all that is on or off (`common/on_off.py`).

AWS enables and disables a type in the background, one at a time.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from aws_org_features.common import errors
from aws_org_features.common.on_off import OnOffReconciler, Outcome
from aws_org_features.common.reconciler import LAG_PAUSES
from aws_org_features.common.run_io import Edges
from aws_org_features.model.on_off import OnDestroy, Removal, Step
from aws_org_features.model.policy_types import Declared, PolicyTypeStatus, Seen
from aws_org_features.policy_types import messages
from aws_org_features.policy_types.decide import next_removal, next_step, status_of
from aws_org_features.policy_types.observe import as_whom, chosen, observe
from aws_org_features.policy_types.state import Recorded, outputs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_org_features.aws import Roots
    from aws_org_features.common.log import Log
    from aws_org_features.common.run_cache import OnOffCache
    from aws_org_features.model.policy_types import Policy

_PENDING: Final = {
    Step.ENABLE: PolicyTypeStatus.PENDING_ENABLE,
    Step.DISABLE: PolicyTypeStatus.PENDING_DISABLE,
}
_BEHIND: Final = {Step.ENABLE: PolicyTypeStatus.DISABLED, Step.DISABLE: PolicyTypeStatus.ENABLED}
"""What a look shows that lags behind what AWS was asked for."""


class PolicyTypeReconciler(OnOffReconciler["Seen"]):
    """Takes one policy type as far as it will go, in one call of the engine.

    Args:
        api: The calls.
        declared: What the program declares.
        recorded: What the state holds.
        log: Where to tell what happens.
        run: The run's memory.
        sleep: Waits for some seconds; tests pass their own.
        clock: A monotonic clock, in seconds.
        over: Whether the run must end early: it was canceled, or the engine is gone.
    """

    _settled: ClassVar = {
        Step.ENABLE: (errors.PolicyTypeAlreadyEnabledError, errors.PolicyTypeNotAvailableError),
        Step.DISABLE: (errors.PolicyTypeNotEnabledError,),
    }

    def __init__(  # noqa: PLR0913 - the edges are passed in
        self,
        api: Roots,
        declared: Declared,
        recorded: Recorded,
        log: Log,
        run: OnOffCache[Seen],
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        over: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(
            api.connection,
            declared.organization_id,
            run,
            Edges(log, clock, sleep, over),
            on_destroy=declared.on_destroy,
            was_on=recorded.status is PolicyTypeStatus.ENABLED,
            enabled_here=recorded.enabled_here,
        )
        self._api = api
        self._declared = declared

    # Looking

    def _complete(self, seen: Seen) -> Seen:
        chosen((seen.root,), self._declared)
        return seen

    def _observe(self) -> Seen:
        return observe(self._api, self._declared, self._known.with_all_features.get(self._key))

    def _status(self, seen: Seen) -> PolicyTypeStatus:
        return status_of(self._declared.policy_type, seen)

    def _is_on(self, seen: Seen) -> bool:
        return self._status(seen) in {PolicyTypeStatus.ENABLED, PolicyTypeStatus.PENDING_ENABLE}

    def _is_off(self, seen: Seen) -> bool:
        return self._status(seen) in {
            PolicyTypeStatus.DISABLED,
            PolicyTypeStatus.WAITING_FOR_ALL_FEATURES,
        }

    def _next(self, seen: Seen) -> Step:
        return next_step(self._declared.policy_type, seen)

    def _outcome(self, seen: Seen) -> Outcome[Seen]:
        enabled_here = self._enabled_here or self._asked is Step.ENABLE
        status = self._status(seen)
        return Outcome(
            seen,
            status,
            to_do=status in {PolicyTypeStatus.DISABLED, PolicyTypeStatus.PENDING_DISABLE},
            words=messages.words(self._declared, seen),
            outputs=outputs(self._declared, seen, enabled_here=enabled_here),
        )

    def _waiting(self, seen: Seen) -> str:
        return messages.waiting(self._declared, seen)

    def _unfinished(self, seen: Seen, wanted: Step) -> errors.OrgFeaturesError | None:
        undone = (
            self._is_on(seen) if wanted is Step.DISABLE else self._status(seen) is PolicyTypeStatus.DISABLED
        )
        return messages.changes_in_progress(self._declared, seen) if undone else None

    def _again(self) -> Seen | None:
        """Look again. Once a change is made, neither an error nor a look that lags behind may hide it."""
        if self._asked is Step.NONE:
            return self._fresh()
        try:
            later = self._fresh()
        except errors.OrgFeaturesError as error:
            self._log.warn(f"couldn't check how far AWS has got: {error}")
            return None
        if self._status(later) is not _BEHIND[self._asked]:
            return later
        return self._remember(later.with_status(self._declared.policy_type, _PENDING[self._asked]))

    # Changing

    def _enable(self, seen: Seen) -> Seen:
        policy_type = self._declared.policy_type
        self._tell(messages.enabling(self._declared, seen))
        # What is off was enabled by nobody.
        self._enabled_here = False

        def ask() -> Seen:
            with as_whom(self._api, seen.organization):
                root = self._api.enable(seen.root.id, policy_type)
            return self._answered(seen, root.policy_types, PolicyTypeStatus.PENDING_ENABLE)

        try:
            # It was off before AWS was asked: what is on now was enabled by that.
            return self._change(Step.ENABLE, ask, lambda now: not self._is_off(now))
        except errors.PolicyTypeAlreadyEnabledError:
            return seen.with_status(policy_type, PolicyTypeStatus.ENABLED)  # somebody was quicker
        except errors.PolicyTypeNotAvailableError as error:
            raise messages.not_offered(self._declared, seen, error) from error

    def _removal(self, seen: Seen, used: tuple[Policy, ...] | None = None) -> Removal:
        return next_removal(self._declared.policy_type, self._declared.on_destroy, seen, used)

    def _next_removal(self, seen: Seen) -> Step:
        step = self._removal(seen).step
        if step is not Step.DISABLE or self._declared.on_destroy is not OnDestroy.REFUSE_IF_USED:
            return step
        used = self._used(seen)
        if self._removal(seen, used).step is Step.REFUSE:
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

        def ask() -> Seen:
            with as_whom(self._api, seen.organization):
                root = self._api.disable(seen.root.id, policy_type)
            return self._answered(seen, root.policy_types, PolicyTypeStatus.PENDING_DISABLE)

        try:
            return self._change(
                Step.DISABLE, ask, lambda now: self._status(now) is not PolicyTypeStatus.ENABLED
            )
        except errors.PolicyTypeNotEnabledError:
            return seen.with_status(policy_type, PolicyTypeStatus.DISABLED)

    def _answered(self, seen: Seen, shown: Mapping[str, str], pending: PolicyTypeStatus) -> Seen:
        """AWS's answer to a change; a type that it should hold and doesn't counts as pending."""
        later = replace(seen, root=replace(seen.root, policy_types=shown))
        off = pending is PolicyTypeStatus.PENDING_ENABLE and self._is_off(later)
        return later.with_status(self._declared.policy_type, pending) if off else later
