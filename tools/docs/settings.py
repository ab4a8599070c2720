"""pulumi-aws's settings in docs/settings.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.lifecycle import aws_settings
from tools.docs.blocks import table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def settings() -> str:
    """The settings that are followed, refused, or of no concern."""
    kinds = (
        ("supported", aws_settings.FOLLOWED),
        ("an error", {name: f"instead, {instead}" for name, instead in aws_settings.REFUSED.items()}),
        ("no effect", aws_settings.APART),
    )
    rows = [(name, kind, text) for kind, names in kinds for name, text in names.items()]
    return table(("setting", "", ""), ((f"`aws:{name}`", kind, text) for name, kind, text in sorted(rows)))


GENERATED: Final[Mapping[str, Callable[[], str]]] = {"settings": settings}
