"""Whole migrations recorded through `pulumi up` and the command, in two positions of each switch.

Each case is played with either provider and the real engine; the command is a process of its own. A case has
as many switches as can be seen together. What a recording tells must be so in every world: a switch that
isn't told is one thing, a wrong one another.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import pytest

from aws_org_emulator import Emulator, Member, Scenario, Switches
from aws_org_features import OrganizationFeatureSet, RootPolicyType, TrustedService
from aws_org_features.evidence.answer import answers
from aws_org_features.evidence.questions import QUESTIONS
from aws_org_features.evidence.recording import read
from tests.cli.conftest import environment_of
from tests.harness.yaml_project import YamlProject
from tests.stacks import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

pytestmark = pytest.mark.exhaustive

ORGANIZATION: Final = "o-exampleorg1"
DYNAMIC: Final = "dynamic"
NATIVE: Final = "native"
NAME: Final = "Canary Bakery Holding"
MEMBERS: Final = (Member("737373737373", name=NAME, email="owner@canary.example", access_role="Approver"),)
INACTIVE: Final = (Member("747474747474", name=NAME, email="gone@canary.example", state="SUSPENDED"),)
SECRETS: Final = (
    "73737373",
    "74747474",
    "11111111",
    "22222222",
    "33333333",
    "exampleorg1",
    "canary",
    "bakery",
)


class Stack(Protocol):
    """A stack with either provider."""

    def declare(self, attempt: int = 1, *, day_after: bool = False) -> None: ...

    def up(self) -> str:
        """`pulumi up`; what it says if it failed."""

    def refresh(self) -> None: ...


class Dynamic:
    """A stack of dynamic resources."""

    def __init__(self, folder: Path, org: Emulator, recording: Path, python: str) -> None:
        self._project = Project(folder, org, python=python)
        self._project.set_environment(AWS_ORG_FEATURES_RECORD=str(recording))

    def declare(self, attempt: int = 1, *, day_after: bool = False) -> None:
        def program() -> None:
            features = OrganizationFeatureSet("features", organization_id=ORGANIZATION, attempt=attempt)
            if day_after:
                RootPolicyType("tags", organization_id=features.organization_id, policy_type="TAG_POLICY")
                TrustedService(
                    "ram",
                    organization_id=features.organization_id,
                    service_principal="ram.amazonaws.com",
                )

        self._project.declare(program)

    def up(self) -> str:
        told = self._project.up()
        return told.text if told.failed else ""

    def refresh(self) -> None:
        self._project.refresh()


class Native:
    """A stack of native resources, in YAML."""

    def __init__(self, folder: Path, org: Emulator, recording: Path, _: str) -> None:
        self._org = org
        self._project = YamlProject(folder)
        self._project.act_as(org)
        self._project.set_environment(AWS_ORG_FEATURES_RECORD=str(recording))

    def declare(self, attempt: int = 1, *, day_after: bool = False) -> None:
        self._project.declare("features", self._org, attempt=attempt)
        later = {
            "tags": ("RootPolicyType", {"policyType": "TAG_POLICY"}),
            "ram": ("TrustedService", {"servicePrincipal": "ram.amazonaws.com"}),
        }
        for name, (kind, given) in later.items() if day_after else ():
            after = {"dependsOn": ["${features}"]}
            self._project.declare_one(kind, name, self._org, after, **given)

    def up(self) -> str:
        told = self._project.up()
        return told.text if told.failed else ""

    def refresh(self) -> None:
        self._project.command("refresh", "--yes", "--skip-preview")


STACKS: Final[dict[str, Callable[[Path, Emulator, Path, str], Stack]]] = {DYNAMIC: Dynamic, NATIVE: Native}


class Play:
    """A stack and the command on one organization, each with a recording."""

    def __init__(self, folder: Path, org: Emulator, provider: str, python: str) -> None:
        self.org = org
        self.path = folder / "aws.jsonl"
        self._commands: list[str] = []
        (folder / "stack").mkdir(parents=True)
        self.stack = STACKS[provider](folder / "stack", org, self.path, python)
        self.stack.declare()

    def command(self, *arguments: str) -> None:
        """Type a command that records."""
        before = set(self._lines())
        given = environment_of(self.org, self.org.management)
        told = subprocess.run(
            [Path(sys.executable).with_name("org-features"), *arguments, "--record", str(self.path)],
            env={"COLUMNS": "200", **{name: value for name, value in given.items() if value}},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in told.stderr
        assert "record" not in told.stderr
        self._commands += [line for line in self._lines() if line not in before]

    def told(self, by: str = "") -> dict[str, Any]:
        """The switches that the recording tells, or the part of it that one of both wrote."""
        typed = set(self._commands)
        parts = {"command": typed, "provider": set(self._lines()) - typed}
        lines = [line for line in self._lines() if not by or line in parts[by]]
        found = answers(read("aws.jsonl", lines))
        assert not [each.question.name for each in found if each.question.switch and each.contradicts]
        return {
            each.question.switch: each.position
            for each in found
            if each.question.switch and each.position is not None
        }

    def _lines(self) -> list[str]:
        return self.path.read_text("ascii").splitlines() if self.path.exists() else []


def whole(play: Play) -> None:
    """Declined, expired, finalized, and the day after."""
    play.command("plan")
    assert play.stack.up() == ""
    (asked,) = play.org.invited
    play.org.decline(asked)
    play.command("status")
    play.stack.refresh()
    play.stack.declare(attempt=2)
    assert play.stack.up() == ""
    play.org.clock.advance(days=91)
    play.command("status")
    play.stack.refresh()
    play.stack.declare(attempt=3)
    assert play.stack.up() == ""
    play.command("approve", "--role-name", "Approver", "--yes")
    day_after(play, attempt=3)


def approved(play: Play) -> None:
    """By an account whose approval only it is shown."""
    assert play.stack.up() == ""
    play.org.clock.advance(seconds=10)
    play.command("approve", "--role-name", "Approver", "--yes")
    play.command("status")
    assert play.stack.up() == ""


def day_after(play: Play, attempt: int = 1) -> None:
    assert play.stack.up() == ""
    play.stack.declare(attempt, day_after=True)
    assert play.stack.up() == ""
    for _ in range(2):
        play.stack.refresh()


def alone_and_refused(play: Play) -> None:
    day_after(play)
    iam = play.org.client("iam", play.org.management)
    iam.delete_user_policy(UserName="emulator", PolicyName="AdministratorAccess")
    play.command("status")
    play.stack.refresh()


def started(play: Play) -> None:
    play.command("plan")
    assert play.stack.up() == ""
    play.command("status")


@dataclass(frozen=True)
class World:
    """An organization, what happens in it, and what a recording of that tells.

    Attributes:
        play: What happens.
        switches: Where the switches are.
        by_provider: Those that what the provider recorded tells.
        by_command: And those that what the command recorded does.
        fields: Of the scenario.
    """

    play: Callable[[Play], None]
    switches: Mapping[str, Any]
    by_provider: Collection[str] = ()
    by_command: Collection[str] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


SEEN_BY_BOTH: Final = frozenset(
    {
        *("handshake_actions", "pending_child", "party_prefixes", "party_order", "parent_link_prefix"),
        *("children_shown", "children_after", "account_status_shown", "empty_pages", "latency"),
        *("open_when_all_responded", "expired_children"),
    }
)
SEEN_BY_PROVIDER: Final = SEEN_BY_BOTH | {"policy_type_changes", "read_lag"}
SLOW: Final = 0.5
"""Seconds: more than the quickest of some dozens of calls takes on any machine."""
INACTIVE_COUNT: Final = "inactive_accounts_count"
WORLDS: Final[dict[str, tuple[World, ...]]] = {
    "as documented": (World(whole, {}, SEEN_BY_PROVIDER, SEEN_BY_BOTH),),
    "the other way": (
        World(
            whole,
            {
                "handshake_actions": "model",
                "pending_child": "REQUESTED",
                "party_prefixes": True,
                "party_order": "recipient",
                "parent_link_prefix": True,
                "account_status_shown": False,
                "children_after": 0.5,
                "policy_type_changes": "read",
                "empty_pages": True,
                "latency": SLOW,
                "open_when_all_responded": True,
                "expired_children": "CANCELED",
            },
            SEEN_BY_PROVIDER - {"read_lag"},
            SEEN_BY_BOTH,
        ),
    ),
    "hidden and late": (
        World(
            approved,
            # Hidden children are seen by the member's session, which the command alone has.
            {"party_order": "either", "children_shown": False, "read_lag": 5.0},
            {"read_lag"},
            {"party_order", "children_shown"},
        ),
    ),
    "nobody can be asked": (
        World(
            alone_and_refused,
            {"accepted_at_once": True, "policy_type_changes": "clock", "iam_enforcement": True},
            {"accepted_at_once", "policy_type_changes", "iam_enforcement"},
            {"iam_enforcement"},
            {"members": ()},
        ),
        World(
            started,
            {"accepted_at_once": False, INACTIVE_COUNT: False},
            {"accepted_at_once", INACTIVE_COUNT},
            (),
            {"members": INACTIVE},
        ),
        World(
            started,
            {INACTIVE_COUNT: True},
            {INACTIVE_COUNT},
            {INACTIVE_COUNT},
            {"members": (*MEMBERS, *INACTIVE)},
        ),
    ),
}
BY_OTHERS: Final = {
    "accept_despite_decline": "the probe",
    "five_thousand_migrate": "`tests/evidence`: without an engine, for so many accounts are dear",
    "invitations_during_migration": "the probe",
    "removal_waiting_period": "a client of somebody's own",
    "throttling": "others: the provider and the command keep to the rates",
}
"""Switches that neither tells here; `tests/cli/test_evidence_probe.py` and `tests/evidence` have them."""


def is_right(switch: str, given: Any, told: Any) -> bool:
    """True if a switch is as it was set."""
    if switch == "latency":
        return bool(told >= given - 0.01 and (told < SLOW) is (given < SLOW))
    if switch == "read_lag":
        return (told > 0) is (given > 0)  # as far as was seen
    if (switch, given) == ("party_order", "either"):
        return True  # one answer, or all of a few, tell one of both
    return bool(told == (pytest.approx(given, abs=0.01) if isinstance(given, float) else given))


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("provider", STACKS)
@pytest.mark.parametrize("name", WORLDS)
def test_a_recording_of_both_tells_where_the_switches_are(
    provider: str, name: str, tmp_path: Path, python: str
) -> None:
    for number, world in enumerate(WORLDS[name]):
        fields = {"invited": 0, "created": 1, "members": MEMBERS, **world.fields}
        with Emulator(Scenario(switches=Switches(**world.switches), **fields)) as org:
            play = Play(tmp_path / str(number), org, provider, python)
            world.play(play)
            given = org.scenario.switches
        content = play.path.read_text("ascii").lower()
        assert [secret for secret in SECRETS if secret in content] == []
        assert_told(play, world, given, f"{provider}, {name}")


def assert_told(play: Play, world: World, given: Switches, of: str) -> None:
    """Assert that a recording tells what is so, and all that the world lets be seen."""
    wanted = {
        "": {*world.by_provider, *world.by_command},
        "provider": set(world.by_provider),
        "command": set(world.by_command),
    }
    for by, switches in wanted.items():
        told = play.told(by)
        for switch, position in told.items():
            print(f"{switch}: {getattr(given, switch)} -> {position} ({by or 'both'}, {of})")
        wrong = {
            each for each, position in told.items() if not is_right(each, getattr(given, each), position)
        }
        assert (by, wrong, switches - set(told)) == (by, set(), set())


def test_every_switch_is_told_in_two_positions_or_by_others() -> None:
    seen: dict[str, set[Any]] = {}
    for world in (each for worlds in WORLDS.values() for each in worlds):
        given = Switches(**world.switches)
        for switch in {*world.by_provider, *world.by_command}:
            seen.setdefault(switch, set()).add(getattr(given, switch))
    once = {switch for switch, positions in seen.items() if len(positions) < len((False, True))}
    # That nobody was refused tells nothing of policies.
    assert once == {"iam_enforcement"}
    assert seen.keys() | BY_OTHERS == {each.switch for each in QUESTIONS if each.switch}
    assert not seen.keys() & BY_OTHERS
