"""The meaning of "well-formed and inert" for each form that a text can be shown in.

Each check is given what a hostile string made of a document, and what a harmless one made of the same.
"""

from __future__ import annotations

import csv
import functools
import io
import json
import re
import unicodedata
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final

import yaml
from google.protobuf import struct_pb2  # type: ignore[import-untyped]  # as the SDK's
from markdown_it import MarkdownIt
from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Check = Callable[[str, str], None]

MARKDOWN: Final = MarkdownIt("gfm-like", {"html": True, "linkify": True})
FORMULA: Final = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
LARGEST_STATE: Final = 64 * 1024
"""Characters of a resource's outputs, for any answer of AWS's."""

_SEQUENCE: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_JOINERS: Final = "\u200c\u200d"
_UNSHOWABLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def unshowable(text: str) -> set[str]:
    """The characters of a line that act on a terminal, turn the reading direction or hide."""
    return {c for c in text if unicodedata.category(c) in _UNSHOWABLE and c not in _JOINERS}


# Each runner's own reading: where in a line it looks for a command, and how one goes.
_COMMANDS: Final = {
    "GitHub's": re.compile(
        r"^\s*::\s*[a-z][a-z-]*(?:\s[^:]*)?::|::[a-z]+(?:-[a-z]+)*(?: [^:]*)?::", re.IGNORECASE
    ),
    "GitHub's older, and Azure's": re.compile(r"##(?:vso)?\[", re.IGNORECASE),
    "TeamCity's, and Octopus'": re.compile(r"##(?:teamcity|octopus)\[", re.IGNORECASE),
    "GitLab's, and Travis'": re.compile(r"section_(?:start|end):|travis_(?:fold|time):"),
    "Buildkite's": re.compile(r"^(?:---|\+\+\+|~~~|\^\^\^)(?:\s|$)"),
}


def no_command(text: str) -> None:
    """No line is a command to a pipeline's runner: not as it is, nor without its colors."""
    for row in re.split(r"[\r\n]", f"{text}\n{_SEQUENCE.sub('', text)}"):
        assert not [runner for runner, command in _COMMANDS.items() if command.search(row)], row


def one_line(text: str, _harmless: str = "") -> None:
    """Check that it is one line that only shows, and that UTF-8 and protobuf can carry."""
    no_command(text)
    assert not unshowable(text)
    text.encode()
    assert len(text) <= 2 * 2000 + 500, "a message stays readable"


def few_lines(text: str, _harmless: str) -> None:
    """Check the message about a command that can't be run: at most its usage, and what is wrong."""
    no_command(text)
    assert not unshowable(text.replace("\n", ""))
    assert text.count("\n") <= len(["Usage", " Try", " a blank", " Error"])
    text.encode()


def in_a_pipe(text: str, harmless: str) -> None:
    """Nothing acts on a terminal, and every record is where it was, on a line of its own."""
    no_command(text)
    assert not unshowable(text.replace("\n", ""))
    assert len(text.split("\n")) == len(harmless.split("\n"))
    text.encode()


def in_a_terminal(width: int, *, folds: bool = False) -> Check:
    """Nothing but our own colors and movements, in as many rows, each of which fits."""

    def check(text: str, harmless: str) -> None:
        no_command(text)
        assert {*_SEQUENCE.findall(text)} <= {*_SEQUENCE.findall(harmless)}
        rows = _SEQUENCE.sub("", text).replace("\r", "\n").split("\n")
        assert not unshowable("".join(rows))
        assert max(map(cell_len, rows)) <= width
        assert folds or len(rows) == len(_SEQUENCE.sub("", harmless).replace("\r", "\n").split("\n"))
        text.encode()

    return check


def json_text(text: str, harmless: str) -> None:
    """Strict JSON of the same shape, in ASCII, whose texts are Unicode."""
    no_command(text)
    assert text.isascii()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    found = strict(text)
    assert _shape(found) == _shape(strict(harmless))
    json.dumps(found, ensure_ascii=False).encode()


def json_lines(text: str, harmless: str) -> None:
    """The same of each line."""
    rows, others = text.splitlines(), harmless.splitlines()
    assert len(rows) == len(others)
    for row, other in zip(rows, others, strict=True):
        json_text(row, other)


def strict(text: str) -> Any:
    """JSON without what only Python takes."""

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    return json.loads(text, parse_constant=refuse)


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_shape(part) for part in value]
    # Empty values may be null.
    return "text" if value is None or isinstance(value, str) else type(value).__name__


def markdown(text: str, harmless: str) -> None:
    """The same blocks, and within them nothing but text and code."""
    no_command(text)
    assert not unshowable(text.replace("\n", ""))
    text.encode()
    assert _blocks(text) == _blocks(harmless)
    assert _links(text) == _links(harmless)
    assert _count(text, "softbreak") == _count(harmless, "softbreak")


@functools.lru_cache(maxsize=64)
def _tokens(text: str) -> list[Any]:
    return MARKDOWN.parse(text)


def _blocks(text: str) -> list[str]:
    return [token.type for token in _tokens(text)]


def _inline(text: str) -> list[Any]:
    return [child for token in _tokens(text) for child in token.children or []]


def _count(text: str, kind: str) -> int:
    return sum(child.type == kind for child in _inline(text))


def _links(text: str) -> list[tuple[str, Any]]:
    """Everything that isn't text, with its targets."""
    plain = {"text", "text_special", "code_inline", "softbreak"}
    return [(child.type, child.attrs.get("href")) for child in _inline(text) if child.type not in plain]


def csv_table(text: str, harmless: str) -> None:
    """Check for as many rows and columns, and no cell that a spreadsheet computes."""
    no_command(text)
    rows, others = (list(csv.reader(io.StringIO(each, newline=""), strict=True)) for each in (text, harmless))
    assert [*map(len, rows)] == [*map(len, others)]
    assert not [cell for row in rows for cell in row if cell[:1] in FORMULA]
    for separator in ";\t|":
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            read = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting)
            parts = [part.strip(' "') for row in read for part in row]
            assert not [part for part in parts if part and part[0] in FORMULA]
    assert not unshowable("".join(cell for row in rows for cell in row))
    text.encode()


class _Elements(HTMLParser):
    """Takes down elements with their attributes, comments, and what scripts hold."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, Any]] = []
        self.data: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}", None))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", data))

    def handle_pi(self, data: str) -> None:
        self.found.append(("instruction", data))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] == "script":
            self.data.append(data)


def html(text: str, harmless: str) -> None:
    """The same elements with the same attributes, and the same script; the data beside it is of one shape."""
    no_command(text)
    page, other = _parsed(text), _parsed(harmless)
    # A name that is nothing but blanks has no element of its own.
    assert _without_names(page.found) == _without_names(other.found)
    assert page.data[1:] == other.data[1:], "our own script is what the policy's hash allows"
    assert _listed(page) == _listed(other)
    assert not unshowable(text.replace("\n", ""))
    text.encode()


def _listed(page: _Elements) -> Any:
    """The shape of the list of accounts, but for texts that several share, which are there once."""
    data = strict(page.data[0])
    assert all(isinstance(shared, str) for shared in data["texts"])
    return _shape({**data, "texts": None})


@functools.lru_cache(maxsize=64)
def _parsed(text: str) -> _Elements:
    parser = _Elements()
    parser.feed(text)
    parser.close()
    return parser


def _without_names(found: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [each for each in found if each[0] not in {"bdi", "/bdi"}]


def yaml_text(text: str, harmless: str) -> None:
    """No name stands in there."""
    assert text == harmless
    yaml.compose(text)


def state(text: str, _harmless: str) -> None:
    """Outputs, as JSON: UTF-8 and protobuf carry them, each text is one line, and they stay small."""
    found = strict(text)
    json.dumps(found, ensure_ascii=False).encode()
    carried = struct_pb2.Struct()
    carried.update(found)
    carried.SerializeToString()
    for value in _texts(found):
        one_line(value)
    assert len(text) <= LARGEST_STATE


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield value
