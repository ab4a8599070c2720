"""The content of a recording, for the person who is about to pass it on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.evidence.pseudonyms import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_org_features.evidence.recording import Recording


@dataclass(frozen=True, slots=True)
class Row:
    """A request by one kind of caller, and how it ended.

    Attributes:
        operation: As AWS names it.
        caller: The kind of caller.
        ended: `answered`, an error's code and reason, or what happened instead of an answer.
        times: How often.
    """

    operation: str
    caller: str
    ended: str
    times: int

    @property
    def succeeded(self) -> bool:
        """Return whether AWS did what it was asked."""
        return self.ended == _ANSWERED


@dataclass(frozen=True, slots=True)
class Summary:
    """A recording in short.

    Attributes:
        name: Its name.
        answers: How many lines it has.
        seconds: From the first to the last.
        rows: What was asked, and how it ended.
        stands_for: How many different things pseudonyms stand for, by their kinds.
        texts: The words of errors: all that a person at AWS wrote, or that somebody typed.
        kept: Words and names of members that are AWS's, in the order of the alphabet.
        left_out: Where something stood that isn't written, and how often.
        unread: How many lines aren't a recording's.
    """

    name: str
    answers: int
    seconds: float
    rows: tuple[Row, ...]
    stands_for: tuple[tuple[str, int], ...]
    texts: tuple[str, ...]
    kept: tuple[str, ...]
    left_out: tuple[tuple[str, int], ...]
    unread: int


_ANSWERED: Final = "answered"


def summary(recording: Recording) -> Summary:
    """A recording in short."""
    exchanges = recording.exchanges
    rows: Counter[tuple[str, str, str]] = Counter()
    left_out: Counter[str] = Counter()
    tokens: set[tuple[str, str]] = set()
    kept: set[str] = set()
    for each in exchanges:
        refused = f"{each.code} {each.reason}".strip() or f"HTTP {each.status}"
        ended = each.unanswered or (_ANSWERED if each.succeeded else refused)
        rows[each.operation, each.caller, ended] += 1
        left_out.update(each.left_out)
        for text in (*_texts(each.request), *_texts(each.answer), each.message, each.account):
            tokens.update(TOKEN.findall(text))
            bare = TOKEN.sub("", text)
            if bare and text != each.message and bare.replace("_", "").isalnum():
                kept.add(bare)
    kinds = Counter(kind for kind, _ in tokens)
    return Summary(
        name=recording.name,
        answers=len(exchanges),
        seconds=max((each.at for each in exchanges), default=0.0),
        rows=tuple(Row(*key, times) for key, times in sorted(rows.items())),
        stands_for=tuple(sorted(kinds.items())),
        texts=tuple(dict.fromkeys(each.message for each in exchanges if each.message)),
        kept=tuple(sorted(kept)),
        left_out=tuple(sorted(left_out.items())),
        unread=recording.unread,
    )


def summaries(recordings: Sequence[Recording]) -> tuple[Summary, ...]:
    """Each of some recordings in short."""
    return tuple(map(summary, recordings))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
