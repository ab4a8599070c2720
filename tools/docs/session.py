"""A session on a page: what somebody types, and what `org-features` prints, on an emulator or on none."""

from __future__ import annotations

import os
import re
import textwrap
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

from click.testing import CliRunner

from aws_org_emulator import Member, Scenario
from aws_org_features.aws import bounded_requests
from aws_org_features.aws.clients import clients_of
from aws_org_features.cli.environment import Environment
from aws_org_features.cli.exit_codes import Exit
from aws_org_features.cli.group import org_features

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from aws_org_emulator import Emulator

_WIDTH: Final = 108
_TERMINAL: Final = os.terminal_size((80, 24))
_HANDSHAKE: Final = re.compile(r"h-[0-9a-f]{26}")


def organization(*members: Member) -> Scenario:
    """An organization of some members, at the moment at which all pages are."""
    return Scenario(invited=0, start=datetime(2026, 11, 3, 9, tzinfo=UTC), members=members)


_NAMED: Final = (
    "Payments",
    "Data platform",
    "Acquired in March",
    "Old sandbox",
    "Partner",
    "Retail stores north",
)
SANDBOX, PARTNER, RETAIL = "222222222225", "222222222226", "222222222227"
ORGANIZATION: Final = organization(
    *(
        Member(str(222222222222 + n), name=name, state="SUSPENDED" if name == "Old sandbox" else "ACTIVE")
        for n, name in enumerate(_NAMED)
    )
)


def shown(
    command: str,
    ends: Exit = Exit.DONE,
    environment: Mapping[str, str | None] | None = None,
    here: Environment | None = None,
) -> str:
    """A command and what it prints, which must end in this way."""
    typed = command.partition(" | ")[0].split()[1:]
    # A busy machine's emulator may take seconds, of which a command speaks; a page doesn't.
    with mock.patch.object(bounded_requests, "SOON", 60.0):
        done = CliRunner().invoke(org_features, typed, env=environment, obj=here)
    told, untold = (done.stderr, done.stdout) if ends is Exit.FAILED else (done.stdout, done.stderr)
    if done.exit_code != ends or untold:
        raise RuntimeError(done.output)
    language = "json" if told.startswith("{") else "text"
    lines = told.splitlines()
    if language == "text":
        lines = [row for line in lines for row in _folded(line)]
    printed = "\n".join(lines)
    return f"```sh\n{command}\n```\n\n```{language}\n{printed}\n```"


def _folded(line: str) -> list[str]:
    """A line of what was printed, as a page shows it."""
    if len(line) <= _WIDTH:
        return [line]
    return textwrap.wrap(line, _WIDTH, subsequent_indent="  ", break_on_hyphens=False)


@dataclass
class DocSession:
    """Somebody who types in the management account; time passes by sleeping alone.

    Attributes:
        org: The organization.
        passed: The seconds that have passed.
    """

    org: Emulator
    passed: float = 0.0

    def type(
        self,
        command: str,
        ends: Exit,
        happens: Mapping[float, Callable[[], object]] | None = None,
        *,
        terminal: bool = True,
    ) -> str:
        """Type a command; gives what it prints.

        Args:
            command: The command.
            ends: How it must end.
            happens: What happens meanwhile, by the second.
            terminal: Whether it is drawn for a person, where that makes a difference.
        """
        due = dict(happens or {})

        def sleep(seconds: float) -> None:
            self.passed += seconds
            self.org.clock.advance(seconds=seconds)
            for second in [second for second in due if second <= self.passed]:
                due.pop(second)()

        screen = _TERMINAL if terminal else None
        here = Environment(self.org.clock.now, lambda: self.passed, sleep, lambda: screen)
        try:
            clients_of.cache_clear()  # made of the environment
            return shown(command, ends, self._environment(), here)
        finally:
            clients_of.cache_clear()

    def _environment(self) -> dict[str, str | None]:
        keys = self.org.credentials(self.org.management)
        return {
            "AWS_ENDPOINT_URL": self.org.endpoint,
            "AWS_ACCESS_KEY_ID": keys.access_key_id,
            "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
            "AWS_PROFILE": None,
            "AWS_REGION": "us-east-1",
            "NO_PROXY": "127.0.0.1",
            "PULUMI_STACK": "",  # not the one that is selected in this checkout
        }


def with_steady_ids(text: str, handshakes: Iterable[Mapping[str, Any] | None]) -> str:
    """A text with ids of handshakes that are the same in every run."""
    ids = {each["Id"]: f"h-{number:026x}" for number, each in enumerate(handshakes, 0x1D0) if each}
    return _HANDSHAKE.sub(lambda found: ids[found[0]], text)
