"""The emulator agrees with what AWS was seen to answer: status, code, Reason, words, members, reads."""

from collections.abc import Iterator

import pytest

from aws_org_emulator import Emulator
from tests.emulator.conftest import Tried
from tests.emulator.replay import SCENARIO, Recorded, Replay, observed, recorded
from tools.docs import counts

OTHERWISE: dict[tuple[str, int], str] = {}
"""Answers in which the emulator differs from AWS, by file and number, and why."""
ALL = sum(observed(each) for file in recorded() for each in file.exchanges)


@pytest.fixture
def replay() -> Iterator[Replay]:
    with Emulator(SCENARIO) as emulator:
        yield Replay(emulator)


@pytest.mark.parametrize("file", recorded(), ids=lambda file: file.name)
def test_captured_answers_of_aws(replay: Replay, file: Recorded, tried: Tried) -> None:
    otherwise = dict(replay.differences(file))
    told = "\n".join(f"{file.name} {n}: {what}" for n, what in otherwise.items())
    assert set(otherwise) == {n for name, n in OTHERWISE if name == file.name}, told
    for exchange in filter(observed, file.exchanges):
        how = counts.OTHERWISE if exchange["n"] in otherwise else counts.AGREES
        tried("captured", file.area, str(exchange["n"]), how, of=ALL)
