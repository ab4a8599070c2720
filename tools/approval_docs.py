"""What docs/approvals.md shows of the command `org-features`: drawn from it, or what it prints."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from click.testing import CliRunner

from aws_org_features.approval_kit import Asked, Request, kit_for
from aws_org_features.cli.exits import MEANINGS
from aws_org_features.cli.group import org_features

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
    """What `org-features` can be told."""
    known = org_features.commands.items()
    rows = [f"| `{name}` | {each.get_short_help_str(limit=200)} |" for name, each in known]
    return "\n".join(["| command | |", "|---|---|", *rows])


def exit_codes() -> str:
    """How it ends."""
    rows = [f"| {code.value} | `{code.name}` | {meaning} |" for code, meaning in MEANINGS.items()]
    return "\n".join(["| code | name | |", "|---|---|---|", *rows])


def owners_text() -> str:
    """What an owner reads, as a quotation."""
    (page,) = [file.text for file in kit_for(SAMPLE) if file.name == SAMPLE.accounts[0].page]
    return "\n".join(f"> {line}".rstrip() for line in page.splitlines())


def member_policy() -> str:
    """What `iam-policy` prints for whoever approves in a member account."""
    ids = "--organization-id o-exampleorg1 --management-account-id 111111111111"
    return _shown(f"org-features iam-policy --for member {ids}", "json")


def approve_policy() -> str:
    """What it prints for whoever approves from the management account."""
    return _shown("org-features iam-policy --for approve --partition aws", "json")


def _shown(command: str, language: str) -> str:
    """A command and what it prints."""
    done = CliRunner().invoke(org_features, command.split()[1:])
    if done.exit_code != 0:
        raise RuntimeError(done.output)
    return f"```sh\n{command}\n```\n\n```{language}\n{done.stdout}```"


GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "org-features": commands,
    "exit codes": exit_codes,
    "a text for an owner": owners_text,
    "policy for a member": member_policy,
    "policy for approving": approve_policy,
}
