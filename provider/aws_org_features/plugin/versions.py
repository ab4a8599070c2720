"""The version that a program's SDK is of, beside this plugin's.

The engine looks for the SDK's own version in its folder of plugins. One that `plugins:` names, or that is on
PATH, it starts in any version, and tells the plugin which was asked for.
"""

from __future__ import annotations

import re
from typing import Final

_NUMBERS: Final = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")


def lagging(asked_for: object, own: str) -> str:
    """The warning where the SDK is newer than the plugin; empty where it isn't, or doesn't say."""
    asked = _numbers(asked_for)
    if not asked or asked <= _numbers(own):
        return ""
    return (
        f"the program's SDK is of version {asked_for}, and this plugin of {own}, which lacks what is new: "
        f"install version {asked_for} of aws-org-features"
    )


def _numbers(version: object) -> tuple[int, ...]:
    found = _NUMBERS.match(version) if isinstance(version, str) else None
    return tuple(map(int, found.groups())) if found else ()
