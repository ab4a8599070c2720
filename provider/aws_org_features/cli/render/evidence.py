"""The content of a recording, and the calls of a probe, as a person reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_org_features.cli.render import output
from aws_org_features.common.sanitize import message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_org_features.evidence.probe.step import Step
    from aws_org_features.evidence.show import Row, Summary


def show(it: Summary) -> None:
    """Print what a recording holds."""
    say(f"{it.name}: {it.answers:,} answers of AWS Organizations in {_lasting(it.seconds)}.")
    output.show_table(
        ("operation", "caller", "ended", "times"),
        [(each.operation, each.caller, each.ended, f"{each.times:,}") for each in it.rows],
        most=None,
        loose="ended",
        otherwise=list(map(_in_two_lines, it.rows)),
    )
    told = ", ".join(f"{times:,} of {kind}s" for kind, times in it.stands_for) or "none"
    say(f"Pseudonyms: {told}. Times are seconds since the first answer.")
    kept = [message(each) for each in it.kept]
    output.words("Words that are kept:", [each for each in kept if each.isupper()])
    output.words("Names of members that are kept:", [each for each in kept if not each.isupper()])
    for text in it.texts:
        say(f"Message: {text}")
    for place, times in it.left_out:
        say(f"Left out, as it looked like an id, an address or a key: {place} ({times:,} times)")
    if it.unread:
        say(f"{it.unread:,} lines can't be read: the last of a process that was killed may be one.")
    say(
        "It is plain text: look at it yourself before you pass it on. The file that ends in .key stays with "
        "you: a person who has it, and knows an id, can tell whether the id is in here."
    )


def say(text: str) -> None:
    """Print a sentence with something from a recording in it, which may be a stranger's."""
    output.paragraph(message(text))


def _in_two_lines(row: Row) -> tuple[str, str]:
    often = "once" if row.times == 1 else f"{row.times:,} times"
    first = f"{row.operation}, {row.caller}, {often}"
    return (f"{first}: {row.ended}", "") if row.succeeded else (first, row.ended)


def _lasting(seconds: float) -> str:
    for length, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.0f} seconds"


def show_steps(steps: Sequence[Step]) -> None:
    """Print the calls of a probe."""
    rows = [(each.name, each.who, each.operation, _request(each.request), each.kind) for each in steps]
    output.show_table(
        ("step", "account", "call", "with", "to"),
        rows,
        most=None,
        loose="with",
        otherwise=[
            (f"{name}: {who}, to {kind}", f"{call} {asked}".rstrip()) for name, who, call, asked, kind in rows
        ],
    )


def _request(request: Mapping[str, Any], within: str = "") -> str:
    """A request's parameters, as `Target.Type=ACCOUNT`; with quotes where a value has several words."""
    return " ".join(
        _request(value, f"{within}{name}.") if isinstance(value, dict) else f"{within}{name}={_quoted(value)}"
        for name, value in request.items()
    )


def _quoted(value: object) -> str:
    text = str(value)
    return f'"{text}"' if " " in text else text
