"""The outputs of `org-features status` and `watch` in docs/status.md: drawn from them, or what they print."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from aws_org_emulator import Emulator
from aws_org_features.cli.exit_codes import BY_STATUS, MEANINGS, Exit
from aws_org_features.cli.render.status_json import schema_text
from tools.docs.blocks import table
from tools.docs.json_fields import fields
from tools.docs.session import ORGANIZATION, PARTNER, RETAIL, SANDBOX, DocSession, with_steady_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@functools.cache
def _transcripts() -> Mapping[str, str]:
    """The outputs as a migration goes on."""
    found = {}
    with Emulator(ORGANIZATION) as org:
        session = DocSession(org)
        elsewhere = "org-features status --organization-id o-another1org"
        found["error"] = session.type(elsewhere, Exit.FAILED)
        found["not started"] = session.type("org-features status", Exit.NOT_IN_FLIGHT)
        org.enable_all_features()
        for account_id in org.invited[:3]:
            org.approve(account_id)
        org.clock.advance(days=20)
        found["awaiting"] = session.type("org-features status", Exit.PENDING)
        as_json = session.type("org-features status --json", Exit.PENDING, terminal=False)
        found["json"] = with_steady_ids(as_json, (org.parent, *org.children))
        found["watch"] = session.type(
            "org-features watch | tee watch.log",
            Exit.DECLINED,
            {40: lambda: org.approve(RETAIL), 100: lambda: org.decline(PARTNER)},
            terminal=False,
        )
        found["declined"] = session.type("org-features status", Exit.DECLINED)
        org.remove_account(PARTNER)
        org.remove_account(SANDBOX)
        found["responded"] = session.type("org-features status", Exit.TO_FINALIZE)
    return found


def exit_codes() -> str:
    """The exit codes of `status`, by status."""
    rows = []
    for code in dict.fromkeys(BY_STATUS.values()):
        statuses = ", ".join(f"`{status}`" for status, each in BY_STATUS.items() if each is code)
        rows.append((f"{code.value} `{code.name}`", statuses, MEANINGS[code]))
    return table(("code", "status", ""), rows)


GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "an error": lambda: _transcripts()["error"],
    "status, not started": lambda: _transcripts()["not started"],
    "status, awaiting approvals": lambda: _transcripts()["awaiting"],
    "status, declined": lambda: _transcripts()["declined"],
    "status, awaiting finalization": lambda: _transcripts()["responded"],
    "status, as JSON": lambda: _transcripts()["json"],
    "watch, in a log": lambda: _transcripts()["watch"],
    "exit codes of status": exit_codes,
    "fields of status": lambda: fields(schema_text()),
}
