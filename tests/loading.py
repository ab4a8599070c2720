"""botocore's models, loaded once for all of a process's sessions.

Each session looks through all of botocore's services and reads the models that it needs. Tests, which begin
with a new session each, would spend more on that than on what they try.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.loaders import Loader

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True, scope="session")
def _models_are_loaded_once() -> Iterator[None]:
    """Let what one loader has found be what each has; botocore itself never changes it."""
    found: dict[Any, Any] = {}
    begin = Loader.__init__

    def beginning(self: Loader, *arguments: Any, **named: Any) -> None:
        begin(self, *arguments, **named)
        self._cache = found  # type: ignore[attr-defined]  # where botocore keeps it

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Loader, "__init__", beginning)
        yield
