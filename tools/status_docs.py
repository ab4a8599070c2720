"""What docs/status.md shows of `org-features status` and `watch`: drawn from them, or what they print."""

from __future__ import annotations

import functools
import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from click.testing import CliRunner

from aws_org_emulator import Emulator, Member, Scenario
from aws_org_features.aws.connection import clients_of
from aws_org_features.cli.exits import BY_STATUS, MEANINGS, Exit
from aws_org_features.cli.group import org_features
from aws_org_features.cli.outlook_json import schema_text
from aws_org_features.cli.world import World
from tools.approval_docs import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_HANDSHAKE: Final = re.compile(r"h-[0-9a-f]{26}")
_NAMED: Final = (
    "Payments",
    "Data platform",
    "Acquired in March",
    "Old sandbox",
    "Partner",
    "Retail stores north",
)
_SANDBOX, _PARTNER, _RETAIL = "222222222225", "222222222226", "222222222227"
ORGANIZATION: Final = Scenario(
    invited=0,
    start=datetime(2026, 11, 3, 9, tzinfo=UTC),
    members=tuple(
        Member(str(222222222222 + n), name=name, state="SUSPENDED" if name == "Old sandbox" else "ACTIVE")
        for n, name in enumerate(_NAMED)
    ),
)


@dataclass
class _Desk:
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


@functools.cache
def _transcripts() -> Mapping[str, str]:
    """What is printed as a migration goes on."""
    found = {}
    with Emulator(ORGANIZATION) as org:
        desk = _Desk(org)
        found["not started"] = desk.type("org-features status", Exit.NOT_IN_FLIGHT)
        org.enable_all_features()
        for account_id in org.invited[:3]:
            org.approve(account_id)
        org.clock.advance(days=20)
        found["awaiting"] = desk.type("org-features status", Exit.PENDING)
        found["json"] = _steady(desk.type("org-features status --json", Exit.PENDING), org)
        found["watch"] = desk.type(
            "org-features watch | tee watch.log",
            Exit.DECLINED,
            {40: lambda: org.approve(_RETAIL), 100: lambda: org.decline(_PARTNER)},
        )
        found["declined"] = desk.type("org-features status", Exit.DECLINED)
        org.remove_account(_PARTNER)
        org.remove_account(_SANDBOX)
        found["responded"] = desk.type("org-features status", Exit.TO_FINALIZE)
        clients_of.cache_clear()
    return found


def _steady(text: str, org: Emulator) -> str:
    ids = {h["Id"]: f"h-{number:026x}" for number, h in enumerate((org.parent or {}, *org.children), 0x1D0)}
    return _HANDSHAKE.sub(lambda match: ids[match[0]], text)


def exit_codes() -> str:
    """How `status` ends, by status."""
    rows = []
    for code in dict.fromkeys(BY_STATUS.values()):
        statuses = ", ".join(f"`{status}`" for status, each in BY_STATUS.items() if each is code)
        rows.append(f"| {code.value} `{code.name}` | {statuses} | {MEANINGS[code]} |")
    return "\n".join(["| code | status | |", "|---|---|---|", *rows])


def fields() -> str:
    """What the object has, by its schema."""
    defined = json.loads(schema_text())["$defs"]
    rows = [
        f"| `{name}` | {_told(field, defined)} |" for name, field in defined["standing"]["properties"].items()
    ]
    return "\n".join(["| field | |", "|---|---|", *rows])


def _told(field: Mapping[str, Any], defined: Mapping[str, Any]) -> str:
    inner = _inner(field)
    named = ", ".join(f"`{name}`" for name in defined[inner]["properties"]) if inner else ""
    return f"{field['description']} {named}".rstrip()


def _inner(field: Mapping[str, Any]) -> str | None:
    """The object that a field holds, or a list of which."""
    refs = [field.get("items", {}), *field.get("anyOf", [])]
    names = [ref["$ref"].rpartition("/")[2] for ref in refs if "$ref" in ref]
    return next((name for name in names if name in {"handshake", "approvals", "waiting_for", "change"}), None)


GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "status, not started": lambda: _transcripts()["not started"],
    "status, awaiting approvals": lambda: _transcripts()["awaiting"],
    "status, declined": lambda: _transcripts()["declined"],
    "status, awaiting finalization": lambda: _transcripts()["responded"],
    "status, as JSON": lambda: _transcripts()["json"],
    "watch, in a log": lambda: _transcripts()["watch"],
    "exit codes of status": exit_codes,
    "fields of status": fields,
}
