"""The SDKs are what the schema leads to, with its texts, and no part of our own distribution."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from tools import sdk, versions
from tools.docs import native_programs

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = json.loads(sdk.SCHEMA.read_text())
RESOURCE = SCHEMA["resources"]["org-features:index:OrganizationFeatureSet"]
FILES = {
    "nodejs": ("typescript", "organizationFeatureSet.ts"),
    "python": ("python", "pulumi_org_features/organization_feature_set.py"),
    "go": ("go", "orgfeatures/organizationFeatureSet.go"),
}


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for language in sdk.LANGUAGES
        for path in (folder / language).rglob("*")
        if path.is_file() and not {"__pycache__", "node_modules", "bin"} & set(path.parts)
    }


def test_they_are_of_the_present_schema() -> None:
    assert sdk.MADE_FROM.read_text() == sdk.made_from(), "make sdk writes them again"


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)  # where no engine was built, Go takes minutes
def test_they_are_what_the_schema_leads_to(tmp_path: Path) -> None:
    sdk.generate(tmp_path)

    assert files(sdk.SDK) == files(tmp_path), "make sdk writes them again"


@pytest.mark.parametrize("folder", FILES)
def test_each_tells_what_everything_is_and_shows_a_program(folder: str) -> None:
    language, name = FILES[folder]
    # Without what a line of a comment begins with.
    told = re.sub(r"^\s*(//|\*)?\s*", "", (sdk.SDK / folder / name).read_text(), flags=re.MULTILINE)

    for each in RESOURCE["inputProperties"].values():
        assert each["description"] in told
    for line in native_programs.program(language).splitlines():
        assert line.strip() in told


def test_a_distribution_of_ours_has_none_of_them() -> None:
    root = str(sdk.ROOT)
    for builder in (SdistBuilder(root), WheelBuilder(root)):
        held = {each.relative_path for each in builder.recurse_included_files()}

        assert any(path.endswith("aws_org_features/plugin/schema.json") for path in held)
        assert not [path for path in held if path.startswith("sdk/") or "pulumi_org_features" in path]


def test_go_programs_are_tried_with_the_engines_own_version() -> None:
    text = (sdk.ROOT / "tests" / "new_projects" / "go" / "go.mod").read_text()

    assert f"require github.com/pulumi/pulumi/sdk/v3 v{versions.ENGINE}\n" in text
