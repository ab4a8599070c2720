"""`org-features report`: where a migration stands, for people: an HTML page, Markdown, or both."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from aws_org_features.cli import report_files
from aws_org_features.cli.acting import by_stack
from aws_org_features.cli.command import Command
from aws_org_features.cli.environment import environment
from aws_org_features.cli.observe import everything, organization_of, organizations
from aws_org_features.cli.options import ONLY_ORGANIZATION, connected, recorded
from aws_org_features.cli.render import output
from aws_org_features.views.report import markdown as markdown_of
from aws_org_features.views.report import report_of
from aws_org_features.views.report.messages import story

if TYPE_CHECKING:
    from aws_org_features.cli.acting import Acts
    from aws_org_features.views.report import Evidence, Move, Report

_STDOUT: Final = Path("-")
_FILE: Final = click.Path(dir_okay=False, path_type=Path)


@click.command("report", cls=Command)
@click.option(
    "--html", type=_FILE, metavar="FILE", help="Write an HTML page for people without access to AWS."
)
@click.option(
    "--markdown",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    is_flag=False,
    flag_value="-",
    metavar="[FILE]",
    help="Write Markdown for a pull request or a job summary; to stdout if no file is named.",
)
@click.option(
    "--history",
    type=_FILE,
    metavar="FILE",
    help="A file of what earlier reports saw, to tell since when accounts have approved; it grows.",
)
@click.option(
    "--evidence",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Events exported from CloudTrail, to tell who approved when; may be repeated.",
)
@ONLY_ORGANIZATION
@connected
@recorded
@by_stack
def report(
    *,
    html: Path | None,
    markdown: Path | None,
    history: Path | None,
    evidence: tuple[Path, ...],
    organization_id: str | None,
    acts: Acts,
    as_json: bool,
) -> None:
    """Write a report on the migration's status.

    Report files are replaced; a history is appended to. Writes nothing to AWS.
    """
    if not (html or markdown or history):
        raise click.UsageError("Choose what to write: --html, --markdown, --history.")
    if as_json and markdown == _STDOUT:
        raise click.UsageError("--json and --markdown without a file both want stdout.")
    files = {"--html": html, "--markdown": None if markdown == _STDOUT else markdown, "--history": history}
    _refuse_unusable({option: path for option, path in files.items() if path}, evidence)
    recorded = report_files.read_evidence(evidence)
    acting = acts(organization_id)
    api = organizations(acting.connection)
    organization = organization_of(api, acting.organization_id)
    remembered = report_files.read_history(history, organization.id) if history else None
    looked = everything(api, organization, environment().now().replace(microsecond=0))
    made = report_of(looked, remembered, recorded)
    if history:
        report_files.remember(history, organization.id, made)
    if html:
        from aws_org_features.views.report.page import page

        report_files.write(html, page(made))
    if markdown:
        _write_markdown(markdown, markdown_of(made))
    written = [str(path) for path in files.values() if path]
    if as_json:
        output.show_json(_as_json(made, files, recorded))
    elif markdown != _STDOUT:
        output.say(f"Wrote {', '.join(map(click.format_filename, written))}: {story(made).headline}.")


def _refuse_unusable(files: dict[str, Path], evidence: tuple[Path, ...]) -> None:
    named: dict[Path, str] = {path.resolve(): "--evidence" for path in evidence}
    for option, path in files.items():
        if other := named.get(path.resolve()):
            raise click.UsageError(f"{option} and {other} name the same file, {click.format_filename(path)}.")
        named[path.resolve()] = option
        report_files.refuse_unwritable(path)


def _write_markdown(path: Path, text: str) -> None:
    if path == _STDOUT:
        click.echo(text, nl=False)
    else:
        report_files.write(path, text)


def _as_json(made: Report, files: dict[str, Path | None], recorded: Evidence) -> dict[str, Any]:
    joined = sum(len(entry.events) for entry in made.entries) + len(made.events) + len(made.moves)
    return {
        "organization_id": made.organization.id,
        "management_account_id": made.organization.management_account_id,
        "generated_at": output.timestamp(made.generated_at),
        "status": made.status,
        "handshake_id": made.handshake.id if made.handshake else None,
        "expires_at": output.timestamp(made.expires_at),
        "counts": {str(standing): count for standing, count in made.counts.items()},
        "approvals_shown": made.approvals_shown,
        "accounts_listed": made.accounts_listed,
        "handshakes_listed": made.handshakes_listed,
        "files": {option.removeprefix("--"): str(path) if path else None for option, path in files.items()},
        "reports_remembered": len(made.progress),
        "departed_accounts": [_move(each) for each in made.moves if not each.joined],
        "joined_accounts": [_move(each) for each in made.moves if each.joined],
        "evidence": {
            "files": list(made.sources),
            "events": len(recorded.events) + len(recorded.moves),
            "joined": joined,
        },
    }


def _move(move: Move) -> dict[str, str | None]:
    return {
        "account_id": move.account_id,
        "at": output.timestamp(move.at),
        "method": move.method or None,
    }
