"""People's actions in an organization: in accounts, in the management account's console; and the clock."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar, Final

from botocore.exceptions import ClientError
from hypothesis.stateful import RuleBasedStateMachine

from aws_org_emulator import Emulator
from aws_org_emulator.people.actions import NothingPendingError
from tests.reconcile.histories.program import Failed
from tests.reconcile.histories.truth import Witness, truth
from tests.reconcile.histories.worlds import FOREIGN, POSITIONS, scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Switches

_MOST_MEMBERS: Final = 6


class People(RuleBasedStateMachine):
    """An organization, and its changes without the program. AWS refuses some of it, which is fine."""

    port: ClassVar[int] = 0
    tally: ClassVar[Counter[str]] = Counter()
    """Steps that were taken, in all histories."""
    positions: ClassVar[set[tuple[str, Any]]] = set()
    """Of switches, in all histories."""

    def found(self, chosen: Switches, invited: int) -> None:
        """Let there be an organization."""
        self.tally["histories"] += 1
        self.positions.update((name, getattr(chosen, name)) for name in POSITIONS)
        self.switches = chosen
        self.witness = Witness()
        self.org = Emulator(scenario(chosen, invited), self.port, served=self.witness.served).start()
        self.org.client("organizations", FOREIGN).create_organization(FeatureSet="CONSOLIDATED_BILLING")
        self.canceled: set[str] = set()
        """The migrations that a person has canceled."""

    def teardown(self) -> None:
        if hasattr(self, "org"):
            self.org.stop()

    def in_an_account(self, what: str, which: int) -> None:
        """Somebody does something in, or to, some member account, or makes one a member."""
        so, org = truth(self.org), self.org
        members = sorted(so.members)
        asked = sorted(so.members & (so.who("OPEN") | so.who("REQUESTED")))
        among = asked if asked and what in {"approve", "decline"} else members
        many = len(members) >= _MOST_MEMBERS and what in {"invite", "invite again", "create"}
        if many or not among:
            return
        account = among[which % len(among)]
        self.act(
            what,
            {
                "approve": lambda: org.approve(account),
                "approve all": org.approve_all,
                "decline": lambda: org.decline(account),
                "leave": lambda: org.leave(account),
                "remove": lambda: org.remove_account(account),
                "invite": lambda: org.join(org.invite()),
                "invite again": self.invite_again,
                "create": self.create_account,
                "lose role": lambda: self.lose_role(account),
                "suspend": lambda: org.set_account_state(account, "SUSPENDED"),
                "reinstate": lambda: org.set_account_state(account, "ACTIVE"),
            }[what],
        )

    def in_the_console(self, what: str) -> None:
        """Somebody begins, cancels or finishes a migration as management."""
        before = truth(self.org)
        doing = {
            "begin": self.org.enable_all_features,
            "cancel": self.org.cancel,
            "finalize": self.org.finalize,
        }
        self.act(f"{what} in the console", doing[what])
        if what == "cancel" and before.pending and truth(self.org).state == "CANCELED":
            self.canceled.add(str(before.parent))

    def days_pass(self, days: int) -> None:
        """Nothing happens."""
        self.act("days pass", lambda: self.org.clock.advance(days=days))

    def act(self, name: str, doing: Callable[[], object]) -> None:
        """Let somebody do something, a minute after what was before, so that they see that."""
        self.count(name)
        self.org.clock.advance(seconds=61)
        with contextlib.suppress(ClientError, NothingPendingError, Failed):
            doing()

    def count(self, name: str) -> None:
        """Count a step."""
        self.tally["steps"] += 1
        self.tally[name] += 1

    def invite_again(self) -> None:
        """Invite an account that has left, which joins and is somebody's again; or a new one."""
        former = [each for each in self.org.standalone if each != FOREIGN]
        self.org.join(self.org.invite(former[-1] if former else None))

    def create_account(self) -> None:
        client = self.org.client("organizations", self.org.management)
        client.create_account(AccountName="new", Email=f"new-{self.tally['steps']}@example.com")

    def lose_role(self, account: str) -> None:
        self.org.client("iam", account).delete_role(RoleName="AWSServiceRoleForOrganizations")
