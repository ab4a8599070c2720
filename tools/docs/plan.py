"""The outputs of `org-features plan` in docs/plan.md: drawn from it, or what it prints."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from aws_org_emulator import Emulator
from aws_org_features.cli.exit_codes import Exit
from aws_org_features.cli.render.plan_json import schema_text
from tools.docs.json_fields import fields
from tools.docs.session import ORGANIZATION, DocSession

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_INVITED: Final = "accounts@acquired.example"


@functools.cache
def _before() -> str:
    """The output before a migration."""
    with Emulator(ORGANIZATION) as org:
        organizations = org.client("organizations", org.management)
        organizations.invite_account_to_organization(Target={"Type": "EMAIL", "Id": _INVITED})
        return DocSession(org).type("org-features plan", Exit.DONE)


GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "plan, before a migration": _before,
    "fields of plan": lambda: fields(schema_text()),
}
