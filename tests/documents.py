"""JSON documents with something odd in each of their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1.5,
    10**400,
    float("inf"),
    "",
    "odd",
    "\ud800",
    [],
    [None],
    [[]],
    {},
    {"a": {}},
    [{}],
)
"""Values of each kind that JSON has."""


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Places of something in a record, from the record itself on."""
    yield path
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield from places(child, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    if not path:
        return by
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], by)
    return copy
