"""The kit's table for a mail merge, as RFC 4180 has it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from aws_org_features.common.sanitize import cell, line
from aws_org_features.views.approval_kit import commands
from aws_org_features.views.approval_kit.page import subject
from aws_org_features.views.approval_kit.prose import deadline

if TYPE_CHECKING:
    from aws_org_features.views.approval_kit.values import Asked, Request

COLUMNS: Final = (
    "account_id",
    "name",
    "email",
    "deadline",
    "handshake_id",
    "action",
    "subject",
    "command",
    "file",
)


def table(request: Request) -> str:
    """One row an account, after a row of names."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([cell(value) for value in _row(request, asked)] for asked in request.accounts)
    return written.getvalue()


def _row(request: Request, asked: Asked) -> tuple[str, ...]:
    return (
        asked.account_id,
        line(asked.name or ""),
        line(asked.email or ""),
        deadline(request),
        asked.handshake_id or "",
        asked.action or "",
        subject(request, asked),
        commands.accept(request, asked),
        asked.page,
    )
