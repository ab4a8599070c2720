"""`org-features approve`: approve on behalf of member accounts, or see for whom, or whether it would work."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from aws_org_features.cli.account_names import Names
from aws_org_features.cli.acting import by_stack
from aws_org_features.cli.approver import approving
from aws_org_features.cli.command import Command
from aws_org_features.cli.environment import environment
from aws_org_features.cli.exit_codes import Exit
from aws_org_features.cli.observe import organization_of, organizations
from aws_org_features.cli.options import ONLY_ORGANIZATION, connected, recorded
from aws_org_features.cli.progress_bar import Interrupt, Remarks, watching
from aws_org_features.cli.render import output
from aws_org_features.cli.render.approve import TextReport
from aws_org_features.cli.render.approve_json import JsonReport
from aws_org_features.common.errors import NoApprovalPendingError
from aws_org_features.migration.approve_standalone import OnBehalf

if TYPE_CHECKING:
    from aws_org_features.cli.acting import Acts
    from aws_org_features.migration.approval_scope import Scope
    from aws_org_features.model.migration import Approver

    Report = TextReport | JsonReport


@click.command("approve", cls=Command)
@approving
@click.option("--yes", is_flag=True, help="Approve. Without it, only list the accounts to approve for.")
@click.option(
    "--probe",
    is_flag=True,
    help="Only test whether the role can be assumed in each account; also before a migration starts.",
)
@ONLY_ORGANIZATION
@connected
@recorded
@by_stack
def approve(
    *,
    approver: Approver,
    yes: bool,
    probe: bool,
    organization_id: str | None,
    acts: Acts,
    as_json: bool,
) -> None:
    """Approve on behalf of member accounts.

    The management account assumes a role in each. Without --yes it only lists the accounts, and writes
    nothing. It never finalizes: `pulumi up` does.
    """
    if yes and probe:
        raise click.UsageError("--yes and --probe exclude one another.")
    interrupt = Interrupt()
    acting = acts(organization_id)
    api = organizations(acting.connection)
    organization = organization_of(api, acting.organization_id)
    watch = watching("probing" if probe else "approving", interrupt)
    run = OnBehalf(
        api, organization, approver, watch, Remarks(), over=interrupt.asked, sleep=environment().sleep
    )
    if not probe:
        run.refuse_idle()
    names = Names(api, output.note)
    _warn_of_strangers(names, approver)
    report = JsonReport(organization, approver, names) if as_json else TextReport(names)
    try:
        if probe:
            code = _probe(run, report, interrupt)
        elif yes:
            code = _approve(run, report, interrupt)
        else:
            report.plan(run.standing)
            code = _outcome(run.standing.scope)
    except KeyboardInterrupt:
        if not interrupt.asked():
            raise
        interrupt.count += 1
        output.note("The report isn't whole. `org-features approve` without --yes lists who is left.")
        code = Exit.INTERRUPTED
    _end(code, interrupt)


def _warn_of_strangers(names: Names, approver: Approver) -> None:
    for option, account_ids in (("--only", approver.only), ("--exclude", approver.exclude)):
        for account_id in names.strangers(account_ids):
            output.note(f"{option} names {account_id}, which is no account of the organization.")


def _approve(run: OnBehalf, report: Report, interrupt: Interrupt) -> Exit:
    ended = None
    try:
        run.approve()
    except KeyboardInterrupt:
        interrupt.count += 1
    except NoApprovalPendingError as error:
        ended = error
    standing, result = run.standing, run.result
    # An owner may have answered where this couldn't.
    outstanding = {waiting.account_id for waiting in standing.scope.to_give}
    failed = [failure for failure in result.failures if failure.account_id in outstanding]
    report.approved(standing, result, failed, interrupted=interrupt.asked())
    if interrupt.asked():
        return Exit.INTERRUPTED
    if ended is not None:
        output.tell(ended, as_json=False)
        return Exit.FAILED
    return _outcome(standing.scope)


def _probe(run: OnBehalf, report: Report, interrupt: Interrupt) -> Exit:
    chosen = run.to_probe()
    try:
        run.probe(chosen)
    except KeyboardInterrupt:
        interrupt.count += 1
    result = run.result
    reached = chosen - result.left - {failure.account_id for failure in result.failures}
    report.probed(run.standing, sorted(reached), result, interrupted=interrupt.asked())
    if interrupt.asked():
        return Exit.INTERRUPTED
    return Exit.UNREACHED if result.failures else Exit.DONE


def _outcome(scope: Scope) -> Exit:
    if scope.declined:
        return Exit.DECLINED
    return Exit.PENDING if scope.to_give else Exit.DONE


def _end(code: Exit, interrupt: Interrupt) -> None:
    if interrupt.count > 1:
        # Otherwise Python waits for calls that haven't been answered yet.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    click.get_current_context().exit(code)
