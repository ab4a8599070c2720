"""Outstanding approvals, and the share of them that an approver must give. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aws_org_features.approver.member_session import DECLINED
from aws_org_features.common import account_rules, errors
from aws_org_features.migration.approval_requests import requests
from aws_org_features.migration.assess import by_urgency
from aws_org_features.model.migration import IN_FLIGHT, TO_ANSWER, Status, Waiting

if TYPE_CHECKING:
    from aws_org_features.aws import Connection
    from aws_org_features.migration.approval_requests import ApprovalRequest
    from aws_org_features.model.migration import Approver, Assessment, Desired, Observation, Ruling


def limited(desired: Desired, connection: Connection) -> Desired:
    """The declaration, with an approver that keeps out of accounts that the configuration rules out."""
    if desired.approver is None:
        return desired
    approver = desired.approver.limited_to(connection.allowed_accounts, connection.forbidden_accounts)
    return replace(desired, approver=approver)


def with_rulings(now: Assessment, approver: Approver | None) -> Assessment:
    """The same, with why the configuration keeps an approver from accounts that it would approve for.

    Args:
        now: Where the migration stands.
        approver: The approver, limited to what the configuration allows.
    """
    if approver is None or now.status not in TO_ANSWER:
        return now
    known = {waiting.account_id for waiting in now.waiting_for}
    unshown = (Waiting(account_id, "", "", "") for account_id in now.unshown - known)
    ruled = [_ruled(waiting, approver) for waiting in now.waiting_for]
    ruled += [waiting for waiting in (_ruled(each, approver) for each in unshown) if waiting.reason]
    return replace(now, waiting_for=tuple(sorted(ruled, key=by_urgency)))


def kept_from(now: Assessment, approver: Approver | None) -> dict[str, Ruling]:
    """Outstanding accounts that the configuration keeps an approver from, and by which list."""
    found = {
        waiting.account_id: approver.ruling(waiting.account_id)
        for waiting in now.waiting_for
        if approver is not None and waiting.account_id and not waiting.declined
    }
    return {account_id: rule for account_id, rule in found.items() if rule is not None}


def _ruled(waiting: Waiting, approver: Approver) -> Waiting:
    found = approver.ruling(waiting.account_id) if waiting.account_id else None
    if found is None or waiting.reason or waiting.declined:
        return waiting
    reason = f"{errors.AccountNotAllowedError.reference}: {account_rules.ruled_out(found)}"
    return replace(waiting, reason=reason, next_step=account_rules.TO_ALLOW)


@dataclass(frozen=True, slots=True)
class Scope:
    """Outstanding approvals, by what AWS shows and accounts have shown; each in the order of the accounts.

    Attributes:
        to_give: The approver's to give. Where AWS shows no approvals: accounts that must approve and aren't
            known to have done so, without handshake and state.
        elsewhere: Not the approver's to give: left out by it; or, with a reason, ruled out by the
            configuration, or a request that contradicts itself; or in a state that isn't known here.
        declined: Who said no, inside and outside the approver's scope.
        nameless: How many outstanding approvals AWS attributes to no account.
        not_asked: Accounts that the approver is limited to, and that aren't asked to approve.
    """

    to_give: tuple[ApprovalRequest, ...] = ()
    elsewhere: tuple[ApprovalRequest, ...] = ()
    declined: tuple[ApprovalRequest, ...] = ()
    nameless: int = 0
    not_asked: tuple[str, ...] = ()


def in_flight(now: Assessment) -> bool:
    """Return whether there is a migration that may still come to its end."""
    if now.status is Status.DECLINED:
        return now.handshake is None or now.handshake.pending
    return now.status in IN_FLIGHT


def scope(declared: Desired, left: Desired, seen: Observation, now: Assessment) -> Scope:
    """Divide what is outstanding.

    Args:
        declared: With the approver as it was declared.
        left: With what is still its to give.
        seen: What AWS shows, and accounts have shown.
        now: What that means.
    """
    if now.status not in TO_ANSWER or not in_flight(now):
        return Scope()
    # Where AWS shows no approvals, every account that is asked may still have to.
    may_have_to = replace(now, unshown=now.unshown | by_name(declared, seen))
    found = [each for each in requests(seen, may_have_to) if each.holds_up or each.outstanding]
    declined = {each.account_id: each for each in found if _has_declined(each)}
    stands = [each for each in found if not _has_declined(each)]
    outstanding = [each for each in stands if each.outstanding]
    # Of an account with several, what may be given counts.
    by_account = {each.account_id: each for each in (*stands, *reversed(outstanding))}
    named = [by_account[account_id] for account_id in sorted(by_account.keys() - declined.keys() - {""})]
    return Scope(
        to_give=tuple(each for each in named if each.outstanding and _covers(left, each.account_id)),
        elsewhere=tuple(
            each for each in named if not (each.outstanding and _covers(declared, each.account_id))
        ),
        declined=tuple(declined[account_id] for account_id in sorted(declined)),
        nameless=sum(1 for each in stands if not each.account_id),
        not_asked=tuple(sorted(_limits(declared) - asked(declared, seen))),
    )


def asked(declared: Desired, seen: Observation) -> frozenset[str]:
    """The accounts that are asked to approve, answered or not; or would be, before a migration has begun."""
    if seen.shows_approvals:
        return frozenset(child.account_id for child in seen.children or () if child.account_id)
    return (seen.accounts.invited if seen.accounts else frozenset()) | by_name(declared, seen)


def by_name(declared: Desired, seen: Observation) -> frozenset[str]:
    """Members that the approver is limited to, where AWS shows no approvals.

    Created accounts that have lost their service-linked role are asked too, and then nothing else tells them.
    """
    if seen.shows_approvals or seen.accounts is None:
        return frozenset()
    return _limits(declared) & seen.accounts.members - {seen.organization.management_account_id}


def _limits(declared: Desired) -> frozenset[str]:
    only = declared.approver.only if declared.approver else frozenset()
    return frozenset(account_id for account_id in only if _covers(declared, account_id))


def _covers(desired: Desired, account_id: str) -> bool:
    return desired.approver is not None and desired.approver.covers(account_id)


def _has_declined(waiting: Waiting) -> bool:
    # Where AWS shows no approvals, it was the approver who found it so.
    return waiting.declined or waiting.reason == DECLINED
