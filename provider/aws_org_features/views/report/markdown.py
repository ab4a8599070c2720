"""A report as Markdown, for a pull request or a pipeline's job summary: short, and then those outstanding.

GitHub's dialect. Names and addresses stand in code spans: there, nothing is a link, markup or a mention.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.common.sanitize import table_code
from aws_org_features.common.text import moment
from aws_org_features.views.report.labels import LABELS, answered, told_by
from aws_org_features.views.report.messages import accounts, number, story
from aws_org_features.views.report.values import ASKED, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_features.views.report.messages import Story
    from aws_org_features.views.report.values import Entry, Report

MOST: Final = 50
"""Accounts that the table has before the others are counted: a comment on GitHub holds 65,536 characters."""

_BAR: Final = 30
_REQUEST: Final = "REQUEST"


def markdown(report: Report) -> str:
    """The whole text."""
    return "\n\n".join(_sections(report, story(report))) + "\n"


def _sections(report: Report, told: Story) -> Iterator[str]:
    yield f"## Organization `{report.organization.id}`: {told.headline}"
    if report.asked:
        yield f"`{_bar(report)}` {_legend(report)}"
    yield f"**Where it stands:** {told.stand}"
    yield f"**Who must act:** {told.who}. {told.act}"
    yield f"**If nobody does anything:** {told.nothing}"
    concerned = _concerned(report)
    if concerned:
        yield _table(concerned)
        yield from _command(report)
    yield _source(report)


def _concerned(report: Report) -> tuple[Entry, ...]:
    """Accounts that block it."""
    shown = {Standing.DECLINED, *(entry.standing for entry in report.outstanding)}
    return tuple(entry for entry in report.entries if entry.standing in shown)


def _bar(report: Report) -> str:
    filled = _BAR * report.count(Standing.APPROVED) // report.asked
    return "█" * filled + "░" * (_BAR - filled)


def _legend(report: Report) -> str:
    told = (f"{number(report.count(each))} {LABELS[each].lower()}" for each in ASKED if report.count(each))
    return ", ".join(told)


def _table(concerned: tuple[Entry, ...]) -> str:
    lines = [
        "| account | name | email | approval | AWS says | request |",
        "|---|---|---|---|---|---|",
        *map(_row, concerned[:MOST]),
    ]
    more = len(concerned) - MOST
    return "\n".join(lines) + (f"\n\nand {accounts(more)} more." if more > 0 else "")


def _row(entry: Entry) -> str:
    state = f"{LABELS[entry.standing]}{_aside(entry)}"
    cells = (
        f"`{entry.account_id}`" if entry.account_id else "not told",
        table_code(entry.name),
        table_code(entry.email),
        state,
        table_code(entry.state) if entry.state else "nothing",
        f"`{entry.handshake_id}`" if entry.handshake_id else "not shown",
    )
    return f"| {' | '.join(cells)} |"


def _aside(entry: Entry) -> str:
    told = [] if entry.active else [f"the account is {table_code(entry.account_state)}"]
    told += filter(None, (answered(entry), told_by(entry)))
    return f" ({'; '.join(told)})" if told else ""


def _command(report: Report) -> Iterator[str]:
    """The command that an owner types; where AWS shows the requests, it differs by their ids alone."""
    typed = {entry.command.replace(entry.handshake_id or "\0", _REQUEST) for entry in report.outstanding}
    for command in sorted(typed - {""}):
        where = ", with its request from the table" if command.endswith(_REQUEST) else ""
        yield f"To approve, in the account itself{where}:"
        yield f"```sh\n{command}\n```"


def _source(report: Report) -> str:
    handshake = f", request `{report.handshake.id}`" if report.handshake else ""
    return (
        f"Management account `{report.organization.management_account_id}`{handshake}, as AWS showed it on "
        f"{moment(report.generated_at)}."
    )
