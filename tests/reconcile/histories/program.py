"""One resource in a program, through one of the edges, and an engine's part in its life, in this process.

To the provider each command is a process of its own. AWS is the emulator, over HTTP; what the provider sleeps
passes on the emulator's clock.
"""

from __future__ import annotations

import abc
import contextlib
import functools
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features.approver import fan_out
from aws_org_features.lifecycle import migration
from aws_org_features.migration.reconcile import MigrationReconciler

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_emulator import Emulator


class Failed(Exception):  # noqa: N818 - that a command fails is an outcome
    """A command failed by an error of ours, or was refused by `check`."""


class Program(abc.ABC):
    """Declares one `OrganizationFeatureSet`, under one name at a time.

    Args:
        org: The organization that it declares.

    Attributes:
        account: Whose credentials the commands have.
        declared: The inputs, by the core's names.
        state: What the stack has, by URN, in the edge's own form.
        heard: What was said, in all commands.
        warned: What the last command warned of.
        announced: The steps that it announced, as the input.
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
        self.state: dict[str, Any] = {}
        self.heard: list[str] = []
        self.warned: list[str] = []
        self.announced: dict[str, Any] = {}
        self._names = 1

    @property
    def name(self) -> str:
        """The resource's present name."""
        return f"all-features-{self._names}"

    def rename(self) -> None:
        """Give it another name in the program."""
        self._names += 1

    def applied(self) -> dict[str, Any]:
        """The inputs of a destroy: those that were declared when it was last applied."""
        found = max(self.recorded(), key=lambda inputs: inputs["on_destroy"] == "cancel", default={})
        return {**self.declared, **found}

    @property
    @abc.abstractmethod
    def outputs(self) -> dict[str, Any]:
        """The resource's outputs in the state, by the core's names; empty before it is made."""

    @abc.abstractmethod
    def recorded(self) -> list[dict[str, Any]]:
        """The inputs in the state, under each of the resource's names, by the core's names."""

    # Commands

    @abc.abstractmethod
    def up(self, *, refresh: bool = False) -> None:
        """Create or update what is declared, then delete what no longer is.

        Args:
            refresh: Whether to read everything before.

        Raises:
            Failed: Something failed; what was done before is kept.
        """

    @abc.abstractmethod
    def preview(self) -> bool:
        """Say whether an `up` would do something."""

    @abc.abstractmethod
    def refresh(self) -> None:
        """Read everything again."""

    @abc.abstractmethod
    def destroy(self) -> None:
        """Delete everything."""

    @abc.abstractmethod
    def get(self) -> None:
        """Ask the function that programs have, where the organization stands."""

    # What it runs in

    @contextlib.contextmanager
    def process(self) -> Iterator[None]:
        """A command, whose provider never really waits."""
        self.warned, self.announced = [], {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(time, "sleep", self.wait)
            patch.setattr(fan_out, "WORKERS", 1)  # or faults would meet another call each time
            patch.setattr(
                migration,
                "MigrationReconciler",
                functools.partial(MigrationReconciler, sleep=self.wait, clock=self.org.clock.elapsed),
            )
            yield

    def hear(self, text: str, severity: str) -> None:
        """Take down what is said."""
        self.heard.append(text)
        if severity.lower() == "warning":
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
