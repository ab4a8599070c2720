"""The core against an emulated organization over HTTP, without an engine: fast enough for every fault."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features.aws import Connection, Endpoints, Organizations
from aws_org_features.aws.connection import StaticKeys
from aws_org_features.model import Decision, Desired
from aws_org_features.reconcile import Outcome, Reconciler
from aws_org_features.record import recorded_from
from aws_org_features.run import Run

if TYPE_CHECKING:
    from aws_org_emulator import Emulator


@dataclass
class Heard:
    """Keeps what was said."""

    lines: list[str] = field(default_factory=list)

    def info(self, text: str) -> None:
        self.lines.append(text)

    def warn(self, text: str) -> None:
        self.lines.append(f"warning: {text}")

    def progress(self, text: str) -> None:
        self.lines.append(text)


class Resource:
    """What the engine is to the core: it keeps the outputs, and each command is a run of its own."""

    def __init__(self, org: Emulator) -> None:
        keys = org.credentials(org.management)
        self.desired = Desired(org.organization_id)
        self.outputs: dict[str, Any] = {}
        self.heard = Heard()
        self.connection = Connection(
            region="us-east-1",
            keys=StaticKeys(keys.access_key_id, keys.secret_access_key),
            endpoints=Endpoints(org.endpoint, org.endpoint, org.endpoint),
        )

    def declare(self, **changes: Any) -> None:
        self.desired = replace(self.desired, **changes)

    def reconciler(self, run: Run | None = None) -> Reconciler:
        return Reconciler(
            Organizations(self.connection),
            self.desired,
            recorded_from(self.outputs),
            self.heard,
            run or Run(),
            sleep=lambda _: None,
        )

    def up(self) -> Outcome:
        outcome = self.reconciler().converge()
        self.outputs = outcome.outputs
        return outcome

    def refresh(self) -> Outcome:
        outcome = self.reconciler().look()
        self.outputs = outcome.outputs
        return outcome

    def destroy(self, run: Run | None = None) -> Decision:
        return self.reconciler(run).withdraw()

    @property
    def status(self) -> str:
        return str(self.outputs.get("status", "nothing"))


@pytest.fixture
def every_position(request: pytest.FixtureRequest) -> bool:
    """Whether each fault is to happen at each call of an operation."""
    return bool(request.config.getoption("--every-position"))


@pytest.fixture
def resource(org: Emulator) -> Resource:
    return Resource(org)
