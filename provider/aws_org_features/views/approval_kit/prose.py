"""Paragraphs and the few phrases that several files of a kit share."""

from __future__ import annotations

import textwrap
from datetime import UTC
from typing import TYPE_CHECKING

from aws_org_features.common.text import moment

if TYPE_CHECKING:
    from aws_org_features.views.approval_kit.values import Request

_WIDTH = 90


def paragraph(text: str) -> str:
    """A paragraph, folded. Never one with a name in it: what begins a line may be markup."""
    return _fold(text, "")


def item(text: str) -> str:
    """An item of a list, folded."""
    return _fold(f"- {text}", "  ")


def numbered(number: int, text: str) -> str:
    """A step of several, folded."""
    return _fold(f"{number}. {text}", "   ")


def _fold(text: str, indent: str) -> str:
    words = " ".join(text.split())
    return textwrap.fill(
        words, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def shell(command: str) -> str:
    """A command, as a block."""
    return f"```sh\n{command}\n```"


def deadline(request: Request) -> str:
    """The time by which to answer, as it follows "by"; empty if AWS doesn't say."""
    return moment(request.expires_at.astimezone(UTC)) if request.expires_at else ""


def by(request: Request) -> str:
    """The time by which to answer, with the space before it."""
    return f" by {deadline(request)}" if request.expires_at else ""
