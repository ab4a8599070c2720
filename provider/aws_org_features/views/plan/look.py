"""Looking at what lies ahead, before there is anything to compare it with. Never writes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aws_org_features.common import errors
from aws_org_features.migration import messages
from aws_org_features.migration.announce import first_start, foresee
from aws_org_features.migration.approval_scope import limited
from aws_org_features.migration.assess import assess
from aws_org_features.migration.observe import LOOKS, complete, observe
from aws_org_features.model.migration import NOTHING_RECORDED, Look, Observation
from aws_org_features.model.steps import ALL_ENABLED, NO_STEPS, as_input
from aws_org_features.views.plan import Ahead, Verdict, first_steps, short
from aws_org_features.views.plan.permissions import Need, judged, missing, needs
from aws_org_features.views.plan.short import Line

if TYPE_CHECKING:
    from aws_org_features.aws import Organizations, Principal
    from aws_org_features.model.migration import Desired, Recorded
    from aws_org_features.model.steps import Steps
    from aws_org_features.views.plan import Permission


def look_ahead(api: Organizations, desired: Desired, seen: Observation) -> Ahead:
    """Look at everything that a migration will depend on.

    Args:
        api: The calls.
        desired: What the program declares.
        seen: What was seen already: the organization.

    Returns:
        Without accounts or invitations where the caller may not list them, or all features are on.
    """
    seen = complete(api, desired, NOTHING_RECORDED, seen)
    if seen.organization.has_all_features:
        return Ahead(seen)
    if seen.accounts is None:
        seen = LOOKS[Look.ACCOUNTS](api, seen)
    known = seen.accounts if seen.accounts is not None and seen.accounts.known else None
    in_flight = seen.parent is not None and not seen.parent.finished
    return Ahead(
        seen, known, None if in_flight else tuple(each for each in api.invitations() if each.pending)
    )


def first_up(api: Organizations, desired: Desired) -> tuple[tuple[Line, ...], dict[str, Any]]:
    """Say what the first `up` of a resource is going to do: in a few lines, and as the input `steps`.

    Other obstacles to looking are reported: a preview works without credentials.

    Raises:
        OrgFeaturesError: The `up` is certain to fail: the credentials lead to another organization, or to an
            account that may not do it.
    """
    try:
        desired = limited(desired, api.connection)
        seen = observe(api, desired, NOTHING_RECORDED)
        ahead = look_ahead(api, desired, seen)
    except errors.CERTAIN:
        raise
    except errors.OrgFeaturesError as error:
        # A create starts without knowing who will be asked; what needs to know is left to later runs.
        steps = first_start(desired)
        untold = f"can't preview what this will do: {error.what}"
        told = [Line(text, urgent=True) for text in messages.all_steps(steps, None, desired)]
        return (Line(untold, urgent=True), *told), as_input(steps)
    if ahead.seen.organization.has_all_features:
        return short(ahead, desired), as_input(NO_STEPS, ALL_ENABLED)
    return short(ahead, desired), as_input(first_steps(ahead, desired))


def next_up(
    api: Organizations, desired: Desired, attempt: int, given_up: str, seen: Observation | None
) -> tuple[Observation, dict[str, Any]]:
    """Look, and say what the next `up` of a resource may do at most, without knowing its record.

    Args:
        api: The calls.
        desired: What the program declares.
        attempt: What it declared before; the recorded one is rarely less.
        given_up: The migration that the run before might have canceled, as its attempt was raised.
        seen: What was seen in this run already.
    """
    desired = limited(desired, api.connection)
    # A parent that is OPEN is announced to be accepted: its approvals tell nothing more.
    looking = replace(desired, finalize=True)
    nothing = replace(NOTHING_RECORDED, attempt=attempt)
    seen = complete(api, looking, nothing, seen) if seen else observe(api, looking, nothing)
    if seen.organization.has_all_features:
        return seen, as_input(NO_STEPS, ALL_ENABLED)
    if seen.parent is not None and seen.parent.id == given_up:
        # The raised attempt may not be used up. If it stands, that run tried to finalize it, and AWS refused.
        # If it is canceled, that run may have come no further.
        attempt = min(attempt, desired.attempt - 1)
        nothing = replace(nothing, attempt=attempt)
    steps, raised = _at_most(desired, nothing, seen), desired.attempt > attempt
    if steps.start and seen.accounts is None:
        seen = LOOKS[Look.ACCOUNTS](api, seen)
        steps = _at_most(desired, nothing, seen)
    if raised and seen.parent is not None and seen.parent.state == "OPEN":
        # A raised attempt gives up the migration that AWS refuses to finalize.
        refused = complete(api, looking, nothing, replace(seen, refused=True))
        steps = replace(_at_most(desired, nothing, refused), finalize=steps.finalize)
    return seen, as_input(steps)


def _at_most(desired: Desired, nothing: Recorded, seen: Observation) -> Steps:
    recorded = replace(nothing, assessment=replace(nothing.assessment, handshake=seen.parent))
    return foresee(desired, recorded, assess(recorded, seen), seen.asked)


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller, and what they may do.

    Attributes:
        arn: As AWS has it.
        permissions: What the whole way takes.
        untold: Why some of it couldn't be found out; empty if all was.
    """

    arn: str
    permissions: tuple[Permission, ...]
    untold: str = ""


def look_at_caller(principal: Principal, ahead: Ahead) -> Caller:
    """Find out, without trying, what the caller may do.

    What it has done already it may do; IAM is asked about the rest.
    """
    arn = principal.arn()
    if ahead.seen.organization.has_all_features:
        return Caller(arn, ())
    needed = needs(ahead.seen.organization, ahead.seen.parent)
    found = {
        "organizations:DescribeOrganization": True,
        "organizations:ListAccounts": ahead.accounts is not None,
        "organizations:ListHandshakesForOrganization": True,
    }
    if arn.endswith(":root"):
        # No policy says so, and none can take it away in a management account.
        return Caller(arn, judged(needed, {action: True for need in needed for action in need.actions}))
    try:
        untold = _ask(principal, arn, needed, found)
    except errors.OrgFeaturesError as error:
        untold = error.what
    permissions = judged(needed, found)
    if not untold and missing(permissions, Verdict.UNKNOWN):
        untold = "IAM's simulation (`SimulatePrincipalPolicy`) returned no decision"
    return Caller(arn, permissions, untold)


def _ask(principal: Principal, arn: str, needed: tuple[Need, ...], found: dict[str, bool]) -> str:
    source = principal.policy_source(arn)
    if source is None:
        return "IAM simulates only users and roles, and the caller is neither"
    for need in needed:
        actions = [action for action in need.actions if action not in found]
        if actions:
            found |= principal.allowed(source, actions, need.resources)
    return ""
