"""The contents of docs/report.md: drawn from the code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.views.report import Standing
from aws_org_features.views.report.labels import LABELS, explained
from tools.docs.blocks import table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def standings() -> str:
    """An account's standings, as a report calls them and as JSON does."""
    return table(
        ("shown as", "in JSON", ""), ((LABELS[each], f"`{each}`", explained(each)) for each in Standing)
    )


GENERATED: Final[Mapping[str, Callable[[], str]]] = {"standings": standings}
