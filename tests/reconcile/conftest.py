"""The core against an emulated organization over HTTP, without an engine: fast enough for every fault."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import pytest

from aws_org_features.aws import Connection, Endpoints, Organizations
from aws_org_features.aws.connection import StaticKeys
from aws_org_features.migration.reconcile import MigrationReconciler, Outcome
from aws_org_features.migration.run_cache import MigrationCache
from aws_org_features.migration.state import recorded_from
from aws_org_features.model.migration import Decision, Desired

if TYPE_CHECKING:
    from aws_org_emulator import Emulator


class HasOutputs(Protocol):
    """The outcome of a command."""

    @property
    def outputs(self) -> dict[str, Any]: ...


Out = TypeVar("Out", bound=HasOutputs)
Out_co = TypeVar("Out_co", bound=HasOutputs, covariant=True)


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


class Reconciles(Protocol[Out_co]):
    """A reconciler that acts for a resource in one command."""

    def apply(self) -> Out_co: ...
    def look(self) -> Out_co: ...


class Kept(Generic[Out]):
    """The engine, as the core sees it: it keeps the outputs, and each command is a run of its own."""

    def __init__(self, org: Emulator, account_id: str) -> None:
        self.outputs: dict[str, Any] = {}
        self.heard = Heard()
        self.connection = acting_as(org, account_id)

    def reconciler(self, run: Any = None) -> Reconciles[Out]:
        raise NotImplementedError

    def up(self, run: Any = None) -> Out:
        return self._keep(self.reconciler(run).apply())

    def refresh(self) -> Out:
        return self._keep(self.reconciler().look())

    def _keep(self, outcome: Out) -> Out:
        self.outputs = outcome.outputs
        return outcome

    @property
    def status(self) -> str:
        return str(self.outputs.get("status", "nothing"))

    @property
    def record(self) -> Any:
        """The record, to begin again with."""
        return self.outputs

    @record.setter
    def record(self, record: Any) -> None:
        self.outputs = record


def acting_as(org: Emulator, account_id: str) -> Connection:
    """Act as an account of an emulated organization."""
    keys = org.credentials(account_id)
    return Connection(
        region="us-east-1",
        keys=StaticKeys(keys.access_key_id, keys.secret_access_key),
        endpoints=Endpoints(org.endpoint, org.endpoint, org.endpoint),
    )


class Resource(Kept[Outcome]):
    """A feature set."""

    def __init__(self, org: Emulator) -> None:
        super().__init__(org, org.management)
        self.desired = Desired(org.organization_id)

    def declare(self, **changes: Any) -> None:
        self.desired = replace(self.desired, **changes)

    def look(self) -> Outcome:
        return self.reconciler().look()

    def reconciler(self, run: MigrationCache | None = None) -> MigrationReconciler:
        return MigrationReconciler(
            Organizations(self.connection),
            self.desired,
            recorded_from(self.outputs),
            self.heard,
            run or MigrationCache(),
            sleep=lambda _: None,
        )

    def destroy(self, run: MigrationCache | None = None) -> Decision:
        return self.reconciler(run).cancel_if_free()


@pytest.fixture
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass in which what retries would wait."""
    monkeypatch.setattr(time, "sleep", lambda _: None)


@pytest.fixture
def every_position(request: pytest.FixtureRequest) -> bool:
    """Return whether each fault is to happen at each call of an operation."""
    return bool(request.config.getoption("--every-position"))


@pytest.fixture
def resource(org: Emulator) -> Resource:
    return Resource(org)
