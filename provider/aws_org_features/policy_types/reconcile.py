"""Getting one policy type on and off: the walk is that of all that is on or off (`common/on_off.py`).

AWS enables and disables a type in the background, one at a time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from aws_org_features.aws import Roots
from aws_org_features.common import errors
from aws_org_features.common.on_off import OnOffReconciler, Outcome
from aws_org_features.model.on_off import Removal, Step
from aws_org_features.model.policy_types import Declared, PolicyTypeStatus, Seen
from aws_org_features.policy_types import messages
from aws_org_features.policy_types.decide import next_removal, next_step, status_of
from aws_org_features.policy_types.observe import as_whom, chosen, observe
from aws_org_features.policy_types.state import outputs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from aws_org_features.model.organizations import Organization
    from aws_org_features.model.policy_types import Policy

_PENDING: Final = {
    Step.ENABLE: PolicyTypeStatus.PENDING_ENABLE,
    Step.DISABLE: PolicyTypeStatus.PENDING_DISABLE,
}
_BEHIND: Final = {Step.ENABLE: PolicyTypeStatus.DISABLED, Step.DISABLE: PolicyTypeStatus.ENABLED}
"""States that a look shows if it lags behind what AWS was asked for."""


class PolicyTypeReconciler(OnOffReconciler[Roots, Declared, Seen]):
    """Takes one policy type as far as it will go, in one call of the engine."""

    _settled: ClassVar = {
        Step.ENABLE: (errors.PolicyTypeAlreadyEnabledError, errors.PolicyTypeNotAvailableError),
        Step.DISABLE: (errors.PolicyTypeNotEnabledError,),
    }

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

    def _as_whom(self, organization: Organization) -> AbstractContextManager[None]:
        return as_whom(self._api, organization)

    # Changing

    def _enable(self, seen: Seen) -> Seen:
        policy_type = self._declared.policy_type
        self._tell(messages.enabling(self._declared, seen))
        # Nobody has enabled a type that is off.
        self._enabled_here = False

        def ask() -> Seen:
            with self._as_whom(seen.organization):
                root = self._api.enable(seen.root.id, policy_type)
            return self._answered(seen, root.policy_types, PolicyTypeStatus.PENDING_ENABLE)

        try:
            # It was off before AWS was asked: what is on now was enabled by that.
            return self._change(Step.ENABLE, ask, lambda now: not self._is_off(now))
        except errors.PolicyTypeAlreadyEnabledError:
            return seen.with_status(policy_type, PolicyTypeStatus.ENABLED)  # somebody was quicker
        except errors.PolicyTypeNotAvailableError as error:
            raise messages.not_offered(self._declared, seen, error) from error

    def _removal(self, seen: Seen, users: tuple[Policy, ...] | None = None) -> Removal:
        return next_removal(self._declared.policy_type, self._declared.on_destroy, seen, users)

    def _users(self) -> tuple[Policy, ...]:
        return self._api.attached_policies(self._declared.policy_type)

    def _in_use(self, users: tuple[Policy, ...]) -> errors.OrgFeaturesError:
        return messages.in_use(self._declared, users)

    def _disable(self, seen: Seen) -> Seen:
        policy_type = self._declared.policy_type

        def ask() -> Seen:
            with self._as_whom(seen.organization):
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
