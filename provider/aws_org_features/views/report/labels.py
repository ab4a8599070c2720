"""Words for what became of an approval, who says so, and since when: the same wherever a report is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.common.text import moment
from aws_org_features.views.report.values import Source, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.views.report.values import Entry, Event, Move

LABELS: Final[Mapping[Standing, str]] = {
    Standing.DECLINED: "Declined",
    Standing.PENDING: "Not answered",
    Standing.UNKNOWN: "Not shown",
    Standing.EXPIRED: "Expired",
    Standing.CANCELED: "Canceled",
    Standing.NOT_ASKED: "To be asked",
    Standing.UNLISTED: "No request listed",
    Standing.APPROVED: "Approved",
    Standing.EXEMPT: "Needn't approve",
}
"""The state of an approval, in a word or two."""

EXPLANATIONS: Final[Mapping[Standing, str]] = {
    Standing.DECLINED: """The account has refused, which it can't take back. The change can't be made until
        the management account removes it from the organization, or cancels and asks every account again.""",
    Standing.PENDING: """The account hasn't answered yet. AWS calls such a request OPEN, or REQUESTED, until
        its owner does.""",
    Standing.UNKNOWN: """The account must approve, as it joined by invitation. AWS doesn't show the management
        account whether it has.""",
    Standing.EXPIRED: "The request ran out before the account answered.",
    Standing.CANCELED: "The request was withdrawn before the account answered, by a person or by AWS.",
    Standing.NOT_ASKED: "The account joined by invitation, so it is asked once the migration begins.",
    Standing.UNLISTED: """The account joined by invitation, and AWS lists no request of it. Either it answered
        more than 30 days ago, after which AWS no longer lists what is finished; or it joined when the others
        had been asked.""",
    Standing.APPROVED: "The account has approved, which it can't take back. AWS calls that ACCEPTED.",
    Standing.EXEMPT: """The management account, which asks; or an account that was created in the
        organization. One of those is asked only if it has lost its role AWSServiceRoleForOrganizations, which
        can't be seen from here.""",
}
"""The meaning of each."""

_TOLD_BY: Final[Mapping[Source, str]] = {
    Source.AWS: "",
    Source.HISTORY: "AWS no longer lists it, an earlier report saw it",
    Source.EVIDENCE: "AWS doesn't show it, CloudTrail recorded it",
}
_VERBS: Final = {"ACCEPTED": "approved", "DECLINED": "declined"}


def explained(standing: Standing) -> str:
    """Explain a standing in one line."""
    return " ".join(EXPLANATIONS[standing].split())


def answered(entry: Entry) -> str:
    """The time at which an account's answer was first seen; empty where that isn't known."""
    seen = entry.sighting
    if seen is None:
        return ""
    before = f"not yet {moment(seen.after)}" if seen.after else "in the first report"
    return f"first seen {_VERBS[seen.state]} {moment(seen.at)}, {before}"


def told_by(entry: Entry) -> str:
    """The source of an account's standing; empty where that is AWS's own list."""
    return _TOLD_BY[entry.source]


_WENT: Final = {
    "LEFT": "left by itself",
    "REMOVED": "removed by the management account",
    "CLEANED": "closed for good",
}
_CAME: Final = {"INVITED": "joined by invitation", "CREATED": "created in the organization"}


def moved(move: Move) -> str:
    """An account's way in or out, and the time: `left by itself 2026-11-03 09:00 UTC`."""
    known, else_ = (_CAME, "joined") if move.joined else (_WENT, "left")
    return f"{known.get(move.method, else_)} {moment(move.at)}"


def called(event: Event) -> str:
    """CloudTrail's record, without who did it: `AcceptHandshake 2026-11-03 09:00 UTC`."""
    refused = f", refused: {event.error}" if event.error else ""
    return f"{event.name} {moment(event.at)}{refused}"
