"""Somebody's desk: commands that are typed there against an emulated organization, and what they print."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from click.testing import CliRunner

from aws_org_emulator import Emulator, Member, Scenario
from aws_org_features.aws.connection import clients_of
from aws_org_features.cli.environment import World
from aws_org_features.cli.group import org_features
from tools.approval_docs import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_org_features.cli.exit_codes import Exit

_NAMED: Final = (
    "Payments",
    "Data platform",
    "Acquired in March",
    "Old sandbox",
    "Partner",
    "Retail stores north",
)
SANDBOX, PARTNER, RETAIL = "222222222225", "222222222226", "222222222227"
ORGANIZATION: Final = Scenario(
    invited=0,
    start=datetime(2026, 11, 3, 9, tzinfo=UTC),
    members=tuple(
        Member(str(222222222222 + n), name=name, state="SUSPENDED" if name == "Old sandbox" else "ACTIVE")
        for n, name in enumerate(_NAMED)
    ),
)


@dataclass
class Desk:
    """Where somebody sits and types, in front of a terminal or not; time passes by sleeping alone."""

    org: Emulator
    passed: float = 0.0

    def type(
        self, command: str, ends: Exit, happens: Mapping[float, Callable[[], object]] | None = None
    ) -> str:
        """Type a command, which must end in this way, while things happen; gives what it prints."""
        due = dict(happens or {})

        def sleep(seconds: float) -> None:
            self.passed += seconds
            self.org.clock.advance(seconds=seconds)
            for second in [second for second in due if second <= self.passed]:
                due.pop(second)()

        screen = None if happens or "--json" in command else os.terminal_size((80, 24))
        here = World(self.org.clock.now, lambda: self.passed, sleep, lambda: screen)
        done = CliRunner().invoke(
            org_features, command.partition(" | ")[0].split()[1:], env=self._environment(), obj=here
        )
        if done.exit_code != ends or done.stderr:
            raise RuntimeError(done.output)
        language = "json" if "--json" in command else "text"
        shown = "\n".join(row for line in done.stdout.splitlines() for row in folded(line, language))
        return f"```sh\n{command}\n```\n\n```{language}\n{shown}\n```"

    def _environment(self) -> dict[str, str | None]:
        keys = self.org.credentials(self.org.management)
        clients_of.cache_clear()  # made of the environment
        return {
            "AWS_ENDPOINT_URL": self.org.endpoint,
            "AWS_ACCESS_KEY_ID": keys.access_key_id,
            "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
            "AWS_PROFILE": None,
            "AWS_REGION": "us-east-1",
            "NO_PROXY": "127.0.0.1",
        }
