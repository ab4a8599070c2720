"""A feature set that goes through an edge, as the paths and the faults take the core's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from aws_org_features.model.migration import Approver
from tests.reconcile.histories.dynamic import DynamicProgram
from tests.reconcile.histories.native import NativeProgram

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.reconcile.histories.program import Program


class Edge:
    """A feature set that a program declares; as in the core, a destroy cancels what it may."""

    kind: ClassVar[type[Program]]

    def __init__(self, org: Emulator) -> None:
        self._program = self.kind(org)
        self._program.declared["on_destroy"] = "cancel"

    def declare(self, **changes: Any) -> None:
        """Change inputs, by the core's names and values."""
        self._program.declared.update({name: _input(value) for name, value in changes.items()})

    def up(self) -> None:
        self._program.up()

    def look(self) -> None:
        self._program.preview()

    def refresh(self) -> None:
        self._program.refresh()

    def destroy(self) -> None:
        self._program.destroy()

    def hear_anew(self) -> None:
        """Forget what was said."""
        self._program.heard.clear()

    def said(self, text: str) -> bool:
        """Return whether somebody has read a text since."""
        return any(text in told for told in self._program.heard)

    @property
    def outputs(self) -> dict[str, Any]:
        return self._program.outputs

    @property
    def status(self) -> str:
        return str(self.outputs.get("status", "nothing"))

    @property
    def record(self) -> Any:
        """The record, to begin again with."""
        return self._program.state

    @record.setter
    def record(self, record: Any) -> None:
        self._program.state = record

    @property
    def unfinished(self) -> list[str]:
        """The state of a create or an update that failed half-way."""
        return []


class Dynamic(Edge):
    """The dynamic resource: a failure half-way is reported, and the state says nothing of it."""

    kind = DynamicProgram


class Native(Edge):
    """The native resource."""

    kind = NativeProgram

    @property
    def unfinished(self) -> list[str]:
        return [reason for kept in self._program.state.values() for reason in kept.init_errors]


EDGES: dict[str, type[Edge]] = {"dynamic": Dynamic, "native": Native}


def _input(value: Any) -> Any:
    if isinstance(value, Approver):
        return {"role_arn_template": value.role_arn_template, "external_id": value.external_id}
    return value
