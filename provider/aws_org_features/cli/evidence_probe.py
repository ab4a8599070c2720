"""`org-features evidence probe`: meets AWS on purpose, in two accounts that nobody needs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from aws_org_features.cli.command import Command
from aws_org_features.cli.environment import environment
from aws_org_features.cli.options import ACCOUNT_ID, ROLE_ARN, connected
from aws_org_features.cli.render import evidence as render
from aws_org_features.cli.render import output
from aws_org_features.cli.replace_file import replace as replace_file
from aws_org_features.common.errors import FileUnusableError, NoOrganizationError, ProbeRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_org_features.aws import Connection
    from aws_org_features.aws.any_call import AnyCall
    from aws_org_features.evidence.probe.step import Outcome, State, Step

STATE_SUFFIX: Final = ".state"
_PAUSE: Final = 1.0
"""Seconds between calls: AWS's slowest rates are of one a second."""
_BUSY: Final = frozenset(
    {
        *("ConcurrentModificationException", "FinalizingOrganizationException"),
        *("PolicyChangesInProgressException", "TooManyRequestsException"),
    }
)
_PATIENCE: Final = 20
"""Number of times to ask again for what AWS doesn't show yet, or is too busy for."""
_LONGER: Final = 5.0
_MOST_PAGES: Final = 100


@click.command("probe", cls=Command)
@click.option(
    "--record",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The recording. What was done so far lies beside it until all is undone.",
)
@click.option(
    "--management",
    type=ACCOUNT_ID,
    metavar="ACCOUNT",
    help="The account that makes an organization: the one that the credentials belong to.",
)
@click.option("--member", type=ACCOUNT_ID, metavar="ACCOUNT", help="The account that becomes its member.")
@click.option("--member-profile", metavar="NAME", help="The profile that acts in the member account.")
@click.option(
    "--member-role",
    type=ROLE_ARN,
    metavar="ARN",
    help="Or the role in it that the credentials can assume, before it is a member.",
)
@click.option("--look-only", is_flag=True, help="Only read, and provoke refusals: fits any organization.")
@click.option("--undo", is_flag=True, help="Only undo what was done so far.")
@click.option("--dry-run", is_flag=True, help="Print the calls, and make none.")
@connected
def probe(
    *,
    record: Path | None,
    management: str | None,
    member: str | None,
    member_profile: str | None,
    member_role: str | None,
    look_only: bool,
    undo: bool,
    dry_run: bool,
    connection: Connection,
    as_json: bool,
) -> None:
    """Try on AWS what isn't documented, in two disposable accounts, and record the answers.

    Creates an organization with consolidated billing, invites, starts, declines, cancels, approves,
    finalizes, enables a policy type, and undoes all of it in reverse. It refuses an account that is in an
    organization. If it was stopped, run it again: it continues. With --look-only it changes nothing.
    """
    from aws_org_features.evidence.probe.looks import LOOKS
    from aws_org_features.evidence.probe.progress import plan
    from aws_org_features.evidence.probe.sandbox import SANDBOX
    from aws_org_features.evidence.probe.step import State

    if look_only and (management or member or member_profile or member_role or undo):
        raise click.UsageError("--look-only takes no other accounts, and leaves nothing to undo.")
    if dry_run:
        _print(plan(LOOKS if look_only else SANDBOX), as_json=as_json)
        return
    if record is None:
        raise click.UsageError("Say where to record to: --record FILE.")
    recorded = replace(connection, record=str(record.absolute()))
    if look_only:
        run = _Run({"management": _calls(recorded)}, LOOKS, lambda _: None)
        run.all(State(management="", member=""))
    else:
        if management is None or member is None:
            raise click.UsageError("Name both accounts: --management ACCOUNT --member ACCOUNT.")
        run = _sandbox(
            record, recorded, management, member, _way(recorded, member_profile, member_role), undo=undo
        )
    _end(record, run.calls, as_json=as_json)


def _way(connection: Connection, profile: str | None, role: str | None) -> Connection:
    """The way to the member account."""
    if profile and not role:
        return replace(connection, profile=profile, keys=None, assume_roles=())
    if role and not profile:
        from aws_org_features.aws import AssumeRole

        return replace(connection, assume_roles=(*connection.assume_roles, AssumeRole(role)))
    raise click.UsageError("Say how to act in the member account: either --member-profile or --member-role.")


def _sandbox(
    record: Path, connection: Connection, management: str, member: str, way: Connection, *, undo: bool
) -> _Run:
    from aws_org_features.evidence.probe.progress import begin_undoing
    from aws_org_features.evidence.probe.sandbox import SANDBOX

    kept = record.with_name(record.name + STATE_SUFFIX)
    state = _state(kept, management, member)
    apis = {"management": _calls(connection), "member": _calls(way)}
    _guard(state, apis)
    run = _Run(apis, SANDBOX, lambda made: _keep(kept, made))
    if not (undo or state.undoing):
        state = run.all(state)
    state = begin_undoing(state)
    _keep(kept, state)
    run.all(state)
    kept.unlink()
    return run


def _calls(connection: Connection) -> AnyCall:
    from aws_org_features.aws.any_call import AnyCall

    return AnyCall(connection, output.note)


def _state(path: Path, management: str, member: str) -> State:
    from aws_org_features.evidence.probe.kept import of_text
    from aws_org_features.evidence.probe.step import State

    if not path.exists():
        return State(management, member)
    try:
        found = of_text(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileUnusableError(
            f"{path} can't be read as what a probe has done so far: {error}.",
            "Look at the organization by hand, and name another recording.",
        ) from error
    if (found.management, found.member) != (management, member):
        raise ProbeRefusedError(
            f"The probe of {path} is one of accounts {found.management} and {found.member}.",
            "Name these accounts, or another recording. Nothing was written.",
        )
    return found


def _keep(path: Path, state: State) -> None:
    from aws_org_features.evidence.probe.kept import to_text

    try:
        path.touch(mode=0o600)
        replace_file(path, to_text(state).encode())
    except OSError as error:
        raise FileUnusableError(
            f"The file {path} can't be written: {error.strerror}.",
            "Without that file nobody would know what to undo. Name a recording in another folder.",
        ) from error


def _guard(state: State, apis: Mapping[str, AnyCall]) -> None:
    """Refuse accounts that somebody needs."""
    from aws_org_features.aws.caller import permit_caller
    from aws_org_features.evidence.probe.guard import Found, refusal

    for api in apis.values():
        permit_caller(api)
    ours, theirs = (_organization(api) for api in apis.values())
    why = refusal(
        state,
        Found(
            management=apis["management"].caller_account(),
            member=apis["member"].caller_account(),
            organization=ours[0],
            owner=ours[1],
            member_of=theirs[0],
        ),
    )
    if why is not None:
        raise ProbeRefusedError(
            f"The probe refuses to run: {why}.",
            "Nothing was written. Give it two accounts that are in no organization, or --look-only.",
        )


def _organization(api: AnyCall) -> tuple[str, str]:
    try:
        found = api.organization()
    except NoOrganizationError:
        return "", ""
    return found.id, found.management_account_id


class _Run:
    """Takes steps, one after another.

    Args:
        apis: The calls of each account.
        steps: All that there are.
        keep: Told what was done, before and after each step.
    """

    def __init__(
        self, apis: Mapping[str, AnyCall], steps: tuple[Step, ...], keep: Callable[[State], None]
    ) -> None:
        self._apis = apis
        self._steps = steps
        self._keep = keep
        self.calls = 0

    def all(self, state: State) -> State:
        """Take all steps that are left."""
        from aws_org_features.evidence.probe.progress import next_step

        while (step := next_step(self._steps, state)) is not None:
            state = self._one(step, state)
        return state

    def _one(self, step: Step, state: State) -> State:
        from aws_org_features.evidence.probe.progress import StoppedError, after, begin, request

        state = begin(step, state)
        self._keep(state)
        outcome = self._asked(step, request(step, state), state)
        try:
            state = after(step, state, outcome)
        except StoppedError as error:
            raise _stopped(step, f"AWS refused {step.operation}: {str(error).rstrip('.')}.") from error
        self._keep(state)
        ended = f"{outcome.code} {outcome.reason}".strip() or "answered"
        output.note(f"{step.who}: {step.name}: {step.operation}: {ended}")
        return state

    def _asked(self, step: Step, asked: dict[str, Any], state: State) -> Outcome:
        from aws_org_features.evidence.probe.progress import lacks

        sleep, missing = environment().sleep, ""
        for attempt in range(_PATIENCE):
            sleep(_LONGER if attempt else _PAUSE)
            outcome = self._whole(step, asked)
            if outcome.code in _BUSY:
                continue
            missing = "" if outcome.refused else lacks(step, state, outcome)
            if not missing:
                return outcome
        if missing:
            raise _stopped(step, f"{step.operation} doesn't show the {missing} that should be there.")
        return outcome

    def _whole(self, step: Step, asked: dict[str, Any]) -> Outcome:
        """An answer with all its pages, if it is a list's that something is looked for in."""
        from aws_org_features.evidence.probe.step import Kind, joined

        api = self._apis[step.who]
        page: dict[str, str] = {}
        outcome = None
        for _ in range(_MOST_PAGES):
            self.calls += 1
            more = api.ask(step.operation, {**asked, **page})
            outcome = more if outcome is None else joined(outcome, more)
            token = more.answer.get("NextToken")
            if not token or step.kind is not Kind.LOOK:
                break
            page = {"NextToken": token}
            environment().sleep(_PAUSE)
        assert outcome is not None  # noqa: S101 - there is a first page
        return outcome


def _stopped(step: Step, what: str) -> ProbeRefusedError:
    return ProbeRefusedError(
        f"The probe has stopped at the step {step.name!r}: {what}",
        "What was done so far is recorded: run it again to continue, or with --undo to undo it.",
    )


def _print(steps: tuple[Step, ...], *, as_json: bool) -> None:
    if as_json:
        told = [
            {
                "step": each.name,
                "account": each.who,
                "operation": each.operation,
                "request": dict(each.request),
                "kind": each.kind,
            }
            for each in steps
        ]
        output.show_json({"calls": told})
        return
    render.show_steps(steps)


def _end(record: Path, calls: int, *, as_json: bool) -> None:
    if as_json:
        output.show_json({"recording": str(record), "calls": calls})
        return
    named = click.format_filename(record)
    output.paragraph(
        f"Made {calls} calls, and left nothing behind. `org-features evidence answer {named}` tells more."
    )
