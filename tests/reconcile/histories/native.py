"""The native resource in a program: its servicer, asked by gRPC in the engine's order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format  # type: ignore[import-untyped]

from aws_org_features.plugin import schema, wire
from tests.harness.native import Native, Ran
from tests.reconcile.histories.program import Failed, Program

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator

_INPUTS = schema.inputs(schema.FEATURE_SET)


class NativeProgram(Program):
    """Declares the native resource."""

    def __init__(self, org: Emulator) -> None:
        super().__init__(org)
        self._native = Native(org)

    @property
    def outputs(self) -> dict[str, Any]:
        """The outputs in the state; empty before it is made."""
        self._lend()
        return {} if self._native.record is None else self._native.kept()

    def recorded(self) -> list[dict[str, Any]]:
        """The inputs in the state, under each of the resource's names."""
        return [wire.read(kept.inputs, _INPUTS) for kept in self.state.values()]

    # Commands

    def up(self, *, refresh: bool = False) -> None:
        """Create or update what is declared, then delete what no longer is."""
        self._run(lambda: self._native.up(refresh=refresh))

    def preview(self) -> bool:
        """Say whether an `up` would do something."""
        return self._run(self._native.preview).op in {"create", "update"}

    def refresh(self) -> None:
        """Read everything again."""
        self._run(self._native.refresh)

    def destroy(self) -> None:
        """Delete everything."""
        self._run(self._native.destroy)

    def get(self) -> None:
        """Ask the function that programs have."""
        self._run(lambda: self._native.ask(organizationId=self.org.organization_id))

    def _run(self, command: Callable[[], Ran]) -> Ran:
        self._lend()
        with self.process():
            ran = command()
        self.state = self._native.state
        if ran.inputs is not None:
            self.announced = wire.read(ran.inputs, _INPUTS).get("steps") or {}
        for severity, text in ran.messages:
            self.hear(text, severity)
        assert not ran.error.startswith("unexpected: "), ran.error
        if ran.error:
            raise Failed(ran.error)
        return ran

    def _lend(self) -> None:
        """Let the engine's part have what the program and its stack are now."""
        given = {name.removeprefix("aws:"): value for name, value in self.configuration().items()}
        self._native.settings = {**given, "endpoints": json.loads(given["endpoints"])}
        self._native.declared = json_format.MessageToDict(wire.write(self.declared, _INPUTS))
        self._native.name, self._native.state = self.name, self.state
