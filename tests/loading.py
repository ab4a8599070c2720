"""Loading of botocore's models, once for all of a process's sessions.

Each session looks through all of botocore's services, reads the models that it needs, and works out names and
signatures that are always the same. Tests, which begin with a new session each, would spend more on that than
on what they try.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from botocore import hooks, useragent
from botocore.loaders import Loader

if TYPE_CHECKING:
    from collections.abc import Callable


def share_models() -> None:
    """Let what one session has found be what each has from now on; botocore itself never changes it."""
    _share(Loader, "_cache")
    _share(hooks.EventAliaser, "_alias_name_cache")  # of one set of aliases, which is botocore's own
    useragent.sanitize_user_agent_string_component = functools.cache(
        useragent.sanitize_user_agent_string_component
    )
    hooks.accepts_kwargs = _once(hooks.accepts_kwargs)  # type: ignore[assignment]


def _share(kind: type[Any], cache: str) -> None:
    """Let all of a kind have one cache."""
    found: dict[Any, Any] = {}
    begin = kind.__init__

    @functools.wraps(begin)
    def beginning(self: Any, *arguments: Any, **named: Any) -> None:
        begin(self, *arguments, **named)
        setattr(self, cache, found)

    kind.__init__ = beginning


def _once(asked: Callable[[Any], object]) -> Callable[[Any], object]:
    """Ask of each function once; of a method, of what it is a method of."""
    known: dict[Any, object] = {}

    def answer(function: Any) -> object:
        key = getattr(function, "__func__", function)
        if key not in known:
            known[key] = asked(function)
        return known[key]

    return answer


def pytest_configure() -> None:
    """Share them among all tests of a process."""
    share_models()
