"""A desk: commands and providers before an AWS of fixed answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from aws_org_features.aws.connection import clients_of
from tests.hostile.answers import FixedAws
from tests.hostile.surfaces import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True, scope="module")
def _clients_are_nobody_elses() -> Iterator[None]:
    """They are made of the environment, and kept for the whole process."""
    clients_of.cache_clear()
    yield
    clients_of.cache_clear()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """To write to: one for all, which is quicker by much than one each."""
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> FixedAws:
    """An AWS of fixed answers, where nobody waits."""
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    return FixedAws().stand_in(monkeypatch)


@pytest.fixture
def desk(aws: FixedAws, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(aws, folder, monkeypatch)
