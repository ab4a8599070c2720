"""Whatever somebody typed, and whatever AWS answers, can only be read: everywhere, in every form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.hostile.strings import EVERY, HARMLESS
from tests.hostile.surfaces import SURFACES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hostile.surfaces import Desk

SECTION: Final = "Hostile data"
_EXPECTED: Final[dict[str, dict[str, str]]] = {}


def expected(desk: Desk, surface: str) -> dict[str, str]:
    """What a harmless string makes of a surface, by the names of documents."""
    if surface not in _EXPECTED:
        shown = desk.shown(SURFACES[surface], HARMLESS)
        _EXPECTED[surface] = {document.name: document.text for document in shown}
    return _EXPECTED[surface]


@pytest.mark.parametrize("surface", SURFACES)
def test_a_harmless_string_is_shown(desk: Desk, surface: str) -> None:
    shown = desk.shown(SURFACES[surface], HARMLESS)
    assert [document for document in shown if HARMLESS in document.text]


@pytest.mark.parametrize("text", EVERY)
@pytest.mark.parametrize("surface", SURFACES)
def test_a_hostile_string_can_only_be_read(
    desk: Desk, surface: str, text: str, counted: Callable[[str, str, int], None]
) -> None:
    harmless = expected(desk, surface)
    shown = desk.shown(SURFACES[surface], text)
    assert {document.name for document in shown} >= harmless.keys() - {"told"}
    for document in shown:
        document.check(document.text, harmless.get(document.name, ""))
    counted(SECTION, "strings on a surface", 1)
    counted(SECTION, "documents that were well-formed and inert", len(shown))
