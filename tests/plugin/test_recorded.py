"""The native provider's recordings of AWS's answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aws_org_features.aws.clients import RECORD, clients_of
from tests.harness.native import Native

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from aws_org_emulator import Emulator


def whole(org: Emulator) -> list[tuple[str, str]]:
    """The calls of a migration, by a provider that starts."""
    clients_of.cache_clear()
    native = Native(org)
    for ran in (native.preview(), native.up(), native.refresh()):
        assert ran.error == ""
    org.approve_all()
    assert native.up().outputs["status"] == "ENABLED"
    assert native.refresh().error == ""
    return sorted(org.log)


def test_a_recording_adds_no_call(org: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "aws.jsonl"
    without = whole(org)
    assert not path.exists()
    org.stop()
    org.start()
    monkeypatch.setenv(RECORD, str(path))
    assert whole(org) == without
    lines = [json.loads(line)["operation"] for line in path.read_text("ascii").splitlines()]
    assert sorted(lines) == [operation for operation, _ in without if operation != "GetCallerIdentity"]
