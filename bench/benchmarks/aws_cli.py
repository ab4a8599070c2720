"""The alternative that a user has: AWS's command line, and a loop around it in a shell."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_org_features.cli.exit_codes import Exit
from bench.figure import Benchmark, Budget, Figure, Of
from bench.timing import Command, in_turns, ran
from bench.world import ROLE, environment, in_flight, program, rested, served

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from aws_org_emulator import Emulator

_APPROVALS: Final = 1000
_TO_APPROVE: Final = 200
_SAMPLE: Final = 20
"""Accounts for which a loop is measured: all of them would take an hour."""
_MOST_ROUNDS: Final = 3
_FASTER: Final = Budget(Of.SPEED, 5)

_LIST: Final = """
aws organizations list-handshakes-for-organization --filter ActionType=APPROVE_ALL_FEATURES
"""
_DESCRIBE: Final = """
for id in $IDS; do
    aws organizations describe-handshake --handshake-id "$id" --query Handshake.State
done
"""
_APPROVE: Final = f"""
for id in $IDS; do
    keys=$(aws sts assume-role --role-arn "arn:aws:iam::$id:role/{ROLE}" --role-session-name loop \\
        --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text)
    set -- $keys
    export AWS_ACCESS_KEY_ID="$1" AWS_SECRET_ACCESS_KEY="$2" AWS_SESSION_TOKEN="$3"
    handshake=$(aws organizations list-handshakes-for-account \\
        --filter ActionType=APPROVE_ALL_FEATURES --query 'Handshakes[0].Id' --output text)
    aws organizations accept-handshake --handshake-id "$handshake" --query Handshake.State
    unset AWS_SESSION_TOKEN
    export AWS_ACCESS_KEY_ID="$OWN_ID" AWS_SECRET_ACCESS_KEY="$OWN_SECRET"
done
"""


def _measure(rounds: int) -> Iterator[Figure]:
    rounds = min(rounds, _MOST_ROUNDS)
    with in_flight(_APPROVALS, throttling=True) as org:
        status = functools.partial(_ours, org, ["status", "--no-names"], Exit.PENDING)
        yield _beside_list(rounds, org, status)
        yield _beside_describe(org, status)
    with in_flight(_TO_APPROVE, throttling=True) as org:
        yield _approving(org)


def _beside_list(rounds: int, org: Emulator, status: Callable[[], float]) -> Figure:
    pair = in_turns(rounds, status, lambda: _shell(org, _LIST))
    status()
    return Figure(
        f"`org-features status --no-names`, {_APPROVALS:,} approvals",
        pair.ours,
        "s",
        Budget(Of.RATIO, 1),
        "aws organizations list-handshakes-for-organization",
        pair.theirs,
        pair.ratio,
        served(org),
    )


def _beside_describe(org: Emulator, status: Callable[[], float]) -> Figure:
    ids = [child["Id"] for child in org.children[:_SAMPLE]]
    theirs = _shell(org, _DESCRIBE, ids) * _APPROVALS / len(ids)
    ours = status()
    return _against_a_loop(
        f"the same, {_APPROVALS:,} approvals", ours, "aws organizations describe-handshake", theirs, org
    )


def _approving(org: Emulator) -> Figure:
    accounts = [str(child["Parties"][1]["Id"]) for child in org.children]
    org.snapshot()
    theirs = _shell(org, _APPROVE, accounts[:_SAMPLE]) * len(accounts) / _SAMPLE
    org.restore()
    ours = _ours(org, ["approve", "--yes", "--role-name", ROLE], Exit.DONE)
    return _against_a_loop(
        f"`org-features approve`, {_TO_APPROVE} accounts",
        ours,
        "assume-role, list-handshakes-for-account, accept-handshake",
        theirs,
        org,
    )


def _against_a_loop(what: str, ours: float, loop: str, theirs: float, org: Emulator) -> Figure:
    note = f"the loop was measured for {_SAMPLE} accounts, and its time multiplied"
    return Figure(what, ours, "s", _FASTER, f"a loop of {loop}", theirs, ours / theirs, served(org), note)


def _ours(org: Emulator, arguments: list[str], code: Exit) -> float:
    rested(org)
    command = Command([program("org-features"), *arguments], environment(org), Path.cwd(), (code,))
    return ran(command).seconds


def _shell(org: Emulator, script: str, ids: Collection[str] = ()) -> float:
    rested(org)
    env = environment(org)
    env |= {"IDS": " ".join(ids), "OWN_ID": env["AWS_ACCESS_KEY_ID"]}
    env["OWN_SECRET"] = env["AWS_SECRET_ACCESS_KEY"]
    return ran(Command(["sh", "-euc", script], env, Path.cwd())).seconds


BENCHMARK: Final = Benchmark(
    "aws-cli",
    "What a user would take instead, AWS's command line, with AWS's rates in force: its list of handshakes, "
    "page after page, and loops in a shell that call it for each account. The same Python runs both.",
    _measure,
)
