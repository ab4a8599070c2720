"""A rig: commands and providers before an AWS of fixed answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import pytest

from aws_org_features.aws import Paces
from aws_org_features.aws.clients import clients_of
from aws_org_features.member_account.reconcile import ApprovalReconciler
from aws_org_features.migration.approve_standalone import OnBehalf
from aws_org_features.migration.reconcile import MigrationReconciler
from aws_org_features.policy_types.reconcile import PolicyTypeReconciler
from aws_org_features.trusted_services.reconcile import TrustedServiceReconciler
from tests.hostile.answers import FixedAws
from tests.hostile.surfaces import Rig

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_RECONCILERS: Final = (
    MigrationReconciler,
    ApprovalReconciler,
    PolicyTypeReconciler,
    TrustedServiceReconciler,
)


class Hurried:
    """A clock that only sleeping moves, at once."""

    def __init__(self) -> None:
        self._passed = 0.0

    def clock(self) -> float:
        return self._passed

    def sleep(self, seconds: float) -> None:
        self._passed += max(0.0, seconds)


@pytest.fixture(autouse=True, scope="module")
def _clients_are_nobody_elses() -> Iterator[None]:
    """Forget the clients: they are made of the environment, and kept for the whole process."""
    clients_of.cache_clear()
    yield
    clients_of.cache_clear()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all to write to, which is much quicker than one each."""
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> FixedAws:
    """An AWS of fixed answers, where time passes by sleeping alone."""
    hurried = Hurried()
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    for waits in (*_RECONCILERS, OnBehalf, Paces):
        defaults = waits.__init__.__kwdefaults__ or {}
        for name in {"sleep", "clock"} & defaults.keys():
            monkeypatch.setitem(defaults, name, getattr(hurried, name))
    return FixedAws().stand_in(monkeypatch)


@pytest.fixture
def rig(aws: FixedAws, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return Rig(aws, folder, monkeypatch)
