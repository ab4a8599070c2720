"""The kit's README: what is in the folder, and what to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.common.sanitize import code
from aws_org_features.views.approval_kit.commands import TEMPLATE
from aws_org_features.views.approval_kit.prose import by, item, paragraph
from aws_org_features.views.approval_kit.unreachable import unreachable

if TYPE_CHECKING:
    from aws_org_features.views.approval_kit.values import Asked, Request

TABLE: Final = "accounts.csv"


def index(request: Request) -> str:
    """The whole text, in Markdown."""
    sections = (
        f"# Approvals for organization {request.organization_id}",
        _how_many(request),
        "## What to do",
        _what_to_do(),
        "## If an owner can't be reached",
        unreachable(),
        "## Who is asked",
        "\n".join(_entry(asked) for asked in request.accounts),
    )
    return "\n\n".join(sections) + "\n"


def _how_many(request: Request) -> str:
    count = len(request.accounts)
    owners = "The owner of 1 account has" if count == 1 else f"The owners of {count} accounts have"
    text = f"""{owners} to approve{by(request)} all features of AWS Organizations for the
        organization, as its management account {request.management_account_id} asks."""
    if all(asked.handshake_id for asked in request.accounts):
        return paragraph(text)
    return paragraph(
        f"""{text} AWS doesn't show the management account which accounts have approved: these are all that
        joined by invitation, and some may have approved already."""
    )


def _what_to_do() -> str:
    return "\n".join(
        map(
            item,
            (
                """Send each owner their message in `accounts/`: what is being asked, what it means, and which
                command to run. AWS itself has written to the root user of every invited account.""",
                f"""For a mail merge, take `{TABLE}`: one row per account, UTF-8. Import its columns as text,
                or a spreadsheet drops the zeros that account ids begin with. What a spreadsheet would take
                for a formula begins with `'`.""",
                f"""Send `{TEMPLATE}` along: an owner who prefers that the management account approves can
                deploy it. The management account then assumes that role.""",
                "A new kit covers only the accounts that are still outstanding.",
            ),
        )
    )


def _entry(asked: Asked) -> str:
    known = [code(text) for text in (asked.name, asked.email) if text]
    return f"- [{asked.account_id}]({asked.page})" + (f": {', '.join(known)}" if known else "")
