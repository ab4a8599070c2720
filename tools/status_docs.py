"""What docs/status.md shows of `org-features status` and `watch`: drawn from them, or what they print."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from aws_org_emulator import Emulator
from aws_org_features.aws.connection import clients_of
from aws_org_features.cli.exit_codes import BY_STATUS, MEANINGS, Exit
from aws_org_features.cli.render.status_json import schema_text
from tools.desk import ORGANIZATION, PARTNER, RETAIL, SANDBOX, Desk
from tools.schema_docs import fields

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_HANDSHAKE: Final = re.compile(r"h-[0-9a-f]{26}")


@functools.cache
def _transcripts() -> Mapping[str, str]:
    """What is printed as a migration goes on."""
    found = {}
    with Emulator(ORGANIZATION) as org:
        desk = Desk(org)
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
            {40: lambda: org.approve(RETAIL), 100: lambda: org.decline(PARTNER)},
        )
        found["declined"] = desk.type("org-features status", Exit.DECLINED)
        org.remove_account(PARTNER)
        org.remove_account(SANDBOX)
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


GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "status, not started": lambda: _transcripts()["not started"],
    "status, awaiting approvals": lambda: _transcripts()["awaiting"],
    "status, declined": lambda: _transcripts()["declined"],
    "status, awaiting finalization": lambda: _transcripts()["responded"],
    "status, as JSON": lambda: _transcripts()["json"],
    "watch, in a log": lambda: _transcripts()["watch"],
    "exit codes of status": exit_codes,
    "fields of status": lambda: fields(schema_text()),
}
