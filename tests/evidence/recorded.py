"""Recordings of an emulated organization: every client's answers, and those alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_org_features.aws.recorder import Recorder
from aws_org_features.evidence.answer import Answer, answers
from aws_org_features.evidence.recording import Recording, read

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator


class Recorded:
    """Clients of an organization whose answers are recorded, by its own clock.

    Args:
        org: The organization.
        path: The recording.
    """

    def __init__(self, org: Emulator, path: Path) -> None:
        self.org = org
        self.path = path
        self._recorder = Recorder(path, lambda: org.clock.now().timestamp())
        self._clients: dict[str, Any] = {}

    def client(self, account_id: str = "") -> Any:
        """An account's client; the management account's by default."""
        whose = account_id or self.org.management
        if whose not in self._clients:
            self._clients[whose] = self.org.client("organizations", whose)
            self._recorder.attach(self._clients[whose], "organizations", whose, whose)
        return self._clients[whose]

    def answers(self) -> dict[str, Answer]:
        return answered(self.path)


def recordings(*paths: Path) -> list[Recording]:
    return [each for path in paths for each in read(path.name, path.read_text("ascii").splitlines())]


def answered(*paths: Path) -> dict[str, Answer]:
    """Answers of recordings, by the questions' names."""
    return {each.question.name: each for each in answers(recordings(*paths))}
