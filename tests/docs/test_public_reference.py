"""The reference has every public name, and says of it what signature and docstring do."""

from __future__ import annotations

import inspect

import pytest

import aws_org_features
from tests.docs import pages
from tools.docs import public_api

REFERENCE = pages.ROOT / "docs" / "reference.md"
RESOURCES = public_api.SECTIONS["resources"]


def _of(name: str) -> str:
    return REFERENCE.read_text().partition(f"\n### {name}\n")[2].partition("\n### ")[0].partition("\n## ")[0]


def test_every_public_name_has_one_place() -> None:
    listed = [name for names in public_api.SECTIONS.values() for name in names]
    assert sorted(listed) == sorted(aws_org_features.__all__)
    assert all(_of(name) for name in listed)


@pytest.mark.parametrize("name", RESOURCES)
def test_a_resources_inputs_are_all_there_with_their_defaults(name: str) -> None:
    parameters = dict(inspect.signature(getattr(aws_org_features, name).__init__).parameters)
    del parameters["self"]
    listed = {pages.ticked(row[0])[0]: row[3] for row in pages.rows(_of(name).partition("| output |")[0])}
    assert list(listed) == list(parameters)
    for each, parameter in parameters.items():
        given = parameter.default
        shown = f'"{given}"' if isinstance(given, str) else str(given)
        assert listed[each] == ("" if given is parameter.empty else f"`{shown}`"), each


@pytest.mark.parametrize("name", RESOURCES)
def test_a_resources_outputs_are_all_there(name: str) -> None:
    table = "| output |" + _of(name).partition("| output |")[2].partition("\n\n")[0]
    listed = [pages.ticked(row[0])[0] for row in pages.rows(table)]
    assert listed == list(getattr(aws_org_features, name).__annotations__)


@pytest.mark.parametrize(
    ("annotation", "told"),
    [
        ("pulumi.Input[str]", "`str`"),
        ("pulumi.Input[str] | None", "`str` or `None`"),
        ("pulumi.Input[Sequence[pulumi.Input[str]]] | None", "`Sequence[str]` or `None`"),
        ("pulumi.Output[dict[str, str] | None]", "`dict[str, str]` or `None`"),
        ("pulumi.Input[Sequence[pulumi.Input[A | B]]]", "`Sequence[A or B]`"),
        (None, ""),
    ],
)
def test_a_type_is_reported_without_pulumis_wrappers(annotation: str | None, told: str) -> None:
    assert public_api._type(annotation) == told
