"""Status of one policy type on the root, the step that takes it further, and what a destroy may undo. Pure.

A type can only be enabled once the organization has all features; AWS enables and disables in the background,
one type at a time. Disabling a type detaches every policy of it, and enabling it again brings none back.
"""

from __future__ import annotations

from aws_org_features.model.on_off import OnDestroy, Removal, Step
from aws_org_features.model.policy_types import _SHOWN, PENDING, Policy, PolicyTypeStatus, Root, Seen


def status_of(policy_type: str, seen: Seen) -> PolicyTypeStatus:
    """Say where a policy type stands."""
    shown = seen.root.policy_types.get(policy_type)
    if shown is not None:
        # A word that AWS may add one day is something that isn't done yet.
        return _SHOWN.get(shown, PolicyTypeStatus.PENDING_ENABLE)
    if not seen.organization.has_all_features:
        return PolicyTypeStatus.WAITING_FOR_ALL_FEATURES
    return PolicyTypeStatus.DISABLED


def others_pending(policy_type: str, root: Root) -> tuple[str, ...]:
    """Other types that AWS is enabling or disabling."""
    found = (each for each, status in root.policy_types.items() if status in PENDING)
    return tuple(sorted(each for each in found if each != policy_type))


def next_step(policy_type: str, seen: Seen) -> Step:
    """Decide how to get a policy type enabled."""
    status = status_of(policy_type, seen)
    if status in {PolicyTypeStatus.ENABLED, PolicyTypeStatus.WAITING_FOR_ALL_FEATURES}:
        return Step.NONE
    if status in PENDING or others_pending(policy_type, seen.root):
        return Step.WAIT
    return Step.ENABLE


def next_removal(
    policy_type: str, on_destroy: OnDestroy, seen: Seen, used: tuple[Policy, ...] | None
) -> Removal:
    """Decide how to get rid of a policy type that this resource enabled.

    Args:
        policy_type: The type.
        on_destroy: What the program declared, which isn't to leave it.
        seen: What AWS shows.
        used: The customer's policies of the type that are attached somewhere; None if they weren't asked for.
    """
    status = status_of(policy_type, seen)
    if status in {PolicyTypeStatus.DISABLED, PolicyTypeStatus.WAITING_FOR_ALL_FEATURES}:
        return Removal(Step.NONE, "it is no longer enabled")
    if status is PolicyTypeStatus.PENDING_DISABLE:
        return Removal(Step.WAIT, "AWS is disabling it")
    if status is PolicyTypeStatus.PENDING_ENABLE or others_pending(policy_type, seen.root):
        return Removal(Step.WAIT, "AWS is changing the root's policy types")
    if on_destroy is OnDestroy.REFUSE_IF_USED and used:
        return Removal(Step.REFUSE, "policies of the type are attached")
    return Removal(Step.DISABLE, "this resource enabled it")
