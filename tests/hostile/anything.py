"""Strategies: any JSON, answers that half follow AWS's shapes, values that inputs may be given."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from botocore.session import get_session
from hypothesis import strategies as st

from tests.hostile.answers import ANSWERS, CREATED, INVITED, MANAGEMENT, ORGANIZATION, PARENT
from tests.hostile.strings import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.model import Shape

    Draw = Any

_SHORT: Final = tuple(text for text in TEXTS if len(text) < 500)
_DEEPEST: Final = 4

texts: Final = st.one_of(
    st.sampled_from(_SHORT),
    st.sampled_from([ORGANIZATION, MANAGEMENT, *INVITED, CREATED, PARENT, "h-", "NEW_WORD", "true", "0"]),
    st.text(st.characters(), max_size=12),
)
numbers: Final = st.one_of(
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.sampled_from([0, -1, 1e300, 253402300800, -62135596801, 1_793_696_400]),
)
times: Final = st.one_of(
    numbers,
    st.sampled_from(
        ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30", "NaN", "", "1e9"]
    ),
)
leaves: Final = st.one_of(st.none(), st.booleans(), numbers, texts)
anything: Final = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(texts, st.sampled_from(["Id", "Type"])), inner, max_size=3),
    ),
    max_leaves=6,
)
"""Any JSON, and what only Python takes for some: NaN, and halves of surrogate pairs."""


@cache
def answer_to(operation: str) -> st.SearchStrategy[Any]:
    """A possible answer of an operation of AWS Organizations: of its shape, nearly so, or anything."""
    shape = get_session().get_service_model("organizations").operation_model(operation).output_shape
    return st.one_of(_following(shape, 0), anything)


def _following(shape: Shape | None, depth: int) -> st.SearchStrategy[Any]:
    """Values that botocore's model allows, with now and then something else in them."""
    made = _of(shape, depth)
    return st.integers(0, 11).flatmap(lambda chance: made if chance else anything)


def _of(shape: Any, depth: int) -> st.SearchStrategy[Any]:
    if shape.type_name == "structure":
        members = {
            name: _following(part, depth + 1) for name, part in shape.members.items() if depth < _DEEPEST
        }
        return st.fixed_dictionaries({}, optional=members)
    if shape.type_name == "list":
        return st.lists(_following(shape.member, depth + 1), max_size=3).map(lambda found: found + found[:1])
    if shape.type_name == "string":
        return st.one_of(st.sampled_from(shape.enum), texts) if shape.enum else texts
    return {"timestamp": times, "boolean": st.booleans()}.get(shape.type_name, numbers)


@st.composite
def bent(draw: Draw, operation: str) -> list[tuple[tuple[Any, ...], Any]]:
    """Some places of an operation's usual answer, and what stands there instead."""
    places = [*_places(ANSWERS.get(operation, {"Handshakes": [ANSWERS["EnableAllFeatures"]["Handshake"]]}))]
    found: list[tuple[tuple[Any, ...], Any]] = draw(
        st.lists(st.tuples(st.sampled_from(places), st.one_of(anything, times)), min_size=1, max_size=3)
    )
    return found


def bend(answer: Any, changes: list[tuple[tuple[Any, ...], Any]]) -> Any:
    """An answer with other things in some places, as far as it has them."""
    made = deepcopy(answer)
    for place, value in changes:
        at = made
        for step in place[:-1]:
            at = at[step] if _has(at, step) else None
        if _has(at, place[-1]):
            at[place[-1]] = value
    return made


def _has(value: Any, step: Any) -> bool:
    if isinstance(value, list):
        return isinstance(step, int) and step < len(value)
    return isinstance(value, dict) and step in value


def _places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in parts:
        yield (*above, step)
        yield from _places(part, (*above, step))
