"""The history of reports: what it remembers, and what it refuses."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features.common.errors import HistoryUnusableError
from aws_org_features.views.report import Standing, first_line, history_of, markdown, run_line, run_of
from aws_org_features.views.report.page import page
from tests.documents import ODD, places, replaced
from tests.unit.report_values import FIRST, SECOND, event, evidence, remembered, report

if TYPE_CHECKING:
    from aws_org_features.views.report import History

ORGANIZATION = "o-exampleorg1"
HEAD = first_line(ORGANIZATION)


def written(history: History) -> str:
    return HEAD + "".join(map(run_line, history.runs))


def changed(**values: Any) -> str:
    """A report's line with something else in it."""
    history = remembered(("ACCEPTED",))
    return HEAD + json.dumps(json.loads(run_line(history.runs[0])) | values) + "\n"


def test_it_comes_back_as_it_was_written() -> None:
    history = remembered(("OPEN", "OPEN"), ("ACCEPTED", "OPEN"), ("ACCEPTED", "DECLINED"))
    assert history_of(written(history), ORGANIZATION, "history.jsonl") == history
    assert history_of("", ORGANIZATION, "history.jsonl").runs == ()
    assert history_of(HEAD, ORGANIZATION, "history.jsonl").runs == ()


def test_an_answer_is_remembered_once() -> None:
    history = remembered(("ACCEPTED", "OPEN"), ("ACCEPTED", "OPEN"), ("ACCEPTED", "ACCEPTED"))
    assert [[answer.account_id for answer in run.answers] for run in history.runs] == [[FIRST], [], [SECOND]]


def test_two_that_wrote_at_once_are_read_in_the_order_of_time() -> None:
    first, second, third = remembered(("OPEN",), ("ACCEPTED",), ("ACCEPTED",)).runs
    text = HEAD + run_line(third) + run_line(second) + run_line(first) + run_line(second)
    found = history_of(text, ORGANIZATION, "history.jsonl")
    assert [run.at for run in found.runs] == [first.at, second.at, second.at, third.at]
    (sighting,) = found.sightings("h-parent0001").values()
    assert (sighting.at, sighting.after) == (second.at, first.at)


def test_only_what_aws_shows_is_remembered() -> None:
    made = report(evidence=evidence(event()), history=remembered())
    assert made.count(Standing.APPROVED) == 1
    assert run_of(made, remembered()).answers == ()


def test_fields_of_a_later_version_in_a_line_are_ignored() -> None:
    assert history_of(changed(more=1), ORGANIZATION, "history.jsonl").runs


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Dear all,\n", "no history that org-features has written"),
        ("[]\n", "no history that org-features has written"),
        ("{}\n", "no history that org-features has written"),
        ('{"history": "something else", "version": 1}\n', "no history that org-features has written"),
        (HEAD.replace('"version":1', '"version":2'), "its format is 2, and this one knows 1"),
        (
            HEAD.replace("o-exampleorg1", "o-exampleorg2"),
            "that of organization 'o-exampleorg2', but this is o-ex",
        ),
        (HEAD + '{"at": "2026', "damaged in line 2"),
        (HEAD + "\n", "damaged in line 2: it is no JSON object"),
        (HEAD + "[]\n", "damaged in line 2: it is no JSON object"),
        (HEAD + "{}\n", "damaged in line 2: it isn't a report (KeyError: 'at')"),
        (changed().rstrip("\n"), "damaged in line 2: it is cut off"),
        (
            changed(at="2026-03-01T12:00:00"),
            "damaged in line 2: it isn't a report (ValueError: a time without",
        ),
        (changed(at=5), "damaged in line 2"),
        (changed(status="DONE"), "damaged in line 2"),
        (changed(handshake_id="<b>"), "damaged in line 2"),
        (changed(counts={"APPROVED": -1}), "damaged in line 2"),
        (changed(counts={"APPROVED": True}), "damaged in line 2"),
        (changed(counts={"BRIBED": 1}), "damaged in line 2"),
        (changed(counts=[]), "damaged in line 2"),
        (
            changed(answers=[{"handshake_id": "h-child0000", "account_id": "1", "state": "ACCEPTED"}]),
            "in line 2",
        ),
        (
            changed(answers=[{"handshake_id": "h-child0000", "account_id": None, "state": "OPEN"}]),
            "in line 2",
        ),
        (changed(answers=[1]), "damaged in line 2"),
    ],
)
def test_an_impossible_value_is_refused_by_name(text: str, told: str) -> None:
    with pytest.raises(HistoryUnusableError) as refused:
        history_of(text, ORGANIZATION, "the-file")
    assert "the-file" in refused.value.what
    assert told in refused.value.what
    assert refused.value.next_step.startswith("Nothing was written.")


@pytest.mark.parametrize("odd", [*ODD, "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00"])
def test_a_value_of_any_kind_is_refused_or_can_be_reported(odd: Any) -> None:
    head, run = map(json.loads, written(remembered(("ACCEPTED", "DECLINED"))).splitlines())
    for values in (head, run):
        for path in places(values):
            lines = [replaced(each, path, odd) if each is values else each for each in (head, run)]
            text = "".join(f"{json.dumps(each)}\n" for each in lines)
            with contextlib.suppress(HistoryUnusableError):
                found = history_of(text, ORGANIZATION, "history.jsonl")
                assert page(report(history=found))
                assert markdown(report(history=found))
