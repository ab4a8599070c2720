"""The pages' tables and outputs of the command `org-features`: drawn from it, or what it prints."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from aws_org_emulator import Emulator, Member
from aws_org_features.cli.exit_codes import MEANINGS, Exit
from aws_org_features.cli.group import subcommands
from aws_org_features.views.approval_kit import Asked, Request, kit_for
from aws_org_features.views.approval_kit.unreachable import unreachable
from tools.docs.blocks import table
from tools.docs.session import DocSession, organization, shown, with_steady_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ROLE: Final = "AllFeaturesApprover"
ORGANIZATION: Final = organization(
    Member("222222222222", name="Payments", access_role=_ROLE),
    Member("222222222223", name="Data platform", access_role=_ROLE),
    Member("222222222224", name="Acquired in March"),
    Member("222222222225", name="Old sandbox", state="SUSPENDED", access_role=_ROLE),
    Member("222222222226", name="Partner"),
)
_APPROVE: Final = f"org-features approve --role-name {_ROLE} --exclude 222222222226"
_IDS: Final = "--organization-id o-exampleorg1 --management-account-id 111111111111"

SAMPLE: Final = Request(
    organization_id="o-exampleorg1",
    management_account_id="111111111111",
    partition="aws",
    accounts=(
        Asked(
            "222222222222",
            "Payments",
            "aws-222222222222@example.com",
            "h-6b86b273ff34fce19d6b804eff",
            "APPROVE_ALL_FEATURES",
        ),
    ),
    parent_id="h-4b227777d4dd1fc61c6f884f48",
    expires_at=datetime(2027, 2, 1, 9, tzinfo=UTC),
)


def commands() -> str:
    """The options of `org-features`."""
    rows = ((f"`{name}`", each.get_short_help_str(limit=200)) for name, each in subcommands().items())
    return table(("command", ""), rows)


def exit_codes() -> str:
    """The exit codes."""
    rows = ((str(code.value), f"`{code.name}`", meaning) for code, meaning in MEANINGS.items())
    return table(("code", "name", ""), rows)


def owners_text() -> str:
    """The text for an owner, as a quotation."""
    (page,) = [file.text for file in kit_for(SAMPLE) if file.name == SAMPLE.accounts[0].page]
    return "\n".join(f"> {line}".rstrip() for line in page.splitlines())


@functools.cache
def _approving() -> Mapping[str, str]:
    """The output of `approve` before a migration, in it, and as it approves."""
    with Emulator(ORGANIZATION) as org:
        session = DocSession(org)
        texts = {"before": session.type(f"{_APPROVE} --probe", Exit.UNREACHED, terminal=False)}
        org.enable_all_features()
        texts["for whom"] = session.type(_APPROVE, Exit.PENDING, terminal=False)
        texts["approved"] = session.type(f"{_APPROVE} --yes", Exit.PENDING, terminal=False)
        return {name: with_steady_ids(text, org.children) for name, text in texts.items()}


GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "org-features": commands,
    "exit codes": exit_codes,
    "a text for an owner": owners_text,
    "an owner who can't be reached": unreachable,
    "policy for a member": lambda: shown(f"org-features iam-policy --for member {_IDS}"),
    "policy for operating": lambda: shown(f"org-features iam-policy --for operate {_IDS}"),
    "policy for approving": lambda: shown("org-features iam-policy --for approve --partition aws"),
    "approve, before a migration": lambda: _approving()["before"],
    "approve, for whom": lambda: _approving()["for whom"],
    "approve": lambda: _approving()["approved"],
}
