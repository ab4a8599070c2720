"""The three things that a reader wants to know: where it stands, who must act, what happens if nobody does.

Ids and numbers only; how accounts are called is the renderers' affair. What it says of consequences is AWS's
User Guide's: "Enabling all features for an organization" and "Standard migration process".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aws_org_features.common.text import moment, named
from aws_org_features.model.migration import Status
from aws_org_features.views.report.labels import moved
from aws_org_features.views.report.values import Entry, Move, Report, Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_NAMED: Final = 4
"""Number of accounts that are named before the others are counted."""


@dataclass(frozen=True, slots=True)
class Story:
    """The answers to a reader's questions.

    Attributes:
        headline: Where it stands, in a few words.
        stand: The same, in sentences.
        who: Who must act, in a few words.
        act: What they have to do.
        nothing: What happens if nobody does anything.
        concerned: Accounts to be named: who must answer, or has refused.
        concerned_as: What is said before their names; empty where they are those who must act.
    """

    headline: str
    stand: str
    who: str
    act: str
    nothing: str
    concerned: tuple[Entry, ...] = ()
    concerned_as: str = ""

    @property
    def named(self) -> tuple[Entry, ...]:
        """Those of the concerned that are shown by name."""
        return self.concerned[:_NAMED]

    @property
    def more(self) -> int:
        """The number of further ones."""
        return len(self.concerned) - len(self.named)


def story(report: Report) -> Story:
    """Tell it."""
    return _STORIES[report.status](report)


def number(count: int) -> str:
    """A number, with commas."""
    return f"{count:,}"


def accounts(count: int) -> str:
    """A number of accounts."""
    return "1 account" if count == 1 else f"{count:,} accounts"


# Sentences that several statuses share


def _progress(report: Report) -> str:
    if not report.asked:
        return "AWS lists no approvals"
    if report.asked == report.count(Standing.UNKNOWN):
        return f"AWS doesn't show which of {accounts(report.asked)} have approved"
    approved = report.count(Standing.APPROVED)
    have = "has" if 1 in {approved, report.asked} else "have"
    return f"{number(approved)} of {accounts(report.asked)} {have} approved"


def _counted(report: Report) -> str:
    """Count those that haven't approved."""
    parts = [
        _count(report, Standing.PENDING, "hasn't answered yet", "haven't answered yet"),
        _count(report, Standing.DECLINED, "declined", "declined"),
        _count(report, Standing.UNKNOWN, "isn't shown", "aren't shown"),
        _count(report, Standing.EXPIRED, "let it expire", "let it expire"),
        _count(report, Standing.CANCELED, "was canceled", "were canceled"),
    ]
    told = [part for part in parts if part]
    hidden = report.asked == report.count(Standing.UNKNOWN)
    return f" {', '.join(told)}." if told and not hidden else ""


def _count(report: Report, standing: Standing, one: str, many: str) -> str:
    count = report.count(standing)
    return f"{number(count)} {one if count == 1 else many}" if count else ""


def _asides(report: Report) -> str:
    """Further notes about the accounts."""
    told = []
    if unlisted := report.count(Standing.UNLISTED):
        told.append(
            f"Of {accounts(unlisted)} more that joined by invitation AWS lists no request (any longer)."
        )
    if nameless := sum(1 for entry in report.entries if entry.account_id is None):
        told.append(f"AWS doesn't show the account of {number(nameless)} of the requests.")
    if not report.accounts_listed:
        told.append("ListAccounts was denied, so accounts without a request are missing here.")
    return "".join(f" {text}" for text in (*told, *_membership(report)))


def _membership(report: Report) -> Iterator[str]:
    """Explain why others are asked than at first: accounts that have left or joined, by CloudTrail."""
    since = " since it was begun" if report.handshake else ""
    gone = [move for move in report.moves if not move.joined]
    come = [move for move in report.moves if move.joined]
    if gone:
        have = "has" if len(gone) == 1 else "have"
        yield (
            f"By CloudTrail, {accounts(len(gone))} {have} left the organization{since}, and needn't approve: "
            f"{_moves(gone)}."
        )
    if come:
        have = "has" if len(come) == 1 else "have"
        who = accounts(len(come))
        yield f"By CloudTrail, {who} {have} joined the organization{since}: {_moves(come)}."


def _moves(found: Sequence[Move]) -> str:
    return named([f"{move.account_id} ({moved(move)})" for move in found], _NAMED)


def _inactive(report: Report) -> str:
    count = sum(1 for entry in report.outstanding if not entry.active)
    if not count:
        return ""
    them, are = ("it", "is") if count == 1 else ("them", "are")
    more = "" if count == len(report.outstanding) else " more"
    return (
        f" {number(count)}{more} {are} suspended or closed, so that nobody can approve in {them}: "
        f"AWS doesn't say whether it waits for {them}."
    )


def _standing(report: Report, standing: Standing) -> tuple[Entry, ...]:
    return tuple(entry for entry in report.entries if entry.standing is standing)


def _by(report: Report) -> str:
    return f" by {moment(report.expires_at)}" if report.expires_at else ""


def _expiry(report: Report) -> str:
    when = f"On {moment(report.expires_at)}" if report.expires_at else "In the end, AWS doesn't say when,"
    return (
        f"{when} the request expires. Then approvals already given are lost, and everyone must be asked "
        "again. Until then nothing changes for any account."
    )


def _management(report: Report) -> str:
    return f"The management account {report.organization.management_account_id}"


_UNCHANGED: Final = "Nothing changes for any account: the organization still shares one bill."


# One function a status


def _not_started(report: Report) -> Story:
    invited = report.count(Standing.NOT_ASKED)
    asked = f" {accounts(invited)} that joined by invitation will have to." if invited else ""
    return Story(
        headline="Nobody has been asked yet",
        stand=f"The organization shares one bill and nothing else. No account has been asked to approve all "
        f"features.{asked}{_asides(report)}",
        who=_management(report),
        act="It starts the migration: the next `pulumi up` asks every account that joined by invitation.",
        nothing=f"{_UNCHANGED} There is no deadline.",
    )


def _awaiting_approvals(report: Report) -> Story:
    waiting = report.outstanding
    if not waiting:
        return Story(
            headline=_progress(report) if report.asked else "Waiting for approvals",
            stand=f"In progress; AWS hasn't confirmed yet that nothing is outstanding.{_asides(report)}",
            who="Nobody that AWS shows",
            act="Check again later: once AWS confirms it, the management account finalizes.",
            nothing=_expiry(report),
        )
    able = sum(1 for entry in waiting if entry.active)
    owners = "The owner of 1 account" if able == 1 else f"The owners of {accounts(able)}"
    must = "Each must approve from their own account, with the command below."
    answered = " Those who have approved don't need to do anything." if report.count(Standing.UNKNOWN) else ""
    by = f", all of it{_by(report)}" if report.expires_at else ""
    return Story(
        headline=_progress(report),
        stand=f"Every account that joined by invitation must approve all features."
        f"{_counted(report)}{_asides(report)}",
        who=owners if able else "Nobody who is able to",
        act=f"{must if able else ''}{answered}{_inactive(report)} Then the management account finalizes, "
        f"which can't be undone{by}.".lstrip(),
        nothing=_expiry(report),
        concerned=waiting,
    )


def _declined(report: Report) -> Story:
    refused = _standing(report, Standing.DECLINED)
    who = accounts(len(refused)) if refused else "An account that AWS doesn't show"
    them = "the account that declined" if len(refused) < 2 else "the accounts that declined"  # noqa: PLR2004
    over = report.handshake is not None and not report.handshake.pending
    choice = (
        "ask every account again"
        if over
        else (
            f"remove {them} from the organization, which keeps the others' approvals, or cancel the request "
            "and ask every account again, which costs them all"
        )
    )
    return Story(
        headline=f"{who} declined: this is blocked",
        stand=f"{_progress(report)}.{_counted(report)} A decline can't be taken back.{_asides(report)}",
        who=_management(report),
        act=f"Talk to {'its owner' if len(refused) == 1 else 'the owners'} first. Then management decides: "
        f"{choice}.",
        nothing=_UNCHANGED if over else f"It can't be finalized. {_expiry(report)}",
        concerned=refused,
        concerned_as="Declined by",
    )


def _awaiting_finalization(report: Report) -> Story:
    everyone = report.asked and report.count(Standing.APPROVED) == report.asked
    if report.handshake is not None and report.handshake.state == "ACCEPTED":
        return Story(
            headline="AWS is enabling all features",
            stand=f"The request is finalized. {_progress(report)}.{_asides(report)}",
            who="Nobody",
            act="AWS does the rest.",
            nothing="The organization gets all features.",
        )
    return Story(
        headline=f"Everyone has {'approved' if everyone else 'responded'}: ready to finalize",
        stand=f"{_progress(report) if report.asked else 'No account is left to be asked'}. "
        f"The last step is up to the management account.{_asides(report)}",
        who=_management(report),
        act=f"It finalizes{_by(report)}, which can't be undone: the next `pulumi up` does, unless its "
        "program says `finalize=False`.",
        nothing=_expiry(report),
    )


def _expired(report: Report) -> Story:
    ended = report.handshake.expires_at if report.handshake else None
    return Story(
        headline="The request has expired",
        stand=f"It expired on {moment(ended)}, before it was finalized. {_progress(report)}."
        f"{_counted(report)}{_asides(report)}",
        who=_management(report),
        act="It starts again: the next `pulumi up` asks every account that joined by invitation. Earlier "
        "approvals no longer count.",
        nothing=f"{_UNCHANGED} There is no deadline.",
    )


def _canceled(report: Report) -> Story:
    return Story(
        headline="The request was canceled",
        stand=f"A person canceled it, or AWS as an assisted migration began. {_progress(report)}."
        f"{_counted(report)}{_asides(report)}",
        who=_management(report),
        act="It decides whether to start again: a `pulumi up` with a raised `attempt` asks every account "
        "that joined by invitation.",
        nothing=f"{_UNCHANGED} There is no deadline.",
    )


def _enabled(report: Report) -> Story:
    approved = f" {_progress(report)}." if report.asked else ""
    denied = (
        "" if report.handshakes_listed else " Listing handshakes was denied, so the report has no approvals."
    )
    return Story(
        headline="All features are enabled",
        stand=f"The organization has all features, which is irreversible.{approved}{denied}{_asides(report)}",
        who="Nobody",
        act="Nothing is outstanding. Before policies can be attached, the management account enables their "
        "types on the root.",
        nothing="Nothing changes. There is no deadline.",
    )


_STORIES: Final[Mapping[Status, Callable[[Report], Story]]] = {
    Status.NOT_STARTED: _not_started,
    Status.AWAITING_APPROVALS: _awaiting_approvals,
    Status.DECLINED: _declined,
    Status.AWAITING_FINALIZATION: _awaiting_finalization,
    Status.EXPIRED: _expired,
    Status.CANCELED: _canceled,
    Status.ENABLED: _enabled,
}
