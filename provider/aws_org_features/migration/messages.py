"""Messages about a migration: where it stands, what happens next, who must act by when.

No relative times, so that a sentence stays the same while nothing changes, and no layout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.common.account_rules import TO_ALLOW, ruling
from aws_org_features.common.text import (
    NAMED_FOR_CONSENT,
    NAMED_IN_PASSING,
    NAMED_TO_ACT,
    NEWER_VERSION,
    accounts,
    duration,
    moment,
    named,
    not_known,
    sentence,
)
from aws_org_features.model.migration import (
    Action,
    Approvals,
    Assessment,
    Decision,
    Desired,
    Recorded,
    Ruling,
    Status,
    Waiting,
    WaitUntil,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_org_features.model.organizations import Handshake
    from aws_org_features.model.steps import Steps

CANCELED: Final = "canceled: by a person, by a destroy, or by AWS as an assisted migration began"
NONE_IN_PROGRESS: Final = "no migration is in progress"
"""The step of a run that starts the first one; the announcement before it has said why, and whom AWS asks."""
FINALIZED: Final = "finalized; AWS is enabling all features"


def progress(approvals: Approvals) -> str:
    """Progress of the approvals, in a few words."""
    if approvals.unknown and approvals.unknown == approvals.required:
        return f"approvals of {accounts(approvals.required)} not shown"
    return f"{approvals.accepted} of {approvals.required} approved"


def short(now: Assessment) -> str:
    """Status of the migration, short enough for one side of a property difference."""
    if now.status is Status.ENABLED:
        return now.status
    if now.puzzle is not None:
        return f"{now.puzzle.id} is {now.puzzle.state}, which isn't known"
    if now.status is Status.DECLINED:
        return f"{now.status} by {named(_declining(now)) or 'an account'}"
    if now.status is Status.AWAITING_APPROVALS:
        return f"{now.status}, {progress(now.approvals)}"
    if now.status is Status.AWAITING_FINALIZATION:
        return f"{now.status}, {everyone(now.approvals)}"
    return f"{now.status} {now.handshake.id}" if now.handshake else str(now.status)


def message(desired: Desired, recorded: Recorded | None, now: Assessment) -> str:
    """One or two sentences: where it stands, what happens next, who must act by when.

    Args:
        desired: What the program declares.
        recorded: What the last run left; None for somebody who doesn't have the stack's state.
        now: Where the migration stands.
    """
    if now.puzzle is not None:
        return f"{_puzzle(now.puzzle)} {NEWER_VERSION}"
    return _MESSAGES[now.status](desired, recorded, now)


def _puzzle(parent: Handshake) -> str:
    return (
        f"AWS shows migration {parent.id} {not_known(parent.state)}. Nothing is written to it, and no other "
        "migration is started."
    )


def _enabled(_desired: Desired, _recorded: Recorded | None, _now: Assessment) -> str:
    return "All features are enabled."


def _not_started(_desired: Desired, _recorded: Recorded | None, _now: Assessment) -> str:
    return "No migration has been started; the next `pulumi up` starts one."


def _awaiting_approvals(desired: Desired, _recorded: Recorded | None, now: Assessment) -> str:
    by = _deadline(now)
    ends = desired.finalizes(now.handshake.id if now.handshake else "")
    then = "finalizes" if ends else f"stops before finalizing, as finalize {not_finalizing(desired)}"
    after = f"Once everyone has, the next `pulumi up` {then}."
    if not now.waiting_for and not now.approvals.unknown:
        shown = progress(now.approvals) if now.approvals.required else "the approvals couldn't be listed"
        return f"{sentence(shown)}; AWS hasn't confirmed yet that nothing is outstanding. {after}"
    failed = [w.account_id for w in now.waiting_for if w.reason]
    if failed:
        return f"{sentence(progress(now.approvals))}. {_failed_for(now, failed, by)}{_puzzling(now)} {after}"
    if not now.waiting_for and now.approvals.accepted:
        return (
            f"{sentence(progress(now.approvals))}; AWS doesn't show the others, whose owners must approve "
            f"by {by}. {after}"
        )
    if not now.waiting_for:
        return (
            f"AWS doesn't show which accounts have approved; {accounts(now.approvals.unknown)} joined "
            f"by invitation, and their owners must approve by {by}. {after}"
        )
    asked = [w.account_id for w in now.waiting_for if not w.puzzling]
    if not asked:
        return f"{sentence(progress(now.approvals))}.{_puzzling(now)} {after}"
    who = named(asked)
    return (
        f"{sentence(progress(now.approvals))}. "
        f"Waiting for the owners of {who} to approve by {by}.{_puzzling(now)} {after}"
    )


def _puzzling(now: Assessment) -> str:
    """Describe requests in a state that isn't known here, as a further sentence."""
    found = [w for w in now.waiting_for if w.puzzling]
    if not found:
        return ""
    shown = puzzling(found, NAMED_TO_ACT)
    return f" {shown}: nothing is written to it, and it blocks finalizing."


def puzzling(found: Sequence[Waiting], most_named: int = NAMED_IN_PASSING) -> str:
    """Describe requests in a state that isn't known here, as a clause."""
    whose = named([each.account_id for each in found], most_named)
    states = named(sorted({each.state for each in found}))
    return f"AWS shows the {'request' if len(found) == 1 else 'requests'} of {whose} {not_known(states)}"


def _failed_for(now: Assessment, failed: Sequence[str], by: str) -> str:
    others = named([w.account_id for w in now.waiting_for if not w.reason and not w.puzzling])
    besides = f" Waiting for the owners of {others} as well." if others else ""
    if all(w.handshake_id in now.unclear for w in now.waiting_for if w.reason):
        whose = named(failed, NAMED_TO_ACT)
        what = f"The requests of {whose} contradict themselves, so nothing is written to them"
    else:
        what = f"The approver failed for {named(failed, NAMED_TO_ACT)}"
    return f"{what}: see `waiting_for` for the reason and what to do by {by}.{besides}"


def _awaiting_finalization(desired: Desired, _recorded: Recorded | None, now: Assessment) -> str:
    by = _deadline(now)
    if now.handshake is not None and now.handshake.state == "ACCEPTED":
        return f"The migration is {FINALIZED}."
    done = sentence(everyone(now.approvals))
    if desired.finalizes(now.handshake.id if now.handshake else ""):
        return f"{done}. The next `pulumi up` finalizes; it must run by {by}."
    return (
        f"{done}, but finalize {not_finalizing(desired)}. "
        f"Set it to {_to_finalize(desired, now)} by {by}, or everyone must be asked again."
    )


def not_finalizing(desired: Desired) -> str:
    """The reason why a migration isn't finalized; follows `finalize`."""
    return f"names another migration, {desired.finalize}" if desired.finalize else "is False"


def _to_finalize(desired: Desired, now: Assessment) -> str:
    return now.handshake.id if desired.finalize and now.handshake else "True"


def everyone(counts: Approvals | None) -> str:
    """Say that nobody is left to answer, as a clause."""
    # AWS's own pages disagree, and "responded" is true by all of them; "approved" takes having seen it.
    approved = counts is not None and 0 < counts.required == counts.accepted
    return f"everyone has {'approved' if approved else 'responded'}"


def _declining(now: Assessment) -> list[str]:
    return [w.account_id for w in now.waiting_for if w.declined]


def _declined(desired: Desired, recorded: Recorded | None, now: Assessment) -> str:
    raised = _raised(max(desired.attempt, recorded.attempt) if recorded else None)
    who = named(_declining(now))
    over = now.handshake is None or not now.handshake.pending or not now.listed
    if over:
        return (
            f"{who or 'An account'} declined, and the migration is over. "
            f"Raise `attempt`{raised} to ask every invited account again."
        )
    return (
        f"{who or 'An account that AWS does not name'} declined, so the migration can't be finalized. "
        f"Remove the account from the organization, or raise `attempt`{raised} to cancel this "
        f"migration and ask every invited account again{_cost(now)}."
    )


def _raised(attempt: int | None) -> str:
    return f" to {attempt + 1}" if attempt is not None else ""


def _expired(_desired: Desired, _recorded: Recorded | None, now: Assessment) -> str:
    return (
        f"{_name(now)} expired on {_deadline(now)} before it was finalized. "
        "The next `pulumi up` asks every invited account again."
    )


def _canceled(desired: Desired, recorded: Recorded | None, now: Assessment) -> str:
    if recorded is not None and desired.attempt > recorded.attempt:
        until = f"`attempt` was raised to {desired.attempt}, so the next `pulumi up` starts another."
    else:
        raised = _raised(recorded.attempt if recorded else None)
        until = f"Nothing starts again until `attempt` is raised{raised}."
    if not now.listed:
        return f"AWS no longer lists {_name(now)}, and how it ended isn't known. {until}"
    return f"{_name(now)} was {CANCELED}. {until}"


def _name(now: Assessment) -> str:
    return now.handshake.id if now.handshake else "the migration"


def _deadline(now: Assessment) -> str:
    return moment(now.handshake.expires_at if now.handshake else None)


_MESSAGES = {
    Status.ENABLED: _enabled,
    Status.NOT_STARTED: _not_started,
    Status.AWAITING_APPROVALS: _awaiting_approvals,
    Status.AWAITING_FINALIZATION: _awaiting_finalization,
    Status.DECLINED: _declined,
    Status.EXPIRED: _expired,
    Status.CANCELED: _canceled,
}


def step(decision: Decision, now: Assessment, most_named: int = NAMED_IN_PASSING) -> str:
    """One line that says what is being done, or would be, and why."""
    target = now.handshake.id if now.handshake else ""
    match decision.action:
        case Action.START:
            return starting(decision.reason)
        case Action.APPROVE:
            count, who = len(decision.accounts), named(decision.accounts, most_named)
            what = f"approving on behalf of {accounts(count)} ({who})"
        case Action.ACCEPT:
            what = f"finalizing {target}, which can't be undone"
        case Action.CANCEL:
            what = f"canceling {target}{_cost(now)}"
        case Action.NONE:
            what = short(now)
    return f"{what}: {decision.reason}"


def starting(reason: str = NONE_IN_PROGRESS) -> str:
    """A line that says that a migration is started, and why, unless it is the usual reason."""
    why = "" if reason == NONE_IN_PROGRESS else f" ({reason})"
    return f"starting a migration{why}: AWS asks every invited account to approve"


def to_do(decision: Decision, now: Assessment) -> str:
    """The same, for a reviewer: with every account whose consent is about to be given, up to a bound."""
    if decision.action is Action.ACCEPT and now.handshake is not None:
        return f"{_irreversible(now.handshake.id)}: {decision.reason}. {_TO_HOLD_BACK}"
    return f"to do: {step(decision, now, NAMED_FOR_CONSENT)}"


def _irreversible(target: str) -> str:
    return f"IRREVERSIBLE: `pulumi up` enables all features by finalizing {target}"


_TO_HOLD_BACK: Final = "To stop before that, set `finalize` to false"


def all_steps(steps: Steps, now: Assessment | None, desired: Desired) -> list[str]:
    """Describe the steps of a run that acts by the record, a line each.

    Args:
        steps: All that the run may do.
        now: Where the migration stood; None before a create.
        desired: What the program declares.
    """
    lines = []
    if steps.cancel:
        lines.append(f"to do: canceling {steps.cancel}{_cost(now) if now else ''}")
    if steps.start and steps.cancel:
        lines.append(f"to do: {_starting_another(steps)}")
    elif steps.start:
        lines.append(f"to do: starting a migration, which {steps.start}, unless one is already in progress")
    if steps.approve:
        lines.append(f"to do: {consent(steps.approve)}")
    if steps.finalize and (steps.start or steps.approve or desired.wait_until is not WaitUntil.REQUESTED):
        lines.append(f"to do: {then_finalizing(desired, steps)}")
    elif steps.finalize:
        lines.append(f"{_irreversible(steps.finalize)}. {_TO_HOLD_BACK}")
    return lines


def then(steps: Steps, desired: Desired, first: Action) -> list[str]:
    """Describe the further steps of a run, a line each; all of them cost approvals or are irreversible.

    Args:
        steps: All that the run may do.
        desired: What the program declares.
        first: Its first step, which is reported already.
    """
    lines = []
    if steps.start and first is not Action.START:
        lines.append(f"then {_starting_another(steps)}")
    if steps.approve and first is not Action.APPROVE:
        lines.append(f"then {consent(steps.approve)}")
    if steps.finalize and first is not Action.ACCEPT:
        lines.append(then_finalizing(desired, steps))
    return lines


def _starting_another(steps: Steps) -> str:
    """Describe what follows a canceled migration: answers to that one no longer count."""
    return f"starting another migration, which {steps.start} again, including those that have answered"


def then_finalizing(desired: Desired, steps: Steps) -> str:
    """Say that a run which begins with approvals may end with finalizing."""
    what = f"finalizes {steps.finalize}, which can't be undone"
    if desired.wait_until is not WaitUntil.REQUESTED:
        return (
            f"this `pulumi up` waits for up to {duration(desired.timeout)}; once all have approved it {what}"
        )
    return f"once all have approved, this same `pulumi up` {what}"


def not_announced(held: Decision, now: Assessment, *, refreshed: bool) -> str:
    """A step that a run leaves undone because it wasn't announced before."""
    later = "the next `pulumi refresh` records it, and the preview after it shows it" if refreshed else ""
    later = later or "the next preview shows it, and the next `pulumi up` does it"
    what = step(held, now, NAMED_FOR_CONSENT)
    return f"not done, because it wasn't announced before this run: {what}; {later}"


def consent(account_ids: Sequence[str]) -> str:
    """The accounts that an approver will approve for, before the migration has begun."""
    if not account_ids:
        return "the approver has no account to approve for: none in its scope joined by invitation"
    who = f"{accounts(len(account_ids))} ({_named_for_consent(account_ids)})"
    return f"the approver will approve on behalf of {who}, which can't be taken back"


def _named_for_consent(account_ids: Sequence[str]) -> str:
    shown = named(account_ids, NAMED_FOR_CONSENT)
    return f"{shown}, all in `steps`" if len(account_ids) > NAMED_FOR_CONSENT else shown


def kept_from(rulings: Mapping[str, Ruling]) -> list[str]:
    """List the accounts in which an approver must not act: a line for each list that says so."""
    lines = []
    for found in Ruling:
        account_ids = sorted(each for each in rulings if rulings[each] is found)
        if account_ids:
            who = f"{accounts(len(account_ids))} ({named(account_ids, NAMED_FOR_CONSENT)})"
            lines.append(f"the approver can't act in {who}, which {ruling(found)}. {TO_ALLOW}")
    return lines


def interrupted(now: Assessment) -> str:
    """Say what a run that ends early leaves to the next one."""
    return f"the run is ending, so this stops waiting: {short(now)}; the next `pulumi up` continues"


def waiting(desired: Desired, now: Assessment) -> str:
    """Say what a run is waiting for."""
    return f"waiting until {desired.wait_until}, for up to {duration(desired.timeout)}: {short(now)}"


def gave_up(desired: Desired, now: Assessment) -> str:
    """Say what a run that timed out leaves to the next one."""
    return (
        f"not {desired.wait_until} within {duration(desired.timeout)}: {short(now)}; "
        "the next `pulumi up` waits again"
    )


def _cost(now: Assessment) -> str:
    given = now.approvals.accepted
    if not given:
        return ""
    return f", losing {'1 approval' if given == 1 else f'{given} approvals'} already given"
