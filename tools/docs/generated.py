"""Tables and diagrams in the documentation that are drawn from code, by the names that pages call them by.

A page says where one goes: between `<!-- generated: NAME -->` and `<!-- /generated -->`. What
docs/performance.md shows is drawn by `bench.page`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tools.docs import (
    blocks,
    emulator,
    evidence,
    native_reference,
    org_features,
    plan,
    public_api,
    report,
    settings,
    status,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KIND: Final = "generated"
GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    **settings.GENERATED,
    **emulator.GENERATED,
    **org_features.GENERATED,
    **plan.GENERATED,
    **status.GENERATED,
    **report.GENERATED,
    **evidence.GENERATED,
    **public_api.GENERATED,
    **native_reference.GENERATED,
}


def filled(page: str, generated: Mapping[str, Callable[[], str]] = GENERATED) -> str:
    """A page with its tables as they should be."""
    return blocks.filled(page, KIND, generated, lambda name: generated[name]())
