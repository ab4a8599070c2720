"""A recording that somebody passed on may hold anything: it is read all the same, and nothing of it acts."""

from __future__ import annotations

import copy
import json
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner

from aws_org_emulator import Emulator, Scenario
from aws_org_emulator.scenario.file import parse
from aws_org_features.cli.group import org_features
from aws_org_features.evidence.answer import answers, scenario
from aws_org_features.evidence.recording import read
from aws_org_features.evidence.show import summaries
from tests.evidence.recorded import Recorded
from tests.evidence.test_every_switch import decline, enable_type, expire, invite
from tests.hostile import checks
from tests.hostile.strings import EVERY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.shares import Share

ANYTHING: Final[tuple[Any, ...]] = (
    *(
        None,
        True,
        0,
        -1,
        10**400,
        1e308,
        float("inf"),
        float("nan"),
        "",
        "OPEN",
        "ACCEPTED",
        "h-",
        [],
        {},
        [[]],
    ),
    *([None], [{}], [1], {"Id": 1}, {"Type": "ACCOUNT"}, [{"Id": None, "Type": []}], "x" * 5000),
)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = tmp_path_factory.mktemp("recorded") / "aws.jsonl"
    small = Scenario(invited=2, created=1)
    for play in (decline, expire, invite, enable_type):
        with Emulator(replace(small, feature_set="ALL") if play is enable_type else small) as org:
            play(Recorded(org, path))
    return path.read_text("ascii").splitlines()


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*at, key)
        yield from places(each, (*at, key))


def replaced(line: str, dice: random.Random) -> str:
    told = copy.deepcopy(json.loads(line))
    *way, last = dice.choice(list(places(told)))
    holder = told
    for key in way:
        holder = holder[key]
    holder[last] = dice.choice([*ANYTHING, dice.choice(list(EVERY.values()))])
    return json.dumps(told)


def test_whatever_stands_in_a_line(lines: list[str], share: Share) -> None:
    for seed in share.of(range(240), every=12):
        dice = random.Random(seed)  # noqa: S311 - no secret
        odd = [replaced(line, dice) if dice.random() < 0.5 else line for line in lines]
        found = read("aws.jsonl", odd)
        summaries(found)
        parse(scenario(answers(found)))


@pytest.mark.parametrize(
    "arguments", [("show",), ("answer", "--words"), ("answer", "--switches")], ids=" ".join
)
def test_nothing_of_it_acts_where_it_is_shown(
    lines: list[str], tmp_path: Path, share: Share, arguments: tuple[str, ...]
) -> None:
    path = tmp_path / "aws.jsonl"
    for name in share.of(sorted(EVERY), every=8):
        hostile = EVERY[name]
        told = [json.loads(line) for line in lines]
        for each in told:
            each |= {"message": hostile, "code": hostile or "X", "reason": hostile, "caller": hostile}
            each["answer"] = {hostile: hostile, "Handshakes": each.get("answer", {}).get("Handshakes", [])}
            each["left_out"] = [hostile]
            each["operation"] = hostile or each["operation"]
        path.write_text("\n".join([*lines, *map(json.dumps, told)]))
        shown = CliRunner().invoke(org_features, ["evidence", *arguments, str(path)])
        assert shown.exit_code == 0, (name, shown.output)
        checks.in_a_pipe(shown.stdout, shown.stdout)
        as_json = ["evidence", arguments[0], str(path), "--json"]
        assert checks.strict(CliRunner().invoke(org_features, as_json).stdout)
