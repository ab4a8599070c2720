"""The state, beside what AWS shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def changed(kept: Mapping[str, Any], outputs: Mapping[str, Any]) -> bool:
    """Return whether the record says something that is no longer so.

    `message` is words made of the other outputs: better words in a newer version are no change.

    Args:
        kept: The outputs in the state.
        outputs: Those of the last look.
    """
    return any(kept.get(name) != value for name, value in outputs.items() if name != "message")
