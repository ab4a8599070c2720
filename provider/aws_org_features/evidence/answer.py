"""Answers of recordings to questions that AWS leaves open, and contradictions between them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aws_org_features.evidence.questions import LISTED, QUESTIONS
from aws_org_features.evidence.story import Story

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_org_features.evidence.question import Finding, Position, Question
    from aws_org_features.evidence.recording import Recording


@dataclass(frozen=True, slots=True)
class Told:
    """One recording's answer to a question.

    Attributes:
        recording: Its name.
        positions: All that it tells, each once, in the order in which it does.
        position: What that amounts to; None if it contradicts itself.
        times: How many places tell it.
        at: Seconds from its first answer to the first of them.
    """

    recording: str
    positions: tuple[Position, ...]
    position: Position | None
    times: int
    at: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of some recordings to a question.

    Attributes:
        question: The question.
        told: By each recording that tells something.
        position: What that amounts to; None if nothing does, or they contradict one another.
    """

    question: Question
    told: tuple[Told, ...]
    position: Position | None

    @property
    def contradicts(self) -> bool:
        """Return whether recordings contradict one another, or one does itself."""
        return bool(self.told) and self.position is None

    @property
    def listed(self) -> tuple[str, ...]:
        """Merge all their answers, each once, where the answer is a list."""
        if self.question.name not in LISTED:
            return ()
        return tuple(dict.fromkeys(str(each) for told in self.told for each in told.positions))

    @property
    def in_words(self) -> str:
        """The position, in words; empty if there is none."""
        if self.position is None:
            return ""
        meant = dict(self.question.positions)
        if isinstance(self.position, float):
            unit = next(iter(meant.values()), "days")
            return f"{self.position:g} {unit}"
        return meant.get(self.position, str(self.position))


def answers(recordings: Sequence[Recording]) -> tuple[Answer, ...]:
    """The answer to each question, in the order of the questions."""
    stories = [Story(recording) for recording in recordings]
    return tuple(_answer(question, stories) for question in QUESTIONS)


def _answer(question: Question, stories: Sequence[Story]) -> Answer:
    told = tuple(_told(question, story, found) for story in stories if (found := list(question.look(story))))
    if question.name in LISTED:
        return Answer(question, told, "seen" if told else None)
    positions = [each.position for each in told]
    if not told or None in positions:
        return Answer(question, told, None)
    known = [each for each in positions if each is not None]
    return Answer(question, told, question.settle(known) if question.merges else _agreed(known))


def _agreed(positions: Sequence[Position]) -> Position | None:
    return positions[0] if len(set(positions)) == 1 else None


def _told(question: Question, story: Story, found: Sequence[Finding]) -> Told:
    positions = tuple(dict.fromkeys(each.position for each in found))
    settled = None if question.name in LISTED else question.settle([each.position for each in found])
    first = next((each for each in found if each.position == settled), found[0])
    return Told(story.name, positions, settled, len(found), story.exchanges[first.index].at)


_HEAD: Final = (
    "# How AWS was seen to behave, for aws-org-emulator --scenario FILE.",
    "# Switches that no recording told are as the emulator has them by default.",
)


def scenario(found: Sequence[Answer]) -> str:
    """A scenario file of the emulator's with the positions that are known."""
    lines = list(_HEAD)
    switches = [each for each in found if each.question.switch]
    known = [each for each in switches if each.position is not None]
    lines.append("switches:" if known else "switches: {}")
    lines += [f"  {each.question.switch}: {json.dumps(each.position)}" for each in known]
    contradicted = [each.question.switch for each in switches if each.contradicts]
    unseen = [each.question.switch for each in switches if not each.told]
    if contradicted:
        lines.append(f"# contradictory: {', '.join(contradicted)}")
    if unseen:
        lines.append(f"# not seen: {', '.join(unseen)}")
    return "\n".join(lines) + "\n"
