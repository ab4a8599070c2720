"""A report as one HTML file that needs nothing else: no network, no other file.

Nothing in a name is executed. The template escapes what it shows; the list of accounts is data in an element
that no browser runs, out of which the script makes text nodes; and the content security policy allows this
one script and this one style, by their hashes.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

import jinja2
from markupsafe import Markup, escape

from aws_org_features.common.sanitize import line
from aws_org_features.common.text import moment
from aws_org_features.views.report.labels import LABELS, called, explained, moved
from aws_org_features.views.report.listing import beginning, columns, listing
from aws_org_features.views.report.messages import number, story
from aws_org_features.views.report.timeline import timeline
from aws_org_features.views.report.values import ASKED, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_features.views.report.values import Report

_DAY: Final = 86_400
_CODE: Final = re.compile(r"`([^`]+)`")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")
_THINNEST: Final = 0.008


@dataclass(frozen=True, slots=True)
class _Segment:
    """A part of the bar, in percent of its length."""

    standing: Standing
    begin: float
    length: float


def page(report: Report) -> str:
    """The whole file."""
    style, script = _asset("report.css"), _asset("report.js")
    template = _environment().get_template("page.html.j2")
    return template.render(
        report=report,
        story=story(report),
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704
        data=Markup(listing(report)),  # noqa: S704 - escaped there
        beginning=beginning(report),
        columns=columns(report),
        bar=tuple(_bar(report)),
        timeline=timeline(report),
        command=next((e.command for e in report.outstanding if e.command and not e.handshake_id), ""),
        days=_days(report),
        Standing=Standing,
        LABELS=LABELS,
    )


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FunctionLoader(_asset),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        called=called,
        explained=explained,
        inert=line,
        iso=lambda when: f"{when:%Y-%m-%dT%H:%M:%SZ}",
        moment=moment,
        moved=moved,
        number=number,
        prose=_prose,
    )
    return environment


def _prose(text: str) -> Markup:
    """A sentence of ours, in which what stands between backticks is code, and times stay on one line."""
    marked = _CODE.sub(r"<code>\1</code>", str(escape(text)))
    return Markup(_TIME.sub(r'<span class="word">\g<0></span>', marked))  # noqa: S704 - escaped above


def _asset(name: str) -> str:
    return (resources.files(__package__) / "assets" / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """The content security policy: nothing is loaded, sent or framed, and no other script runs."""
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _bar(report: Report) -> Iterator[_Segment]:
    """Those that were asked, and those of which no request is listed, side by side."""
    shown = [each for each in (*ASKED, Standing.UNLISTED, Standing.NOT_ASKED) if report.count(each)]
    # Nobody is too few to be seen.
    parts = [max(report.count(each) / report.count(*shown), _THINNEST) for each in shown]
    begin = 0.0
    for standing, part in zip(shown, parts, strict=True):
        length = part / sum(parts) * 100
        yield _Segment(standing, round(begin, 3), round(length, 3))
        begin += length


def _days(report: Report) -> int | None:
    """Whole days from the report to the deadline."""
    if report.expires_at is None:
        return None
    return int((report.expires_at - report.generated_at).total_seconds() // _DAY)
