"""`org-features evidence probe`: whom it refuses, what it does and undoes, and what it does after a kill."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from aws_org_emulator import Scenario, Switches
from aws_org_features.aws.any_call import AnyCall
from aws_org_features.evidence.probe.kept import of_text, to_text
from aws_org_features.evidence.probe.looks import LOOKS
from aws_org_features.evidence.probe.progress import next_step, plan
from aws_org_features.evidence.probe.sandbox import SANDBOX
from aws_org_features.evidence.probe.step import Kind, State
from tests.cli.conftest import environment_of, error_of
from tests.cli.worlds import world
from tests.evidence.recorded import answered, recordings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

    from aws_org_emulator import Emulator
    from tests.cli.conftest import InvokeIn
    from tests.shares import Share

MANAGEMENT: Final = "111111111111"
MEMBER: Final = "222222222222"
OTHER: Final = "444444444444"
NONE: Final = Scenario(feature_set=None)
READS: Final = ("AssumeRole", "Describe", "List", "Get")


class KilledError(BaseException):
    """The end of a process, as far as a test can have it."""


def killed_at(at: int, moment: str) -> Callable[[AnyCall, str, Any], Any]:
    """A call that is as `AnyCall.ask`, but for the end of the process before or after one of them."""
    ask, count = AnyCall.ask, 0

    def killed(api: AnyCall, operation: str, request: Any) -> Any:
        nonlocal count
        count += 1
        if count == at and moment == "before the call":
            raise KilledError
        outcome = ask(api, operation, request)
        if count == at:
            raise KilledError
        return outcome

    return killed


class Sandbox:
    """Runs the probe on an emulator with two accounts in no organization."""

    def __init__(self, org: Emulator, invoke: InvokeIn, folder: Path) -> None:
        self.org = org
        self.path = folder / "aws.jsonl"
        self.state = folder / "aws.jsonl.state"
        self._invoke = invoke
        self.config = folder / "config"
        self.let(MEMBER)

    def let(self, account_id: str) -> None:
        """Let the profile `member` act as an account."""
        keys = self.org.credentials(account_id)
        self.config.write_text(
            f"[profile member]\naws_access_key_id = {keys.access_key_id}\n"
            f"aws_secret_access_key = {keys.secret_access_key}\n"
        )

    def again(self) -> None:
        """Begin with an emulator that has seen nothing."""
        self.org.stop()
        self.org.start()
        self.let(MEMBER)

    def arguments(self, *more: str) -> tuple[str, ...]:
        named = ("--management", MANAGEMENT, "--member", MEMBER, "--member-profile", "member")
        return ("evidence", "probe", "--record", str(self.path), *named, *more)

    def run(self, *more: str) -> Result:
        return self._invoke(world(), *self.arguments(*more), AWS_CONFIG_FILE=str(self.config))

    def any(self, *arguments: str) -> Result:
        return self._invoke(world(), "evidence", "probe", *arguments, AWS_CONFIG_FILE=str(self.config))

    @property
    def writes(self) -> list[str]:
        return [name for name, _ in self.org.log if not name.startswith(READS)]

    def assert_nothing_is_left(self) -> None:
        assert self.org.feature_set is None
        assert MEMBER in self.org.standalone
        assert not self.state.exists()


@pytest.fixture
def scenario() -> Scenario:
    return NONE


@pytest.fixture
def sandbox(org: Emulator, invoke_in: InvokeIn, tmp_path: Path) -> Sandbox:
    return Sandbox(org, invoke_in, tmp_path)


WAYS: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "as documented": (
        {},
        {
            "handshake_actions": "guide",
            "pending_child": "OPEN",
            "accepted_at_once": False,
            "open_when_all_responded": False,
            "invitations_during_migration": True,
            "policy_type_changes": "at_once",
            "canceled_children": "CANCELED",
            "lifetime": "90 days",
        },
    ),
    "the other way": (
        {
            "handshake_actions": "model",
            "pending_child": "REQUESTED",
            "party_prefixes": True,
            "parent_link_prefix": True,
            "party_order": "recipient",
            "accepted_at_once": True,
            "open_when_all_responded": True,
            "invitations_during_migration": False,
            "policy_type_changes": "read",
            "account_status_shown": False,
        },
        {"accept_despite_decline": False},
    ),
    "against a decline": (
        {"open_when_all_responded": True, "accept_despite_decline": True, "children_shown": False},
        {},
    ),
    "with empty pages": ({"empty_pages": True, "party_order": "either"}, {}),
}


@pytest.mark.parametrize(
    ("scenario", "told"),
    [
        pytest.param(Scenario(feature_set=None, switches=Switches(**switches)), switches | told, id=name)
        for name, (switches, told) in WAYS.items()
    ],
)
def test_it_goes_its_way_and_leaves_nothing(sandbox: Sandbox, told: dict[str, Any]) -> None:
    result = sandbox.run()
    assert result.exit_code == 0, result.output
    assert "left nothing behind" in result.stdout
    sandbox.assert_nothing_is_left()
    undone = [row.split(": ")[1] for row in result.stderr.splitlines() if ": undo " in row]
    made = "undo create again" if told.get("accepted_at_once") else "undo create"
    # One that was finalized against a decline is over, but nothing of the probe's has settled it.
    started = ["undo start"] if told.get("accept_despite_decline") else []
    assert undone == ["undo enable", *started, "undo join", made]
    found = answered(sandbox.path)
    assert {name: found[name].position for name in told} == told
    content = sandbox.path.read_text("ascii")
    for secret in (MANAGEMENT, MEMBER, "@example.com", "master"):
        assert secret not in content


@pytest.mark.parametrize(
    ("moment", "switches"),
    # After each call in the default positions, a process of its own is killed below.
    [("before the call", {}), ("after the call", {"accepted_at_once": True})],
    ids=["before", "after, accepted at once"],
)
def test_it_goes_on_where_it_was_killed(
    sandbox: Sandbox, share: Share, monkeypatch: pytest.MonkeyPatch, moment: str, switches: dict[str, Any]
) -> None:
    sandbox.org.scenario = Scenario(feature_set=None, switches=Switches(**switches))
    for at in share.of(range(1, len(plan(SANDBOX))), every=30):
        sandbox.again()
        with monkeypatch.context() as patch, contextlib.suppress(KilledError):
            patch.setattr(AnyCall, "ask", killed_at(at, moment))
            sandbox.run()
        result = sandbox.run()
        assert result.exit_code == 0, (at, result.output)
        sandbox.assert_nothing_is_left()


def test_it_is_undone_from_wherever_it_stopped(
    sandbox: Sandbox, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in share.of(range(2, len(SANDBOX)), every=30):
        sandbox.again()
        with monkeypatch.context() as patch, contextlib.suppress(KilledError):
            patch.setattr(AnyCall, "ask", killed_at(at, "after the call"))
            sandbox.run()
        result = sandbox.run("--undo")
        assert result.exit_code == 0, (at, result.output)
        sandbox.assert_nothing_is_left()


def test_a_write_that_is_refused_stops_it_and_it_goes_on_once_that_is_mended(sandbox: Sandbox) -> None:
    refused: dict[str, Any] = {"error": "InvalidInputException", "reason": "INPUT_REQUIRED"}
    sandbox.org.fail("DeclineHandshake", status=400, times=99, **refused)
    reference, text = error_of(sandbox.run())
    assert reference == "probe-refused"
    assert "the step 'decline'" in text
    assert "INPUT_REQUIRED" in text
    assert stat.S_IMODE(sandbox.state.stat().st_mode) == 0o600
    assert of_text(sandbox.state.read_text()).begun == "decline"
    sandbox.org.clear_faults()
    assert sandbox.run().exit_code == 0
    sandbox.assert_nothing_is_left()


def test_what_is_busy_or_lags_is_asked_for_again(sandbox: Sandbox) -> None:
    sandbox.org.fail(
        "InviteAccountToOrganization", error="FinalizingOrganizationException", status=400, times=3
    )
    sandbox.org.fail("EnableAllFeatures", error="TooManyRequestsException", status=400, times=2)
    assert sandbox.run().exit_code == 0
    sandbox.assert_nothing_is_left()


@pytest.mark.parametrize(
    "switches", [{"read_lag": 2.0}, {"read_lag": 2.0, "accepted_at_once": True}], ids=str
)
def test_it_waits_for_what_aws_does_not_show_yet(
    org: Emulator, invoke_in: InvokeIn, tmp_path: Path, switches: dict[str, Any]
) -> None:
    org.scenario = Scenario(
        feature_set=None, start=datetime(2026, 1, 5, tzinfo=UTC), switches=Switches(**switches)
    )
    sandbox = Sandbox(org, invoke_in, tmp_path)
    sandbox.again()

    def sleep(seconds: float) -> None:
        org.clock.advance(seconds=seconds)

    result = invoke_in(
        replace(world(), sleep=sleep), *sandbox.arguments(), AWS_CONFIG_FILE=str(sandbox.config)
    )
    assert result.exit_code == 0, result.output
    sandbox.assert_nothing_is_left()
    found = answered(sandbox.path)
    assert any("ORGANIZATION_ALREADY_HAS_ALL_FEATURES" in each for each in found["words"].listed)
    assert any(each.startswith("EnablePolicyType: PolicyTypeAlready") for each in found["words"].listed)


def test_it_takes_about_forty_calls(sandbox: Sandbox) -> None:
    told = json.loads(sandbox.run("--json").stdout)
    assert told["calls"] == CALLS
    # Who asks, and in which organizations both are, comes before.
    recorded = sandbox.path.read_text("ascii").splitlines()
    assert len(recorded) == told["calls"] + 2
    assert len(recorded) + 2 == len(sandbox.org.log)


def in_an_organization(sandbox: Sandbox) -> None:
    sandbox.org.client("organizations", MANAGEMENT).create_organization(FeatureSet="CONSOLIDATED_BILLING")


def member_elsewhere(sandbox: Sandbox) -> None:
    sandbox.org.client("organizations", MEMBER).create_organization(FeatureSet="ALL")


def another_member(sandbox: Sandbox) -> None:
    sandbox.let(OTHER)


def nothing(_: Sandbox) -> None:
    pass


def of_a_killed_probe(sandbox: Sandbox) -> None:
    in_an_organization(sandbox)
    sandbox.state.write_text(
        to_text(
            State(
                MANAGEMENT, MEMBER, done=("no organization", "create"), facts={"organization": "o-another123"}
            )
        )
    )


def of_other_accounts(sandbox: Sandbox) -> None:
    sandbox.state.write_text(to_text(State(OTHER, MEMBER)))


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (in_an_organization, "which the probe hasn't made"),
        (member_elsewhere, f"account {MEMBER} is in organization o-"),
        (
            another_member,
            f"the credentials for the member account belong to account {OTHER}, not to {MEMBER}",
        ),
        (of_a_killed_probe, "which the probe hasn't made"),
        (of_other_accounts, f"is one of accounts {OTHER} and {MEMBER}"),
    ],
)
def test_whom_it_refuses(sandbox: Sandbox, prepare: Callable[[Sandbox], None], why: str) -> None:
    prepare(sandbox)
    before = list(sandbox.writes)
    reference, text = error_of(sandbox.run())
    assert (reference, why in text) == ("probe-refused", True), text
    assert sandbox.writes == before


def test_both_accounts_are_to_be_other_ones(sandbox: Sandbox) -> None:
    sandbox.let(MANAGEMENT)
    same = sandbox.any(
        *("--record", str(sandbox.path), "--management", MANAGEMENT, "--member", MANAGEMENT),
        *("--member-profile", "member"),
    )
    assert "both accounts are the same one" in error_of(same)[1]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--record", "x"),
        ("--record", "x", "--management", MANAGEMENT),
        ("--record", "x", "--management", MANAGEMENT, "--member", MEMBER),
        ("--record", "x", "--look-only", "--member", MEMBER),
        ("--record", "x", "--look-only", "--undo"),
        ("--record", "x", "--management", "me", "--member", MEMBER, "--member-profile", "y"),
    ],
)
def test_what_must_be_named_by_hand(sandbox: Sandbox, arguments: tuple[str, ...]) -> None:
    assert sandbox.any(*arguments).exit_code == 2
    assert sandbox.org.log == []


@pytest.mark.parametrize("kept", ["", "{}", "[]", '{"v": 1}', '{"v": 1, "done": [], "undone": []}'])
def test_a_state_that_cannot_be_read_is_told(sandbox: Sandbox, kept: str) -> None:
    sandbox.state.write_text(kept)
    assert error_of(sandbox.run())[0] == "file-unusable"
    assert sandbox.org.log == []


def test_a_role_leads_to_the_member_as_well(sandbox: Sandbox) -> None:
    arn = f"arn:aws:iam::{MEMBER}:role/Nobody"
    named = ("--record", str(sandbox.path), "--management", MANAGEMENT, "--member", MEMBER)
    assert error_of(sandbox.any(*named, "--member-role", arn))[0] == "role-not-assumed"
    assert sandbox.writes == []


@pytest.mark.parametrize(("arguments", "steps"), [((), plan(SANDBOX)), (("--look-only",), LOOKS)])
def test_a_dry_run_prints_the_calls_and_makes_none(
    sandbox: Sandbox, arguments: tuple[str, ...], steps: tuple[Any, ...]
) -> None:
    told = sandbox.any("--dry-run", *arguments, "--json")
    listed = json.loads(told.stdout)["calls"]
    assert [each["operation"] for each in listed] == [each.operation for each in steps]
    assert len(sandbox.any("--dry-run", *arguments).stdout.splitlines()) == len(steps) + 1
    assert sandbox.org.log == []


@pytest.mark.parametrize(
    "scenario", [Scenario(), Scenario(feature_set="ALL"), NONE], ids=["consolidated billing", "all", "none"]
)
@pytest.mark.parametrize("account", [MANAGEMENT, MEMBER])
def test_the_tier_that_only_looks_changes_nothing(
    org: Emulator, invoke_in: InvokeIn, tmp_path: Path, account: str
) -> None:
    before = org.feature_set, org.invited, org.created, org.migrations_started
    path = tmp_path / "aws.jsonl"
    told = invoke_in(world(), "evidence", "probe", "--look-only", "--record", str(path), account=account)
    assert told.exit_code == 0, told.output
    assert (org.feature_set, org.invited, org.created, org.migrations_started) == before
    assert org.parent is None if org.feature_set else True
    assert answered(path)["words"].listed
    assert not path.with_name("aws.jsonl.state").exists()


def test_what_only_looks_writes_nothing_by_what_it_names() -> None:
    writing = [step for step in LOOKS if not step.operation.startswith(READS)]
    assert {str(step.request.get("HandshakeId")) for step in writing if not step.only_all} == {"h-00000000"}
    # With all features on, AWS refuses to enable them: that is what it is there for.
    assert [step.operation for step in writing if step.only_all] == ["EnableAllFeatures"]
    assert all(step.undo is None for step in LOOKS)


def test_every_write_of_the_sandbox_is_undone_settled_or_ends_something() -> None:
    settled = {name for step in SANDBOX for name in step.settles}
    ending = {"DeclineHandshake", "CancelHandshake", "DeleteOrganization", "AcceptHandshake"}
    for step in SANDBOX:
        if step.kind is Kind.WRITE and step.operation not in ending:
            assert step.undo is not None, step.name
    names = [step.name for step in plan(SANDBOX)]
    assert len(names) == len(set(names))
    assert settled <= set(names)


def test_a_finished_state_has_no_next_step() -> None:
    done = tuple(step.name for step in SANDBOX)
    assert next_step(SANDBOX, State(MANAGEMENT, MEMBER, done=done)) is None


KILLED: Final = """
    import json, os, signal, sys
    from aws_org_features.aws.any_call import AnyCall
    from aws_org_features.cli import evidence_probe, main

    evidence_probe._PAUSE = evidence_probe._LONGER = 0.0
    ask = AnyCall.ask

    def run(at, moment, arguments, environment):
        os.environ.update(environment)
        count = 0
        def asked(api, operation, request):
            nonlocal count
            count += 1
            if count == at and moment == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            outcome = ask(api, operation, request)
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return outcome
        AnyCall.ask = asked
        sys.stdout = sys.stderr = open(os.devnull, "w")
        main(arguments)

    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                run(*json.loads(line))
            except SystemExit as error:
                os._exit(error.code or 0)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Runs the command in a process of its own for each line, and kills that at some call."""


class Killer:
    """Runs the probe in processes that are killed."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(KILLED)],
            env={"PATH": os.environ["PATH"]},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, at: int, moment: str, *more: str) -> int:
        """Run it until a call; 0 lets it run to its end. Gives how the process ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        found = {
            **environment_of(self._sandbox.org, MANAGEMENT),
            "AWS_CONFIG_FILE": str(self._sandbox.config),
        }
        given = {name: value for name, value in found.items() if value}
        self._process.stdin.write(json.dumps([at, moment, self._sandbox.arguments(*more), given]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture
def killer(sandbox: Sandbox) -> Iterator[Killer]:
    made = Killer(sandbox)
    yield made
    made.close()


CALLS: Final = 43
"""So many are made in the emulator's default positions, with those that undo."""


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("moment", "then", "every"),
    # In this process, the tests above do it before each call, and undo it after each.
    [("after", "go on", 1), ("before", "undo", 4)],
)
def test_a_process_that_is_killed_at_any_call_goes_on_or_is_undone(
    sandbox: Sandbox, killer: Killer, moment: str, then: str, every: int
) -> None:
    for at in range(1, CALLS + 1, every):
        sandbox.again()
        sandbox.path.unlink(missing_ok=True)
        assert killer.run(at, moment) == -signal.SIGKILL, at
        before = sandbox.path.read_bytes()
        assert before.endswith(b"\n")
        more = [] if then == "go on" else ["--undo"]
        assert killer.run(0, "", *more) == 0, at
        sandbox.assert_nothing_is_left()
        assert sandbox.path.read_bytes().startswith(before)
        (recording,) = recordings(sandbox.path)
        assert recording.unread == 0
        if then == "go on":
            assert answered(sandbox.path)["handshake_actions"].position == "guide"


@pytest.mark.exhaustive
def test_a_process_that_is_killed_again_and_again_comes_to_its_end(sandbox: Sandbox, killer: Killer) -> None:
    for times in range(2 * CALLS):  # noqa: B007 - how often is asserted below
        ended = killer.run(2, "after")
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
    assert ended == 0
    assert CALLS // 4 < times < 2 * CALLS - 1
    sandbox.assert_nothing_is_left()
