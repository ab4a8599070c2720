"""What docs/settings.md shows of pulumi-aws's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.lifecycle import aws_settings
from tools.docs.blocks import table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def settings() -> str:
    """Which are followed, which are refused, which have nothing to do with this."""
    kinds = (
        ("followed", aws_settings.FOLLOWED),
        ("refused", {name: f"instead, {instead}" for name, instead in aws_settings.REFUSED.items()}),
        ("apart", aws_settings.APART),
    )
    rows = [(name, kind, text) for kind, names in kinds for name, text in names.items()]
    return table(("setting", "", ""), ((f"`aws:{name}`", kind, text) for name, kind, text in sorted(rows)))


GENERATED: Final[Mapping[str, Callable[[], str]]] = {"settings": settings}
