"""`org-features approval-kit`: texts for the owners of accounts that haven't approved yet."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aws_org_features.cli.acting import by_stack
from aws_org_features.cli.command import Command
from aws_org_features.cli.kit_folder import refuse_used, write
from aws_org_features.cli.observe import observed, organization_of, organizations
from aws_org_features.cli.options import ACCOUNT_ID, ONLY_ORGANIZATION, connected
from aws_org_features.cli.render import output
from aws_org_features.common import text
from aws_org_features.common.errors import AccessDeniedError, NoApprovalPendingError
from aws_org_features.common.ownership import warnings
from aws_org_features.migration import messages
from aws_org_features.migration.assess import assess
from aws_org_features.model.migration import NOTHING_RECORDED, Desired, Status
from aws_org_features.views.approval_kit import kit_for, named, outstanding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.aws import Organizations
    from aws_org_features.cli.acting import Acts
    from aws_org_features.model.migration import Assessment, Observation
    from aws_org_features.model.organizations import AccountDetails
    from aws_org_features.views.approval_kit import Request


@click.command("approval-kit", cls=Command)
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write to; created if missing.",
)
@click.option(
    "--account",
    "accounts",
    multiple=True,
    type=ACCOUNT_ID,
    help="Only for this account; may be repeated. Default: all accounts that haven't approved yet.",
)
@click.option("--force", is_flag=True, help="Write even if the folder isn't empty; removes nothing.")
@ONLY_ORGANIZATION
@connected
@by_stack
def approval_kit(
    *,
    folder: Path,
    accounts: tuple[str, ...],
    force: bool,
    organization_id: str | None,
    acts: Acts,
    as_json: bool,
) -> None:
    """Write approval requests for account owners to files; sends nothing.

    A text for each account, a table for a mail merge, and a template of a role by which the management
    account may approve instead. Writes nothing to AWS.
    """
    refuse_used(folder, force=force)
    acting = acts(organization_id)
    api = organizations(acting.connection)
    seen = observed(api, organization_of(api, acting.organization_id))
    now = assess(NOTHING_RECORDED, seen)
    request = named(_asked(api, seen, now, frozenset(accounts)), _details(api, seen))
    _warn(seen, now)
    files = kit_for(request)
    left = write(folder, files)
    if as_json:
        output.show_json(_as_json(request, folder, [file.name for file in files], left))
    else:
        _report(request, folder, len(files))
        for path in left:
            output.note(f"left from before: {path}")


def _warn(seen: Observation, now: Assessment) -> None:
    if now.status is Status.DECLINED:
        output.note(messages.message(Desired(seen.organization.id), None, now))
    for warning in warnings(seen):
        output.note(warning)
    nameless = sum(1 for waiting in now.waiting_for if not waiting.account_id)
    if nameless:
        output.note(f"AWS doesn't show the account of {nameless} of the approvals: the kit leaves them out.")


def _asked(api: Organizations, seen: Observation, now: Assessment, accounts: frozenset[str]) -> Request:
    """Outstanding approvals, of some accounts or of all.

    Raises:
        NoApprovalPendingError: Nobody is, or not everybody who was named.
        AccessDeniedError: It takes the list of accounts to tell.
    """
    everyone = outstanding(seen, now)
    ids = [asked.account_id for asked in everyone.accounts]
    if not ids:
        if seen.accounts is not None and not seen.accounts.known:
            api.accounts()  # whose refusal the look passed over
        raise NoApprovalPendingError(
            f"No approvals are outstanding in organization {seen.organization.id}, as far as AWS shows.",
            messages.message(Desired(seen.organization.id), None, now),
        )
    if others := sorted(accounts - set(ids)):
        raise NoApprovalPendingError(
            f"No approval of {text.named(others)} is outstanding in organization {seen.organization.id}.",
            f"Outstanding: {text.named(ids)}.",
        )
    return outstanding(seen, now, accounts or None)


def _details(api: Organizations, seen: Observation) -> Mapping[str, AccountDetails]:
    if seen.accounts is not None and seen.accounts.known:
        return seen.accounts.details
    try:
        return api.accounts().details
    except AccessDeniedError as error:
        # Nothing is decided by names, and the kit is of use without them.
        output.note(f"without names and email addresses: {error}")
        return {}


def _as_json(request: Request, folder: Path, files: list[str], left: list[Path]) -> dict[str, Any]:
    return {
        "organization_id": request.organization_id,
        "management_account_id": request.management_account_id,
        "handshake_id": request.parent_id,
        "expires_at": output.timestamp(request.expires_at),
        "accounts": [{**asdict(asked), "file": asked.page} for asked in request.accounts],
        "folder": str(folder),
        "files": files,
        "left_from_before": [str(path) for path in left],
    }


def _report(request: Request, folder: Path, files: int) -> None:
    by = f", to approve by {text.moment(request.expires_at)}" if request.expires_at else ""
    whose = f"{text.accounts(len(request.accounts))} of organization {request.organization_id}"
    output.say(f"Wrote {files} files to {click.format_filename(folder)} for {whose}{by}:")
    output.show_table(
        ("account", "name", "email", "text"),
        [(a.account_id, a.name or "", a.email or "", a.page) for a in request.accounts],
    )
    output.say(f"What to do with them: {click.format_filename(folder / 'README.md')}")
