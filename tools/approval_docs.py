"""What the pages show of the command `org-features`: drawn from it, or what it prints."""

from __future__ import annotations

import functools
import re
import textwrap
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from click.testing import CliRunner

from aws_org_emulator import Emulator, Member, Scenario
from aws_org_features.aws.connection import clients_of
from aws_org_features.cli.exit_codes import MEANINGS, Exit
from aws_org_features.cli.group import org_features, subcommands
from aws_org_features.views.approval_kit import Asked, Request, kit_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WIDTH: Final = 108
_HANDSHAKE: Final = re.compile(r"h-[0-9a-f]{26}")
_ROLE: Final = "AllFeaturesApprover"
ORGANIZATION: Final = Scenario(
    invited=0,
    start=datetime(2026, 11, 3, 9, tzinfo=UTC),
    members=(
        Member("222222222222", name="Payments", access_role=_ROLE),
        Member("222222222223", name="Data platform", access_role=_ROLE),
        Member("222222222224", name="Acquired in March"),
        Member("222222222225", name="Old sandbox", state="SUSPENDED", access_role=_ROLE),
        Member("222222222226", name="Partner"),
    ),
)
_APPROVE: Final = f"org-features approve --role-name {_ROLE} --exclude 222222222226"

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
    rows = [f"| `{name}` | {each.get_short_help_str(limit=200)} |" for name, each in subcommands().items()]
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


def operate_policy() -> str:
    """What it prints for whoever runs `pulumi up` in the management account."""
    ids = "--organization-id o-exampleorg1 --management-account-id 111111111111"
    return _shown(f"org-features iam-policy --for operate {ids}", "json")


def approve_policy() -> str:
    """What it prints for whoever approves from the management account."""
    return _shown("org-features iam-policy --for approve --partition aws", "json")


@functools.cache
def _approved() -> Mapping[str, str]:
    """What `approve` prints before a migration, in it, and as it approves."""
    found = {}
    with Emulator(ORGANIZATION) as org:
        keys = org.credentials(org.management)
        environment = {
            "AWS_ENDPOINT_URL": org.endpoint,
            "AWS_ACCESS_KEY_ID": keys.access_key_id,
            "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
            "AWS_PROFILE": None,
            "AWS_REGION": "us-east-1",
            "NO_PROXY": "127.0.0.1",
        }
        clients_of.cache_clear()  # made of the environment
        found["probe"] = _shown(f"{_APPROVE} --probe", "text", environment, Exit.UNREACHED)
        org.enable_all_features()
        found["plan"] = _shown(_APPROVE, "text", environment, Exit.PENDING)
        found["approve"] = _shown(f"{_APPROVE} --yes", "text", environment, Exit.PENDING)
        clients_of.cache_clear()
        ids = {child["Id"]: f"h-{number:026x}" for number, child in enumerate(org.children, 0x1D0)}
    return {name: _HANDSHAKE.sub(lambda match: ids[match[0]], text) for name, text in found.items()}


def _shown(
    command: str,
    language: str,
    environment: Mapping[str, str | None] | None = None,
    ends: Exit = Exit.DONE,
) -> str:
    """A command and what it prints, which must end in this way."""
    done = CliRunner().invoke(org_features, command.split()[1:], env=environment)
    if done.exit_code != ends or done.stderr:
        raise RuntimeError(done.output)
    lines = "\n".join(row for line in done.stdout.splitlines() for row in folded(line, language))
    return f"```sh\n{command}\n```\n\n```{language}\n{lines}\n```"


def folded(line: str, language: str) -> list[str]:
    """A line of what was printed, as a page shows it."""
    if language != "text" or len(line) <= _WIDTH:
        return [line]
    return textwrap.wrap(line, _WIDTH, subsequent_indent="  ", break_on_hyphens=False)


GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "org-features": commands,
    "exit codes": exit_codes,
    "a text for an owner": owners_text,
    "policy for a member": member_policy,
    "policy for operating": operate_policy,
    "policy for approving": approve_policy,
    "approve, before a migration": lambda: _approved()["probe"],
    "approve, for whom": lambda: _approved()["plan"],
    "approve": lambda: _approved()["approve"],
}
