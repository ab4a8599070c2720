"""Messages about a policy type. No relative times, so that a sentence stays the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.common import errors, sanitize
from aws_org_features.common.on_off import Words
from aws_org_features.model.policy_types import PolicyTypeStatus
from aws_org_features.policy_types.decide import others_pending, status_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_org_features.model.policy_types import Declared, Policy, Seen, Target

_POLICIES: Final = 10
_TARGETS: Final = 5
"""Number of those that an error names."""

_KINDS: Final = {"ROOT": "root", "ORGANIZATIONAL_UNIT": "unit", "ACCOUNT": "account"}


def enabling(declared: Declared, seen: Seen) -> str:
    """One line that says what is being done, or would be."""
    return f"enabling {declared.policy_type} on root {seen.root.id}"


def words(declared: Declared, seen: Seen) -> Words:
    """Describe its status."""
    return Words(
        enabling=enabling(declared, seen),
        to_do=_to_do(declared, seen),
        short=str(status_of(declared.policy_type, seen)),
        disabled_by_hand=(
            f"somebody disabled {declared.policy_type} on root {seen.root.id}, which detached its policies; "
            "enabling it again doesn't reattach yours"
        ),
    )


def _to_do(declared: Declared, seen: Seen) -> str:
    text = f"to do: {enabling(declared, seen)}"
    if status_of(declared.policy_type, seen) is PolicyTypeStatus.PENDING_DISABLE:
        return f"{text}once AWS has finished disabling it"
    return text


def waiting(declared: Declared, seen: Seen) -> str:
    """Say what a run is waiting for."""
    policy_type, status = declared.policy_type, status_of(declared.policy_type, seen)
    if status is PolicyTypeStatus.PENDING_ENABLE:
        return f"waiting for AWS to enable {policy_type}"
    if status is PolicyTypeStatus.PENDING_DISABLE:
        return f"waiting for AWS to disable {policy_type}"
    others = ", ".join(others_pending(policy_type, seen.root))
    return f"waiting for AWS to finish another change{f' ({others})' if others else ''}"


def message(declared: Declared, seen: Seen) -> str:
    """One or two sentences: where it stands, and what happens next."""
    return _MESSAGES[status_of(declared.policy_type, seen)].format(
        type=declared.policy_type, root=seen.root.id, organization=declared.organization_id
    )


_MESSAGES: Final = {
    PolicyTypeStatus.ENABLED: "{type} is enabled on root {root}.",
    PolicyTypeStatus.PENDING_ENABLE: (
        "AWS is enabling {type} on root {root}. The next `pulumi up` records the result."
    ),
    PolicyTypeStatus.PENDING_DISABLE: (
        "AWS is disabling {type} on root {root}, as somebody asked. The next `pulumi up` enables it again."
    ),
    PolicyTypeStatus.DISABLED: (
        "{type} isn't enabled on root {root}. The next `pulumi up` enables it; policies that were attached "
        "must be attached again."
    ),
    PolicyTypeStatus.WAITING_FOR_ALL_FEATURES: (
        "{type} needs all features, which organization {organization} doesn't have yet. Once they are "
        "enabled, the next `pulumi up` enables the type."
    ),
}


def changes_in_progress(declared: Declared, seen: Seen) -> errors.OrgFeaturesError:
    """The error for another change that doesn't end."""
    others = ", ".join(
        f"{t} {seen.root.policy_types[t]}" for t in others_pending(declared.policy_type, seen.root)
    )
    return errors.PolicyChangesInProgressError(
        f"{declared.policy_type} is unchanged: AWS is still changing another policy type of root "
        f"{seen.root.id} ({others or 'it does not say which'}), and takes one change at a time.",
        "Run `pulumi up` again: it continues where this one stopped.",
    )


def not_offered(declared: Declared, seen: Seen, refusal: errors.OrgFeaturesError) -> errors.OrgFeaturesError:
    """The error for a type that isn't available: AWS's own message blames the feature set instead."""
    return errors.PolicyTypeNotAvailableError(
        refusal.what,
        f"Organization {seen.organization.id} has all features, so {declared.policy_type} isn't "
        "available in the organization or its partition. Nothing was changed. Remove the resource from "
        "the program.",
    )


def in_use(declared: Declared, used: Sequence[Policy]) -> errors.OrgFeaturesError:
    """The error that tells whose policies disabling a type would detach."""
    shown = "; ".join(_policy(each) for each in used[:_POLICIES])
    more = f"; and {len(used) - _POLICIES} more policies" if len(used) > _POLICIES else ""
    tower = any(each.is_guardrail for each in used)
    return errors.PolicyTypeInUseError(
        f"{declared.policy_type} is in use: disabling it would detach {shown}{more}.",
        "Nothing was changed. Detach them first"
        + (" (guardrails only in AWS Control Tower)" if tower else "")
        + '; or set on_destroy to "disable" to have AWS detach them, or to "leave" to keep the type enabled, '
        "run `pulumi up`, and destroy again.",
    )


def _policy(policy: Policy) -> str:
    what = ", a guardrail of AWS Control Tower," if policy.is_guardrail else ""
    shown = ", ".join(_target(each) for each in policy.targets[:_TARGETS])
    more = len(policy.targets) - _TARGETS
    others = f" and {more} more" if more > 0 else ""
    return f"{sanitize.line(policy.name)} ({policy.id}){what} from {shown}{others}"


def _target(target: Target) -> str:
    kind = _KINDS.get(target.kind, "target")
    return f"{kind} {target.id}" + (f" ({sanitize.line(target.name)})" if target.kind != "ROOT" else "")
