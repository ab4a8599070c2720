"""One resource in a program, and an engine's part in its life, in this process.

The provider's own methods are called in the engine's order, with what the engine would hand over: inputs and
outputs pass through JSON at each step, numbers come back as floats, and top-level Nones vanish. To the
provider each command is a process of its own. AWS is the emulator, over HTTP; what the provider sleeps passes
on the emulator's clock.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import json
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features.approver import fan_out
from aws_org_features.lifecycle import migration
from aws_org_features.lifecycle.run_caches import RunCaches
from aws_org_features.migration.reconcile import MigrationReconciler
from aws_org_features.resources import engine
from aws_org_features.resources import provider as edge
from aws_org_features.resources.feature_set import OrganizationFeatureSetProvider

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_org_emulator import Emulator

    Provider = OrganizationFeatureSetProvider


class Failed(Exception):  # noqa: N818 - that a command fails is an outcome
    """A command failed by an error of ours, or was refused by `check`."""


@dataclass
class Kept:
    """What a stack's state holds of a resource."""

    inputs: dict[str, Any]
    outputs: dict[str, Any]


@dataclass
class Plan:
    """What a saved plan holds of a resource.

    Attributes:
        inputs: As `check` returned them.
        changes: Whether it is created or updated.
    """

    inputs: dict[str, Any]
    changes: bool


class Program:
    """Declares one `OrganizationFeatureSet`, under one name at a time.

    Args:
        org: The organization that it declares.
    """

    def __init__(self, org: Emulator) -> None:
        self.org = org
        self.account = org.management
        self.declared: dict[str, Any] = {
            "organization_id": org.organization_id,
            "feature_set": "ALL",
            "finalize": True,
            "attempt": 1,
            "wait_until": "requested",
            "timeout": "30m",
            "on_destroy": "leave",
            "observe": "diff",
        }
        self.state: dict[str, Kept] = {}
        self.heard: list[str] = []
        self.warned: list[str] = []
        self.announced: dict[str, Any] = {}
        self._names = 1

    @property
    def urn(self) -> str:
        """The resource's, under its present name."""
        return f"urn:pulumi:stack::project::pulumi-python:dynamic/organizations::all-features-{self._names}"

    @property
    def outputs(self) -> dict[str, Any]:
        """What the state holds of it; empty before it is made."""
        kept = self.state.get(self.urn)
        return kept.outputs if kept else {}

    def applied(self) -> dict[str, Any]:
        """What a destroy goes by: what was declared when it was last applied."""
        kept = [each.inputs for each in self.state.values()]
        return {**self.declared, **max(kept, key=lambda inputs: inputs["on_destroy"] == "cancel", default={})}

    def rename(self) -> None:
        """Give it another name in the program."""
        self._names += 1

    # Commands

    def up(self, *, refresh: bool = False, plan: Plan | None = None) -> None:
        """Create or update what is declared, then delete what no longer is.

        Args:
            refresh: Whether to read everything before.
            plan: What it is held to.

        Raises:
            Failed: Something failed; what was done before is kept.
        """
        with self.process() as provider:
            if refresh:
                self._read(provider)
            self._register(provider, plan)
            for urn in [urn for urn in self.state if urn != self.urn]:
                self._delete(provider, urn)

    def preview(self) -> bool:
        """Say whether an `up` would do something."""
        return self.plan().changes

    def plan(self) -> Plan:
        """Say what an `up` would do, for one that is held to it."""
        with self.process() as provider:
            news = self._checked(provider)
            kept = self.state.get(self.urn)
            return Plan(news, changes=kept is None or self._differs(provider, kept, news))

    def refresh(self) -> None:
        """Read everything anew."""
        with self.process() as provider:
            self._read(provider)

    def destroy(self) -> None:
        """Delete everything."""
        with self.process() as provider:
            for urn in list(self.state):
                self._delete(provider, urn)

    # The engine's steps

    def _register(self, provider: Provider, plan: Plan | None) -> None:
        news, kept = self._checked(provider), self.state.get(self.urn)
        if plan is not None and news != plan.inputs:
            raise Failed(f"violates plan: {news['steps']}, not {plan.inputs['steps']}")
        if kept is None:
            outputs = self._call(self.urn, provider.create, news).outs
        elif self._differs(provider, kept, news):
            if plan is not None and not plan.changes:
                raise Failed("violates plan: an update, not nothing")
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
    def process(self) -> Iterator[Provider]:
        """A provider that remembers nothing of other commands, and never really waits."""
        self.warned, self.announced = [], {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(time, "sleep", self.wait)
            patch.setattr(fan_out, "WORKERS", 1)  # or faults would meet another call each time
            patch.setattr(edge, "_runs", [RunCaches()])
            patch.setattr(
                migration,
                "MigrationReconciler",
                functools.partial(MigrationReconciler, sleep=self.wait, clock=self.org.clock.elapsed),
            )
            patch.setattr(engine, "_send", self._hear)
            patch.setattr(engine, "_silence_tracebacks", lambda: None)
            provider = OrganizationFeatureSetProvider()
            provider.configure(SimpleNamespace(config=SimpleNamespace(get=self.configuration().get)))  # type: ignore[arg-type]
            yield provider

    def _hear(self, text: str, severity: str, *_: Any, **__: Any) -> None:
        self.heard.append(text)
        if severity == "WARNING":
            self.warned.append(text)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.org.clock.advance(seconds=seconds)

    def configuration(self) -> dict[str, str]:
        """The stack's, as the account that acts."""
        keys = self.org.credentials(self.account)
        endpoints = dict.fromkeys(("organizations", "sts", "iam"), self.org.endpoint)
        return {
            "aws:region": "us-east-1",
            "aws:accessKey": keys.access_key_id,
            "aws:secretKey": keys.secret_access_key,
            "aws:endpoints": json.dumps([endpoints]),
        }


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    """Values as they come back from the engine."""
    given = {name: value for name, value in values.items() if value is not None}
    stored: dict[str, Any] = json.loads(json.dumps(given), parse_int=float)
    return stored
