"""Trusting one service, and ending that: the walk of all that is on or off (`common/on_off.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aws_org_features.aws import ServiceAccess
from aws_org_features.common import errors
from aws_org_features.common.on_off import OnOffReconciler, Outcome
from aws_org_features.model.on_off import Removal, Step
from aws_org_features.model.trusted_services import Declared, Seen
from aws_org_features.trusted_services import messages
from aws_org_features.trusted_services.decide import next_removal, next_step, status_of
from aws_org_features.trusted_services.observe import as_whom, observe
from aws_org_features.trusted_services.state import outputs

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from aws_org_features.model.organizations import AccountDetails, Organization


class TrustedServiceReconciler(OnOffReconciler[ServiceAccess, Declared, Seen]):
    """Takes trusted access of one service as far as it will go, in one call of the engine."""

    _settled: ClassVar = {
        Step.ENABLE: (errors.TrustedServiceUnknownError,),
        Step.DISABLE: (errors.TrustedServiceInUseError,),
    }

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

    def _as_whom(self, organization: Organization) -> AbstractContextManager[None]:
        return as_whom(self._api, organization)

    # Changing

    def _enable(self, seen: Seen) -> Seen:
        principal = self._declared.service_principal
        self._tell(messages.enabling(self._declared))
        # Nobody has enabled a service that is off.
        self._enabled_here = False

        def ask() -> Seen:
            with self._as_whom(seen.organization):
                self._api.enable(principal)
            return seen.with_trust(principal)

        try:
            # It was off before AWS was asked: what is on now was enabled by that.
            return self._change(Step.ENABLE, ask, self._is_on)
        except errors.TrustedServiceUnknownError as error:
            raise messages.unknown(self._declared, error) from error

    def _removal(self, seen: Seen, users: tuple[AccountDetails, ...] | None = None) -> Removal:
        declared = self._declared
        return next_removal(declared.service_principal, declared.on_destroy, seen, users)

    def _users(self) -> tuple[AccountDetails, ...]:
        return self._api.administrators(self._declared.service_principal)

    def _in_use(self, users: tuple[AccountDetails, ...]) -> errors.OrgFeaturesError:
        return messages.in_use(self._declared, users)

    def _disable(self, seen: Seen) -> Seen:
        principal = self._declared.service_principal
        self._tell(messages.disabling(self._declared), self._log.warn)

        def ask() -> Seen:
            with self._as_whom(seen.organization):
                self._api.disable(principal)
            return seen.without_trust(principal)

        try:
            return self._change(Step.DISABLE, ask, self._is_off)
        except (errors.TrustedServiceInUseError, errors.TrustedServiceRefusedError) as error:
            raise messages.refused(self._declared, error) from error
