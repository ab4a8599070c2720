"""How one service is trusted, and no longer: the walk of all that is on or off (`common/on_off.py`)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from aws_org_features.common import errors
from aws_org_features.common.on_off import OnOffReconciler, Outcome
from aws_org_features.common.reconciler import LAG_PAUSES
from aws_org_features.common.run_io import Edges
from aws_org_features.model.on_off import OnDestroy, Removal, Step
from aws_org_features.model.trusted_services import Declared, Seen, TrustedServiceStatus
from aws_org_features.trusted_services import messages
from aws_org_features.trusted_services.decide import next_removal, next_step, status_of
from aws_org_features.trusted_services.observe import as_whom, observe
from aws_org_features.trusted_services.state import Recorded, outputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_features.aws import ServiceAccess
    from aws_org_features.common.log import Log
    from aws_org_features.common.run_cache import OnOffCache
    from aws_org_features.model.organizations import AccountDetails


class TrustedServiceReconciler(OnOffReconciler["Seen"]):
    """Takes trusted access of one service as far as it will go, in one call of the engine.

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
        Step.ENABLE: (errors.TrustedServiceUnknownError,),
        Step.DISABLE: (errors.TrustedServiceInUseError,),
    }

    def __init__(  # noqa: PLR0913 - the edges are passed in
        self,
        api: ServiceAccess,
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
            was_on=recorded.status is TrustedServiceStatus.ENABLED,
            enabled_here=recorded.enabled_here,
        )
        self._api = api
        self._declared = declared

    # Looking

    def _observe(self) -> Seen:
        return observe(self._api, self._declared, self._known.with_all_features.get(self._key))

    def _is_on(self, seen: Seen) -> bool:
        return self._declared.service_principal in seen.trusted

    def _is_off(self, seen: Seen) -> bool:
        return not self._is_on(seen)

    def _next(self, seen: Seen) -> Step:
        return next_step(self._declared.service_principal, seen)

    def _outcome(self, seen: Seen) -> Outcome[Seen]:
        enabled_here = self._enabled_here or self._asked is Step.ENABLE
        return Outcome(
            seen,
            status_of(self._declared.service_principal, seen),
            to_do=self._next(seen) is not Step.NONE,
            words=messages.words(self._declared, seen),
            outputs=outputs(self._declared, seen, enabled_here=enabled_here),
        )

    def _waiting(self, seen: Seen) -> str:  # noqa: ARG002 - AWS doesn't show what it is at
        return messages.waiting(self._declared)

    # Changing

    def _enable(self, seen: Seen) -> Seen:
        principal = self._declared.service_principal
        self._tell(messages.enabling(self._declared))
        # What is off was enabled by nobody.
        self._enabled_here = False

        def ask() -> Seen:
            with as_whom(self._api, seen.organization):
                self._api.enable(principal)
            return seen.with_trust(principal)

        try:
            # It was off before AWS was asked: what is on now was enabled by that.
            return self._change(Step.ENABLE, ask, self._is_on)
        except errors.TrustedServiceUnknownError as error:
            raise messages.unknown(self._declared, error) from error

    def _removal(self, seen: Seen, administrators: tuple[AccountDetails, ...] | None = None) -> Removal:
        declared = self._declared
        return next_removal(declared.service_principal, declared.on_destroy, seen, administrators)

    def _next_removal(self, seen: Seen) -> Step:
        step = self._removal(seen).step
        if step is not Step.DISABLE or self._declared.on_destroy is not OnDestroy.REFUSE_IF_USED:
            return step
        administrators = self._administrators(seen)
        if self._removal(seen, administrators).step is Step.REFUSE:
            raise messages.in_use(self._declared, administrators)
        return step

    def _administrators(self, seen: Seen) -> tuple[AccountDetails, ...]:
        """Who administers for it; who was deregistered a moment ago may still be shown."""
        found: tuple[AccountDetails, ...] = ()
        with as_whom(self._api, seen.organization):
            for pause in LAG_PAUSES:
                self._sleep(pause)
                found = self._api.administrators(self._declared.service_principal)
                if not found:
                    break
        return found

    def _disable(self, seen: Seen) -> Seen:
        principal = self._declared.service_principal
        self._tell(messages.disabling(self._declared), self._log.warn)

        def ask() -> Seen:
            with as_whom(self._api, seen.organization):
                self._api.disable(principal)
            return seen.without_trust(principal)

        try:
            return self._change(Step.DISABLE, ask, self._is_off)
        except (errors.TrustedServiceInUseError, errors.TrustedServiceRefusedError) as error:
            raise messages.refused(self._declared, error) from error
