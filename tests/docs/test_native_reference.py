"""The native reference has all that the schema has, as each language spells it."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest

from aws_org_features.plugin import schema, wire
from tests.docs import pages
from tools.docs import native_examples, native_programs, native_reference, native_sdk, tabs

SCHEMA: Final[dict[str, Any]] = json.loads(schema.text())
FOLDER: Final = native_reference.FOLDER
NAMES: Final = (*native_reference.resources(), "getOrganizationFeatureSet")
TYPES: Final = {token.rpartition(":")[2]: said for token, said in SCHEMA["types"].items()}
_BLOCK: Final = re.compile(r"\*\*(\w+)\*\*\n\n```\w+\n(.*?)```", re.DOTALL)


def said_of(name: str) -> tuple[dict[str, Any], set[str], dict[str, Any]]:
    """The inputs of a thing, its required inputs, and its outputs."""
    if said := SCHEMA["resources"].get(f"org-features:index:{name}"):
        return said["inputProperties"], set(said["requiredInputs"]), said["properties"]
    said = SCHEMA["functions"][f"org-features:index:{name}"]
    return said["inputs"]["properties"], set(said["inputs"]["required"]), said["outputs"]["properties"]


def section(name: str, heading: str) -> str:
    return pages.section(FOLDER / native_reference.file_of(name), heading)


def written(text: str) -> dict[str, str]:
    """Each language's text, by its title."""
    return dict(_BLOCK.findall(text))


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def pascal(name: str) -> str:
    return name[:1].upper() + name[1:]


def same(name: str) -> str:
    return name


SPELLINGS: Final = {"YAML": same, "TypeScript": same, "Python": wire.snake, "Go": pascal}


def test_each_thing_has_a_page_that_the_first_one_leads_to() -> None:
    linked = {link.partition("#")[0] for link in pages.links(FOLDER / "README.md")}

    there = {page.name for page in FOLDER.glob("*.md")} - {"README.md"}
    assert there == {*map(native_reference.file_of, NAMES), "provider.md", "types.md"}
    assert there <= linked


@pytest.mark.parametrize("name", NAMES)
def test_its_inputs_are_all_there_with_their_defaults(name: str) -> None:
    given, required, _ = said_of(name)
    listed = {pages.ticked(row[0])[0]: row for row in pages.rows(section(name, "Inputs"))}

    assert set(listed) == set(given)
    for each, said in given.items():
        default = json.dumps(said["default"]) if "default" in said else "true" if each == "finalize" else None
        told = "required" if each in required else f"`{default}`" if default else ""
        assert listed[each][3] == told, each


@pytest.mark.parametrize("name", NAMES)
def test_its_outputs_are_all_there(name: str) -> None:
    given, _, found = said_of(name)
    listed = {pages.ticked(row[0])[0] for row in pages.rows(section(name, "Outputs"))}

    own = set(found) - set(given)
    assert own <= listed <= set(found)
    assert listed == set(found) or "Each input is an output too" in section(name, "Outputs")


@pytest.mark.parametrize("heading", ["Inputs", "Outputs"])
@pytest.mark.parametrize("name", NAMES)
def test_each_language_spells_every_name(name: str, heading: str) -> None:
    given, _, found = said_of(name)
    told = written(section(name, heading))

    assert set(told) == set(SPELLINGS)
    for language, spell in SPELLINGS.items():
        missing = {spell(each) for each in (given if heading == "Inputs" else found)} - words(told[language])
        assert not missing, language


@pytest.mark.parametrize("name", TYPES)
def test_each_type_is_there_as_each_language_spells_it(name: str) -> None:
    text = (FOLDER / "types.md").read_text().partition(f"\n### {name}\n")[2].partition("\n##")[0]
    said = TYPES[name]

    listed = [pages.ticked(row[0])[0] for row in pages.rows(text)]
    if "enum" in said:
        assert listed == [each["value"] for each in said["enum"]]
        return
    assert listed == list(said["properties"])
    told = written(text)
    for language, spell in SPELLINGS.items():
        assert {spell(each) for each in said["properties"]} <= words(told[language]), language


@pytest.mark.parametrize("name", [name for name, said in TYPES.items() if "enum" in said])
def test_every_language_can_read_the_names_of_words(name: str) -> None:
    for word, (typescript, python, go) in native_sdk.words(name).items():
        plain = re.sub("[_-]", "", word).lower()
        assert typescript.lower() == f"{name}.{plain}".lower()
        assert python == f"{name}.{word.replace('-', '_').upper()}"
        assert go.lower() == f"{name}{plain}".lower()


def test_the_guides_programs_are_those_of_the_reference() -> None:
    of = native_examples.programs
    for language in native_programs.LANGUAGES:
        assert of("OrganizationFeatureSet")[language] == native_programs.program(language)
    assert of("AllFeaturesGate")["yaml"] == native_programs.program("gate")
    assert of("AllFeaturesOrganization")["yaml"] == native_programs.program("component")


def test_the_site_makes_tabs_of_what_is_told_for_each_language() -> None:
    page = tabs.block({"yaml": "```yaml\na:\n  - b\n```", "go": "One.\n\nTwo."})

    assert tabs.in_tabs(f"Before\n\n{page}\n\nBehind\n") == (
        'Before\n\n=== "YAML"\n\n    ```yaml\n    a:\n      - b\n    ```\n\n'
        '=== "Go"\n\n    One.\n\n    Two.\n\n\nBehind\n'
    )
