"""`org-features watch`: the same as `status`, again and again, in place."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click

from aws_org_features.cli.acting import by_stack
from aws_org_features.cli.command import Command
from aws_org_features.cli.environment import environment
from aws_org_features.cli.exit_codes import BY_STATUS
from aws_org_features.cli.options import ONLY_ORGANIZATION, connected, recorded
from aws_org_features.cli.page_progress import Pages
from aws_org_features.cli.poll import Until
from aws_org_features.cli.poll import watch as keep_watch
from aws_org_features.cli.render.watch_log import JsonLines, Lines
from aws_org_features.cli.status import EVERYONE, NAMES
from aws_org_features.cli.status_looks import Looking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_features.cli.acting import Acts
    from aws_org_features.cli.environment import Environment
    from aws_org_features.cli.render.watch_screen import Screen

    Shown = Lines | JsonLines | Screen

_SOONEST = 5.0
_USUAL = 30.0


@click.command("watch", cls=Command)
@click.option(
    "--interval",
    type=click.FloatRange(_SOONEST),
    default=_USUAL,
    show_default=True,
    metavar="SECONDS",
    help="Seconds between checks, at least 5, and at least four times as long as a check took.",
)
@click.option(
    "--until",
    type=click.Choice([each.value for each in Until]),
    default=Until.APPROVED.value,
    show_default=True,
    help="approved: everyone has approved. enabled: all features are on. Both also end when somebody must "
    "decide: it was declined, expired or was canceled. interrupted: only Ctrl-C ends it.",
)
@EVERYONE
@NAMES
@ONLY_ORGANIZATION
@connected
@recorded
@by_stack
def watch(
    *,
    interval: float,
    until: str,
    everyone: bool,
    names: bool,
    organization_id: str | None,
    acts: Acts,
    as_json: bool,
) -> None:
    """Watch the migration: its status, refreshed in place, and what has changed.

    Without a terminal, it prints a line for each change. It ends once there is nothing to wait for, with the
    exit code of `status`. Writes nothing.
    """
    here = environment()
    with _shown(here, as_json=as_json, everyone=everyone) as show:
        looking = Looking(
            *acts(organization_id),
            here,
            names=names,
            note=show.note,
            busy=show.progress,
            paged=Pages(show.progress),
        )
        last = keep_watch(looking.look, show, here, interval=interval, until=Until(until))
        show.ended(last)
    click.get_current_context().exit(BY_STATUS[last.status])


@contextlib.contextmanager
def _shown(here: Environment, *, as_json: bool, everyone: bool) -> Iterator[Shown]:
    if as_json:
        yield JsonLines()
    elif here.terminal() is None:
        yield Lines(here)
    else:
        from aws_org_features.cli.render.watch_screen import Screen

        with Screen(here, everyone=everyone) as screen:
            yield screen
