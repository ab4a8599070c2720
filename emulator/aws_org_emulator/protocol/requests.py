"""Parts of a request: the emulator's own headers, the credential that signs it, the depth of its body."""

import re
from collections.abc import Mapping
from typing import Any

PEOPLE_HEADER = "X-Emulator-Act"
"""Marks requests of `people.actions`: they aren't counted, no fault meets them, nothing lags for them."""

CONTROL_HEADER = "X-Emulator-Control"
"""Must be on requests that steer the emulator: a web page can't send it to another origin unasked."""

_SCOPE = 5
DEEPEST = 64
"""So deep may JSON be nested; what AWS and the emulator are asked isn't by far."""
_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


def scope_of(environ: Mapping[str, Any]) -> list[str]:
    """The credential of Signature Version 4: key, date, region, service, aws4_request. Empty if unsigned."""
    _, _, rest = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")
    scope: list[str] = rest.split(",")[0].strip().split("/")
    return scope if len(scope) >= _SCOPE else []


def too_deep(text: bytes) -> bool:
    """Return whether JSON is nested deeper than `DEEPEST`, found without reading it."""
    depth = 0
    for found in _STRUCTURE.finditer(text):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(found.group(), 0)
        if depth > DEEPEST:
            return True
    return False
