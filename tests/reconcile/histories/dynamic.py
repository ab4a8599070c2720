"""The dynamic resource in a program.

The provider's own methods are called in the engine's order, with what the engine would hand over: inputs and
outputs pass through JSON at each step, numbers come back as floats, and top-level Nones vanish.
"""

from __future__ import annotations

import builtins
import contextlib
import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from aws_org_features.lifecycle.run_caches import RunCaches
from aws_org_features.resources import engine
from aws_org_features.resources import provider as edge
from aws_org_features.resources.feature_set import OrganizationFeatureSetProvider
from aws_org_features.resources.get_feature_set import get_organization_feature_set
from tests.reconcile.histories.program import Failed, Program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Provider = OrganizationFeatureSetProvider


@dataclass
class Kept:
    """A stack's state of a resource."""

    inputs: dict[str, Any]
    outputs: dict[str, Any]


class DynamicProgram(Program):
    """Declares the dynamic resource."""

    @property
    def urn(self) -> str:
        """The resource's, under its present name."""
        return f"urn:pulumi:stack::project::pulumi-python:dynamic/organizations::{self.name}"

    @property
    def outputs(self) -> dict[str, Any]:
        """The outputs in the state; empty before it is made."""
        kept: Kept | None = self.state.get(self.urn)
        return kept.outputs if kept else {}

    def recorded(self) -> list[dict[str, Any]]:
        """The inputs in the state, under each of the resource's names."""
        return [kept.inputs for kept in self.state.values()]

    # Commands

    def up(self, *, refresh: bool = False) -> None:
        """Create or update what is declared, then delete what no longer is."""
        with self._provider() as provider:
            if refresh:
                self._read(provider)
            self._register(provider)
            for urn in [urn for urn in self.state if urn != self.urn]:
                self._delete(provider, urn)

    def preview(self) -> bool:
        """Say whether an `up` would do something."""
        with self._provider() as provider:
            news = self._checked(provider)
            kept = self.state.get(self.urn)
            return kept is None or self._differs(provider, kept, news)

    def refresh(self) -> None:
        """Read everything again."""
        with self._provider() as provider:
            self._read(provider)

    def destroy(self) -> None:
        """Delete everything."""
        with self._provider() as provider:
            for urn in list(self.state):
                self._delete(provider, urn)

    def get(self) -> None:
        """Ask the function that programs have."""
        with self.process(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(pulumi.runtime, "get_config", self.configuration().get)
            try:
                get_organization_feature_set(organization_id=self.org.organization_id)
            except pulumi.RunError as error:
                raise Failed(str(error)) from error

    # The engine's steps

    def _register(self, provider: Provider) -> None:
        news, kept = self._checked(provider), self.state.get(self.urn)
        if kept is None:
            outputs = self._call(self.urn, provider.create, news).outs
        elif self._differs(provider, kept, news):
            outputs = self._call(self.urn, provider.update, self._id, kept.outputs, news).outs
        else:
            outputs = kept.outputs
        self.state[self.urn] = Kept(news, _stored(outputs))

    def _checked(self, provider: Provider) -> dict[str, Any]:
        kept = self.state.get(self.urn)
        checked = self._call(self.urn, provider.check, kept.inputs if kept else {}, _stored(self.declared))
        if checked.failures:
            raise Failed(checked.failures[0].reason)
        inputs = _stored(checked.inputs)
        self.announced = inputs["steps"]
        return inputs

    def _differs(self, provider: Provider, kept: Kept, news: dict[str, Any]) -> bool:
        return bool(self._call(self.urn, provider.diff, self._id, kept.outputs, news).changes)

    def _read(self, provider: Provider) -> None:
        for urn, kept in list(self.state.items()):
            found = self._call(urn, provider.read, self._id, kept.outputs)
            if not found.id:
                del self.state[urn]
                continue
            inputs = kept.inputs if found.inputs is None else _stored(found.inputs)
            self.state[urn] = Kept(inputs, _stored(found.outs))
            self._call(urn, provider.diff, self._id, self.state[urn].outputs, inputs)

    def _delete(self, provider: Provider, urn: str) -> None:
        self._call(urn, provider.delete, self._id, self.state[urn].outputs)
        del self.state[urn]

    @property
    def _id(self) -> str:
        return str(self.declared["organization_id"])

    def _call(self, urn: str, method: Callable[..., Any], *arguments: Any) -> Any:
        request = SimpleNamespace(urn=urn)  # the provider finds it in its callers, as it finds the SDK's
        try:
            return method(*arguments)
        except Exception as error:
            # Ours are named by their references; anything else is a bug.
            ours = type(error).__module__ == "builtins" and not hasattr(builtins, type(error).__name__)
            if not ours:
                raise
            raise Failed(f"{type(error).__name__}: {error}") from error
        finally:
            del request

    @contextlib.contextmanager
    def process(self) -> Iterator[None]:
        """A command, whose provider remembers nothing of others."""
        with super().process(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(edge, "_runs", [RunCaches()])
            patch.setattr(engine, "_send", lambda text, severity, *_, **__: self.hear(text, severity))
            patch.setattr(engine, "_silence_tracebacks", lambda: None)
            yield

    @contextlib.contextmanager
    def _provider(self) -> Iterator[Provider]:
        with self.process():
            provider = OrganizationFeatureSetProvider()
            provider.configure(SimpleNamespace(config=SimpleNamespace(get=self.configuration().get)))  # type: ignore[arg-type]
            yield provider


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    """Values as they come back from the engine."""
    given = {name: value for name, value in values.items() if value is not None}
    stored: dict[str, Any] = json.loads(json.dumps(given), parse_int=float)
    return stored
