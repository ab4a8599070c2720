"""Random histories of an organization, against rules that are written down here a second time."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from aws_org_emulator import Emulator, Scenario
from tests.emulator.helpers import handshakes
from tests.emulator.model_check import checked

OWNERS = ("222222222222", "222222222223", "222222222224")
MANAGEMENT = "111111111111"
ANYBODY = st.sampled_from((MANAGEMENT, *OWNERS))
ANSWERS = {"accept": "ACCEPTED", "decline": "DECLINED", "cancel": "CANCELED"}
PENDING = ("REQUESTED", "OPEN")


class EmulatorMachine(RuleBasedStateMachine):
    """The organization as a model knows it: members, one parent's state, each child's.

    Children go by their owners, and the parent by None. Ages are in days since the migration began.
    """

    @initialize()
    def begin(self) -> None:
        self.emulator = Emulator(Scenario(created=1, start=datetime(2026, 1, 5, tzinfo=UTC))).start()
        self.members = set(OWNERS)
        self.feature_set = "CONSOLIDATED_BILLING"
        self.parent: str | None = None
        self.children: dict[str, str] = {}
        self.ids: dict[str | None, str] = {}
        self.ended: dict[str | None, int] = {}
        self.age = 0

    def teardown(self) -> None:
        if hasattr(self, "emulator"):
            self.emulator.stop()

    def attempt(self, account_id: str, call: str, **parameters: Any) -> str:
        """The error's code, or nothing."""
        client = checked(self.emulator.client("organizations", account_id))
        try:
            getattr(client, call)(**parameters)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return ""

    @rule(who=ANYBODY)
    def start(self, who: str) -> None:
        said = self.attempt(who, "enable_all_features")
        if who != MANAGEMENT:
            expected = "AccessDeniedException" if who in self.members else "AWSOrganizationsNotInUseException"
        elif self.feature_set == "ALL" or self.parent in PENDING:
            expected = "HandshakeConstraintViolationException"
        else:
            expected = ""
        assert said == expected
        if said:
            return
        self.parent, self.age, self.ended = "REQUESTED", 0, {}
        self.children = dict.fromkeys(sorted(self.members), "OPEN")
        parent = self.emulator.parent
        assert parent is not None
        self.ids = {None: parent["Id"]}
        self.ids |= {child["Parties"][1]["Id"]: child["Id"] for child in self.emulator.children}
        self.look_whether_ready()

    @rule(who=ANYBODY, whose=st.sampled_from((None, *OWNERS)), what=st.sampled_from(tuple(ANSWERS)))
    def answer(self, who: str, whose: str | None, what: str) -> None:
        if whose not in self.ids:
            return
        said = self.attempt(who, f"{what}_handshake", HandshakeId=self.ids[whose])
        state = self.parent if whose is None else self.children[whose]
        assert state is not None
        assert said == self.expected(who, whose, what, state)
        if said:
            return
        becomes = ANSWERS[what]
        self.ended[whose] = self.age
        if whose is not None:
            self.children[whose] = becomes
            self.look_whether_ready()
            return
        self.parent = becomes
        if what == "accept":
            self.feature_set = "ALL"
        else:
            self.end_children("CANCELED", self.age)

    def expected(self, who: str, whose: str | None, what: str, state: str) -> str:
        if whose in self.ended and self.age >= self.ended[whose] + 30:
            return "HandshakeNotFoundException"
        if who != (MANAGEMENT if whose is None or what == "cancel" else whose):
            return "AccessDeniedException"
        if whose is None and what == "decline":
            return "AccessDeniedException"
        if state == ANSWERS[what]:
            return "HandshakeAlreadyInStateException"
        ready = state in PENDING if (whose is not None or what == "cancel") else state == "OPEN"
        return "" if ready else "InvalidHandshakeTransitionException"

    @rule(who=st.sampled_from(OWNERS), by_itself=st.booleans())
    def leave(self, who: str, by_itself: bool) -> None:
        if by_itself:
            said = self.attempt(who, "leave_organization")
            expected = "" if who in self.members else "AWSOrganizationsNotInUseException"
        else:
            said = self.attempt(MANAGEMENT, "remove_account_from_organization", AccountId=who)
            expected = "" if who in self.members else "AccountNotFoundException"
        assert said == expected
        if said:
            return
        self.members.remove(who)
        if self.parent in PENDING and self.children.get(who) in PENDING:
            self.children[who] = "CANCELED"
            self.ended[who] = self.age
        self.look_whether_ready()

    @rule(days=st.integers(1, 29))
    def wait(self, days: int) -> None:
        self.emulator.clock.advance(days=days)
        self.age += days
        if self.age >= 90 and self.parent in PENDING:
            self.parent = "EXPIRED"
            self.ended[None] = 90
            self.end_children("EXPIRED", 90)

    def end_children(self, state: str, age: int) -> None:
        for owner, was in self.children.items():
            if was in PENDING:
                self.children[owner] = state
                self.ended[owner] = age

    def look_whether_ready(self) -> None:
        staying = (state for owner, state in self.children.items() if owner in self.members)
        if self.parent == "REQUESTED" and all(state == "ACCEPTED" for state in staying):
            self.parent = "OPEN"

    @invariant()
    def it_is_as_known(self) -> None:
        if not hasattr(self, "emulator"):
            return
        assert set(self.emulator.invited) == self.members
        assert self.emulator.feature_set == self.feature_set
        parent = self.emulator.parent
        assert (None if parent is None else parent["State"]) == self.parent
        found = {child["Parties"][1]["Id"]: child["State"] for child in self.emulator.children}
        assert found == self.children

    @invariant()
    def management_sees_no_more_than_there_is(self) -> None:
        if hasattr(self, "emulator"):
            client = checked(self.emulator.client("organizations", MANAGEMENT))
            shown = {each["Id"] for each in handshakes(client.list_handshakes_for_organization)}
            if self.parent in PENDING:
                assert self.ids[None] in shown


SETTINGS = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # shrinking a history takes minutes
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("examples", [3, pytest.param(20, marks=pytest.mark.exhaustive)])
def test_the_organization_is_as_the_model_says(examples: int) -> None:
    """Compare the accounts that are always the same ones."""
    run_state_machine_as_test(EmulatorMachine, settings=settings(SETTINGS, max_examples=examples))
