"""The programs of the native reference: the compilers think well of them, and the engine previews them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from tests.harness.languages import LANGUAGES, guides_project
from tests.harness.yaml_project import YamlProject
from tools.docs import native_examples

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)  # where nothing of it has been built yet, Go takes minutes
@pytest.mark.parametrize("language", native_examples.LANGUAGES)
def test_the_references_programs_run(language: str, tmp_path: Path, org: Emulator) -> None:
    stack = guides_project(language, tmp_path)
    for name in native_examples.PROGRAMS:
        # Only a member account approves.
        stack.act_as(org, org.invited[0] if name == "FeatureSetApproval" else None)
        program = native_examples.programs(name)[language]
        if isinstance(stack, YamlProject):
            stack.take(yaml.safe_load(program))
        else:
            (stack.folder / LANGUAGES[language].program).write_text(program)
            stack.shell(LANGUAGES[language].check)

        shown = stack.preview()

        assert shown.code == 0, f"{name}: {shown.text}"
        resources = native_examples.PROGRAMS[name].resources
        assert all(each.kind in shown.text for each in resources), f"{name}: {shown.text}"
    assert org.writes == {}
