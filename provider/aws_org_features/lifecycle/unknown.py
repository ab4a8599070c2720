"""Values that aren't known yet in a preview. Each edge hands them over as `UNKNOWN`."""

from __future__ import annotations

from typing import Any, Final


class Unknown:
    """A placeholder for a value that only the run itself will tell."""

    def __repr__(self) -> str:
        """Show it in messages."""
        return "<not known yet>"


UNKNOWN: Final = Unknown()


def is_known(value: Any) -> bool:
    """Return whether a value is known already, which in a preview not all are."""
    return not isinstance(value, Unknown)


def all_known(value: Any) -> bool:
    """Return whether a value and everything within it is known."""
    if isinstance(value, dict):
        return all(all_known(part) for part in value.values())
    if isinstance(value, list | tuple):
        return all(all_known(part) for part in value)
    return is_known(value)
