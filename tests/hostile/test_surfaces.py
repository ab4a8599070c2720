"""All that people type, and all that AWS answers, can only be read: everywhere, in every form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.hostile.strings import EVERY, HARMLESS, STRINGS
from tests.hostile.surfaces import SURFACES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hostile.surfaces import Rig
    from tests.shares import Share

SECTION: Final = "Hostile data"
_EXPECTED: Final[dict[str, dict[str, str]]] = {}


def expected(rig: Rig, surface: str) -> dict[str, str]:
    """Text that a surface makes of a harmless string, by the names of documents."""
    if surface not in _EXPECTED:
        shown = rig.shown(SURFACES[surface], HARMLESS)
        _EXPECTED[surface] = {document.name: document.text for document in shown}
    return _EXPECTED[surface]


@pytest.mark.parametrize("surface", SURFACES)
def test_a_harmless_string_is_shown(rig: Rig, surface: str) -> None:
    shown = rig.shown(SURFACES[surface], HARMLESS)
    assert [document for document in shown if HARMLESS in document.text]


@pytest.mark.parametrize("surface", SURFACES)
def test_a_hostile_string_can_only_be_read(
    rig: Rig, surface: str, counted: Callable[[str, str, int], None], share: Share
) -> None:
    harmless = expected(rig, surface)
    names = strings(share)
    documents = 0
    for name in names:
        try:
            documents += tried(rig, surface, EVERY[name], harmless)
        except BaseException as error:
            error.add_note(f"{name} on {surface}")
            raise
    counted(SECTION, "strings on a surface", len(names))
    counted(SECTION, "documents that were well-formed and inert", documents)


def strings(share: Share) -> list[str]:
    """The names of one string of each kind, or of all the others."""
    by_kind = [[name for name in EVERY if name.startswith(f"{kind}-".replace(" ", "-"))] for kind in STRINGS]
    return [name for names in by_kind for name in share.of(names, every=len(names))]


def tried(rig: Rig, surface: str, text: str, harmless: dict[str, str]) -> int:
    """Show a string on a surface, and hold each document to its check; how many there were."""
    shown = rig.shown(SURFACES[surface], text)
    assert {document.name for document in shown} >= harmless.keys() - {"told"}
    for document in shown:
        document.check(document.text, harmless.get(document.name, ""))
    return len(shown)


def test_every_string_is_in_one_share_or_the_other(share: Share) -> None:
    other = type(share)(share.seed, chosen=not share.chosen)
    assert sorted(strings(share) + strings(other)) == sorted(EVERY)
    assert len(strings(share)) == (len(STRINGS) if share.chosen else len(EVERY) - len(STRINGS))
