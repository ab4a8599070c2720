"""A stack's memory between commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

STACK: Final = "pulumi:pulumi:Stack"


@dataclass
class Resource:
    """One resource of a state.

    Attributes:
        urn: What the engine calls it.
        custom: Whether a provider makes it; a component has none.
        id: The provider's name for it.
        inputs: As they were checked.
        outputs: As the provider gave them.
    """

    urn: str
    custom: bool
    id: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """The type, without its parents'."""
        return type_of(self.urn)

    @property
    def name(self) -> str:
        """The name in the program."""
        return self.urn.rpartition("::")[2]


@dataclass
class State:
    """A stack's resources in the order in which they were registered, and how its provider was configured."""

    resources: dict[str, Resource] = field(default_factory=dict)
    configuration: dict[str, str] = field(default_factory=dict)


def type_of(urn: str) -> str:
    """The type that a URN names last."""
    return urn.split("::")[2].rpartition("$")[2]


def urn_of(stack: str, project: str, parent: str, kind: str, name: str) -> str:
    """The URN of a resource; of its parents it has the types, but for the stack's."""
    types = parent.split("::")[2] if parent and type_of(parent) != STACK else ""
    qualified = f"{types}${kind}" if types else kind
    return f"urn:pulumi:{stack}::{project}::{qualified}::{name}"
