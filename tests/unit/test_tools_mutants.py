"""Mutants: what is laid out for mutmut, and what its verdicts come to."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

from tools import mutants

if TYPE_CHECKING:
    from pathlib import Path

FOUND = {"x_one__mutmut_1": 1, "x_one__mutmut_2": 0, "x_two__mutmut_1": 33, "x_two__mutmut_2": None}


def test_every_file_in_mutmuts_settings_is_copied(tmp_path: Path) -> None:
    work = tmp_path / "work"
    mutants.stage(mutants.ROOT, work)
    told = tomllib.loads((work / "pyproject.toml").read_text())["tool"]["mutmut"]
    named = ("only_mutate", "also_copy", "source_paths", "pytest_add_cli_args_test_selection")
    assert [name for key in named for name in told[key] if not (work / name).exists()] == []
    assert not list(work.rglob("__pycache__"))


def test_a_mutant_that_no_test_noticed_or_tried_survives(tmp_path: Path) -> None:
    meta = tmp_path / "mutants" / "src" / f"{mutants.MODULE}.meta"
    meta.parent.mkdir(parents=True)
    meta.write_text(json.dumps({"exit_code_by_key": FOUND}))
    found = mutants.verdicts(tmp_path)
    assert mutants.survivors(found) == ["x_one__mutmut_2", "x_two__mutmut_1", "x_two__mutmut_2"]
    assert mutants.figures(found) == "1 of 4 mutants of 2 functions in decide.py killed: 25.0 %"
