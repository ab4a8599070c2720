"""`org-features evidence`: what recordings of AWS's answers say, and what they tell about AWS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from aws_org_features.cli.command import Command
from aws_org_features.cli.evidence_probe import probe
from aws_org_features.cli.render import evidence as render
from aws_org_features.cli.render import output
from aws_org_features.common.errors import RecordingUnusableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_org_features.evidence.answer import Answer
    from aws_org_features.evidence.recording import Recording
    from aws_org_features.evidence.show import Summary

_FILES: Final = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
_LARGEST: Final = 512 * 1024 * 1024


@click.group("evidence")
def evidence() -> None:
    """Read recordings of AWS's answers, and show what they tell about how AWS behaves.

    `--record FILE` of other commands makes one. Nothing is ever sent anywhere.
    """


evidence.add_command(probe)


@evidence.command("show", cls=Command)
@_FILES
def show(*, files: tuple[Path, ...], as_json: bool) -> None:
    """Show what a recording holds, before you pass it on."""
    from aws_org_features.evidence.show import summaries

    found = summaries(_read(files))
    if as_json:
        output.show_json({"recordings": [_shown(each) for each in found]})
        return
    for each in found:
        render.show(each)


@evidence.command("answer", cls=Command)
@_FILES
@click.option("--switches", is_flag=True, help="Print a scenario file for the emulator instead.")
@click.option("--words", is_flag=True, help="Show the words of errors, and the rates, as well.")
def answer(*, files: tuple[Path, ...], switches: bool, words: bool, as_json: bool) -> None:
    """Show which of the questions that AWS's documentation leaves open are answered, and how.

    Several recordings may be given: contradictions between them are reported.
    """
    from aws_org_features.evidence.answer import answers, scenario

    if switches and as_json:
        raise click.UsageError("--switches and --json exclude one another.")
    found = answers(_read(files))
    if switches:
        output.say(scenario(found).rstrip())
    elif as_json:
        output.show_json({"questions": [_answered(each) for each in found]})
    else:
        _tell(found, words=words)


def _read(files: Sequence[Path]) -> list[Recording]:
    from aws_org_features.evidence.recording import read

    found: list[Recording] = []
    for path in files:
        try:
            if path.stat().st_size > _LARGEST:
                raise _unusable(path, f"it is larger than {_LARGEST:,} bytes")
            with path.open(encoding="ascii", errors="replace") as lines:
                made = read(path.name, lines)
        except OSError as error:
            raise _unusable(path, error.strerror or str(error)) from error
        if not any(each.exchanges for each in made):
            raise _unusable(path, "no line of it is a recording's")
        found += made
    return found


def _unusable(path: Path, why: str) -> RecordingUnusableError:
    return RecordingUnusableError(
        f"{path} can't be read as a recording: {why}.",
        "Name a file that --record or AWS_ORG_FEATURES_RECORD wrote.",
    )


def _shown(it: Summary) -> dict[str, Any]:
    return {
        "name": it.name,
        "answers": it.answers,
        "seconds": it.seconds,
        "calls": [
            {"operation": each.operation, "caller": each.caller, "ended": each.ended, "times": each.times}
            for each in it.rows
        ],
        "pseudonyms": dict(it.stands_for),
        "messages": list(it.texts),
        "words": list(it.kept),
        "left_out": dict(it.left_out),
        "unread_lines": it.unread,
    }


def _answered(it: Answer) -> dict[str, Any]:
    return {
        "name": it.question.name,
        "question": it.question.asks,
        "switch": it.question.switch or None,
        "position": None if it.listed else it.position,
        "in_words": it.in_words or None,
        "contradicts": it.contradicts,
        "known_so_far_by": it.question.known,
        "listed": list(it.listed),
        "told_by": [
            {
                "recording": each.recording,
                "position": each.position,
                "positions": list(each.positions) if not it.listed else [],
                "times": each.times,
                "seconds": each.at,
            }
            for each in it.told
        ],
    }


def _tell(found: Sequence[Answer], *, words: bool) -> None:
    rows = [
        (each.question.asks, _position(each), each.question.switch or "")
        for each in found
        if not each.listed and each.told
    ]
    if rows:
        output.show_table(("question", "answer", "switch"), rows, most=None)
    for each in found:
        if each.contradicts:
            by = "; ".join(f"{told.recording}: {_of(told.positions)}" for told in each.told)
            render.say(f"Contradictory: {each.question.asks} {by}.")
    unseen = [each.question.switch or each.question.name for each in found if not each.told]
    if unseen:
        render.say(f"Not seen: {', '.join(unseen)}.")
    for each in found if words else ():
        for row in each.listed:
            render.say(row)


def _position(it: Answer) -> str:
    if it.contradicts:
        return "contradictory"
    return it.in_words or "not seen"


def _of(positions: Sequence[object]) -> str:
    return " and ".join(str(each) for each in positions)
