"""botocore's models, loaded once for all of a process's sessions.

Each session looks through all of botocore's services and reads the models that it needs. Tests, which begin
with a new session each, would spend more on that than on what they try.
"""

from __future__ import annotations

import functools
from typing import Any

from botocore.loaders import Loader


def share_models() -> None:
    """Let what one loader has found be what each has from now on; botocore itself never changes it."""
    found: dict[Any, Any] = {}
    begin = Loader.__init__

    @functools.wraps(begin)
    def beginning(self: Loader, *arguments: Any, **named: Any) -> None:
        begin(self, *arguments, **named)
        self._cache = found  # type: ignore[attr-defined]  # where botocore keeps it

    Loader.__init__ = beginning  # type: ignore[method-assign]


def pytest_configure() -> None:
    """Share them among all tests of a process."""
    share_models()
