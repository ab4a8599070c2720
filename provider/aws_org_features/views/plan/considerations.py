"""Considerations before a one-way change: other ways, and others' claims on the organization. Pure.

Only what applies to the organization that was seen. Each rests on a page of AWS's, which is its source;
docs/before-you-start.md has the conditions in full.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aws_org_features.common.sanitize import line
from aws_org_features.common.text import moment, named
from aws_org_features.model.migration import Status
from aws_org_features.model.organizations import MOST_ACCOUNTS
from aws_org_features.views.plan.values import Consideration, Topic

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from aws_org_features.model.organizations import AccountDetails, Accounts
    from aws_org_features.views.status import Outlook

WAITING_PERIOD: Final = timedelta(days=4)
"""Age at which an account that was created in an organization may move to another one."""
QUOTA: Final = 10
"""Number of accounts that an organization may have unless AWS has raised it: User Guide, "Quotas"."""
CONTROL_TOWERS_OWN: Final = 2
"""The accounts that Control Tower creates: log archive and audit."""

_AWS: Final = "https://docs.aws.amazon.com"
_MIGRATE: Final = f"{_AWS}/organizations/latest/userguide/orgs_account_migration.html"
SOURCES: Final = {
    Topic.NEW_ORGANIZATION: _MIGRATE,
    Topic.MOVE_OUT: _MIGRATE,
    Topic.ASSISTED_MIGRATION: f"{_AWS}/organizations/latest/userguide/"
    "manage-begin-all-features-assisted-migration.html",
    Topic.BILLING_TRANSFER: f"{_AWS}/awsaccountbilling/latest/aboutv2/"
    "orgs_transfer_billing-best-practices.html",
    Topic.CONTROL_TOWER: f"{_AWS}/controltower/latest/userguide/about-extending-governance.html",
    Topic.LANDING_ZONE_ACCELERATOR: "https://github.com/awslabs/landing-zone-accelerator-on-aws/blob/main/"
    "source/mkdocs/docs/faq/ct-cfct.md",
}
_DOMAINS: Final = 3
"""Domains that are named before the others are counted."""


def considerations(
    stands: Outlook, known: Accounts | None, asked: Collection[AccountDetails] | None
) -> tuple[Consideration, ...] | None:
    """Say what to weigh.

    Args:
        stands: Where it stands, and when that was looked at.
        known: The organization's accounts; None if they may not be listed.
        asked: Who must approve, or would have to; None if unknown.

    Returns:
        None where the accounts aren't known, on which all of it depends.
    """
    if stands.status is Status.ENABLED or stands.switching:
        return ()
    if known is None:
        return None
    return tuple(_all(stands, known, asked or ()))


def _all(stands: Outlook, known: Accounts, asked: Collection[AccountDetails]) -> Iterator[Consideration]:
    management = stands.organization.management_account_id
    if known.members - {management}:
        yield _new_organization(stands, known)
    if any(account.active for account in asked):
        yield _move_out(stands)
    if asked or len(known.members) > MOST_ACCOUNTS:
        yield _assisted(stands)
    yield from _billing_transfer(known, management)
    if len(known.members) + CONTROL_TOWERS_OWN > QUOTA:
        yield _control_tower(len(known.members))
    if asked:
        yield _of(
            Topic.LANDING_ZONE_ACCELERATOR,
            "Landing Zone Accelerator calls EnableAllFeatures by itself, and doesn't wait for owners. "
            "Install it once this is done.",
        )


def _of(topic: Topic, text: str, account_ids: Collection[str] = ()) -> Consideration:
    return Consideration(topic, text, tuple(account_ids), SOURCES[topic])


# Other ways


def _new_organization(stands: Outlook, known: Accounts) -> Consideration:
    closed = sorted(known.inactive.keys() & known.members)
    young = [each for each in known.details.values() if each.active and _age(each, stands) < WAITING_PERIOD]
    return _of(
        Topic.NEW_ORGANIZATION,
        "A new organization has all features from the start. Once it is 7 days old, accounts move into it "
        f"directly, each by accepting its invitation in the account itself.{_closed(closed)}{_young(young)} "
        "The management account moves last, once this organization is deleted. No policy restricts it while "
        "it manages one: consider this if workloads run in it.",
        (*closed, *sorted(each.id for each in young)),
    )


def _age(account: AccountDetails, stands: Outlook) -> timedelta:
    """Time since it was created in the organization; for ever, if it wasn't or AWS doesn't say."""
    if account.joined != "CREATED" or account.joined_at is None:
        return timedelta.max
    return stands.looked_at - account.joined_at


def _closed(account_ids: Sequence[str]) -> str:
    if not account_ids:
        return ""
    them = "it" if len(account_ids) == 1 else "them"
    return f" {named(account_ids)} can't until AWS Support reinstates {them}: suspended or closed."


def _young(found: Collection[AccountDetails]) -> str:
    if not found:
        return ""
    until = max(each.joined_at for each in found if each.joined_at) + WAITING_PERIOD
    who = named(sorted(each.id for each in found))
    return f" {who} can't before {moment(until)}: created less than 4 days ago."


def _move_out(stands: Outlook) -> Consideration:
    refused = sorted({each.account_id for each in stands.holders if each.declined and each.account_id})
    whose = "The owner of" if len(refused) == 1 else "The owners of"
    may = f"{whose} {named(refused)}, which declined," if refused else "An owner who won't approve"
    return _of(
        Topic.MOVE_OUT,
        f"{may} may accept another organization's invitation instead. The account moves there "
        "directly, and this migration doesn't wait for it.",
        refused,
    )


def _assisted(stands: Outlook) -> Consideration:
    in_flight = stands.handshake is not None and stands.handshake.pending
    it = "It cancels the migration in progress, can't" if in_flight else "It can't"
    return _of(
        Topic.ASSISTED_MIGRATION,
        "With Enterprise Support, AWS migrates on your behalf. You sign that you own all accounts. They have "
        f"14 days to leave, but needn't approve. {it} be rolled back, and blocks this way for 90 days.",
    )


# What others want of it


def _billing_transfer(known: Accounts, management: str) -> Iterator[Consideration]:
    own = _domain(known.details[management].email) if management in known.details else ""
    invited = (known.details[each] for each in sorted(known.invited & known.details.keys()))
    foreign = {
        account.id: domain
        for account in invited
        if own and (domain := _domain(account.email)) and not _within(domain, own)
    }
    if not foreign:
        return
    have = "account has an address" if len(foreign) == 1 else "accounts have addresses"
    domains = named(sorted(set(foreign.values())), _DOMAINS)
    yield _of(
        Topic.BILLING_TRANSFER,
        f"{len(foreign):,} invited {have} of another domain than the management account's ({domains}). If "
        "customers own them, AWS's channel program requires an organization for each. With billing "
        "transfer you keep their bills; it needs all features in their organizations and in yours.",
        foreign,
    )


def _domain(address: str) -> str:
    return line(address.rpartition("@")[2].lower())


def _within(domain: str, own: str) -> bool:
    """Return whether one of the two domains is the other, or a part of it."""
    return f".{domain}".endswith(f".{own}") or f".{own}".endswith(f".{domain}")


def _control_tower(members: int) -> Consideration:
    return _of(
        Topic.CONTROL_TOWER,
        f"It would create {CONTROL_TOWERS_OWN} accounts: with these, the quota must be "
        f"{members + CONTROL_TOWERS_OWN:,} or more, and is {QUOTA} unless AWS has raised it.",
    )
