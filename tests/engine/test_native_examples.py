"""The programs of the native reference: the compilers think well of them, and the engine previews them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
import yaml

from tests.harness.languages import LANGUAGES, guides_project
from tests.harness.yaml_project import YamlProject
from tools.docs import native_examples

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.harness.cli_project import CliProject


_MOST: Final = "AllFeaturesOrganization"
"""The program that the engine previews in each language: it makes resources of most kinds."""


@pytest.mark.exhaustive
def test_the_references_programs_run(tmp_path: Path, org: Emulator) -> None:
    stack = YamlProject(tmp_path)
    for name in native_examples.PROGRAMS:
        # Only a member account approves.
        stack.act_as(org, org.invited[0] if name == "FeatureSetApproval" else None)
        stack.take(yaml.safe_load(native_examples.programs(name)["yaml"]))
        _assert_it_previews(stack, name)
    assert org.writes == {}


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)  # where nothing of it has been built yet, Go takes minutes
@pytest.mark.parametrize("language", [each for each in native_examples.LANGUAGES if each in LANGUAGES])
def test_the_references_programs_compile_in_each_language(
    language: str, tmp_path: Path, org: Emulator
) -> None:
    stack = guides_project(language, tmp_path)
    main = stack.folder / LANGUAGES[language].program
    programs = {name: native_examples.programs(name)[language] for name in native_examples.PROGRAMS}
    if language == "go":
        for name, program in programs.items():
            (stack.folder / name.lower()).mkdir()
            (stack.folder / name.lower() / "main.go").write_text(program)
        stack.shell("go vet ./...")
    else:
        for name, program in programs.items():
            (stack.folder / f"of_{name}{main.suffix}").write_text(program)
        imported = 'import "./of_{}";\n' if language == "typescript" else "import of_{}\n"
        main.write_text("".join(imported.format(name) for name in programs))
        stack.shell(LANGUAGES[language].check)

    main.write_text(programs[_MOST])
    stack.shell(LANGUAGES[language].check)
    stack.act_as(org)
    _assert_it_previews(stack, _MOST)
    assert org.writes == {}


def _assert_it_previews(stack: CliProject, name: str) -> None:
    shown = stack.preview()
    assert shown.code == 0, f"{name}: {shown.text}"
    for each in native_examples.PROGRAMS[name].resources:
        assert each.kind in shown.text, f"{name}: {shown.text}"
