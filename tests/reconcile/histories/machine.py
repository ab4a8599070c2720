"""The histories: the program's commands in between what people do, each held to the promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from tests.reconcile.histories import looks
from tests.reconcile.histories.dynamic import DynamicProgram
from tests.reconcile.histories.native import NativeProgram
from tests.reconcile.histories.people import People
from tests.reconcile.histories.program import Failed
from tests.reconcile.histories.promises import Command, hold
from tests.reconcile.histories.said import what_is_said_is_so
from tests.reconcile.histories.steps import RAISE, STEPS
from tests.reconcile.histories.truth import Truth, truth
from tests.reconcile.histories.worlds import FOREIGN, approvers, switches

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Switches
    from aws_org_emulator.server.faults import Fault
    from tests.reconcile.histories.program import Program
    from tests.reconcile.histories.steps import Meanwhile


UPS: Final = 3
"""In so many `up`s it reaches the end once nothing stands against it, with approvals in between."""


class History(People):
    """A program that declares the organization, and the people who run it."""

    made: ClassVar[type[Program]] = DynamicProgram
    """The edge through which a program declares the resource."""

    @initialize(
        chosen=switches,
        invited=st.integers(1, 3),
        declared=st.fixed_dictionaries(
            {
                "finalize": st.sampled_from((False, False, True)),  # so that histories are long
                "approver": approvers,
                "on_destroy": st.sampled_from(("cancel", "cancel", "leave")),
                "observe": st.sampled_from(("diff", "diff", "refresh")),
            }
        ),
        ups=st.integers(0, 2),
        leaves=st.booleans(),
    )
    def begin(self, chosen: Switches, invited: int, declared: dict[str, Any], ups: int, leaves: bool) -> None:
        """Begin, with some `up`s or none.

        Args:
            chosen: What AWS is like.
            invited: How many invited accounts there are.
            declared: What the program declares.
            ups: How often it is run.
            leaves: Whether, in the end, an account that declined leaves, rather than being asked once more.
        """
        self.found(chosen, invited)
        self.leaves = leaves
        self.program = self.made(self.org)
        self.program.declared.update(declared)
        self.another = self.made(self.org)
        self.begin_anew()
        for _ in range(ups):
            self.run("up", self.program.up)

    def begin_anew(self) -> None:
        """Nothing is kept of the resource under its present name."""
        self.attempt = self.applied = 1
        self.met: set[str] = set()
        """The migrations that a refresh has seen."""

    def teardown(self) -> None:
        try:
            if hasattr(self, "program") and not hasattr(self, "broken"):
                self.come_to_an_end()
        finally:
            super().teardown()

    @rule(step=STEPS)
    def happens(self, step: tuple[str, dict[str, Any]]) -> None:
        """One thing after another."""
        name, given = step
        getattr(self, name)(**given)

    # The program

    def change_the_program(self, change: dict[str, Any]) -> None:
        """Raise `attempt`, or declare something else."""
        self.count("change the program")
        if change == RAISE:
            change = {"attempt": self.program.declared["attempt"] + 1}
        self.program.declared.update(change)

    # Commands

    def up(self, refresh: bool, who: str, fault: Fault | None, meanwhile: Meanwhile | None = None) -> None:
        done = self.run("up", lambda: self.program.up(refresh=refresh), who, fault, meanwhile=meanwhile)
        looked = refresh or self.program.declared["observe"] == "diff"
        at_once = not (self.switches.read_lag or self.switches.throttling)
        if done and looked and at_once and fault is None and meanwhile is None and who == "mine":
            self.compare(truth(self.org))

    def look(self, what: str, who: str, fault: Fault | None, meanwhile: Meanwhile | None = None) -> None:
        program = self.program
        if what in looks.NAMES:
            self.run(what, lambda: looks.look(what, program), who, fault, meanwhile=meanwhile)
            return
        self.settle()
        kept = bool(program.outputs)
        doing = {"preview": program.preview, "refresh": program.refresh}[what]
        done = self.run(what, doing, who, fault, meanwhile=meanwhile)
        if what == "refresh" and done and kept and fault is None and meanwhile is None and who == "mine":
            self.compare(truth(self.org))

    def rename(self, fault: Fault | None) -> None:
        self.settle()
        self.program.rename()
        self.begin_anew()
        self.run("up", self.program.up, fault=fault, told="rename")

    def destroy(self, who: str, fault: Fault | None, meanwhile: Meanwhile | None = None) -> None:
        if not self.program.state:
            return
        self.settle()
        self.run("destroy", self.program.destroy, who, fault, meanwhile=meanwhile)
        if not self.program.state:
            self.begin_anew()

    def raise_attempt_and_up(self, who: str, fault: Fault | None) -> None:
        """Ask to begin again, and at once run it."""
        self.change_the_program(RAISE)
        self.up(refresh=True, who=who, fault=fault)

    def up_and_destroy(self, on_destroy: str, fault: Fault | None) -> None:
        """Take down what has just been declared."""
        self.change_the_program({"on_destroy": on_destroy})
        self.up(refresh=False, who="mine", fault=None)
        self.destroy("mine", fault)

    def settle(self) -> None:
        """Let AWS come to show what is so: what nobody can see yet, nobody can heed."""
        self.org.clock.advance(seconds=self.switches.read_lag + 1)

    def run(
        self,
        name: str,
        doing: Callable[[], object],
        who: str = "mine",
        fault: Fault | None = None,
        *,
        told: str = "",
        meanwhile: Meanwhile | None = None,
    ) -> bool:
        """Run a command, and hold it to what is promised.

        Args:
            name: The promises' name for it.
            doing: What it does.
            who: Whose credentials it has.
            fault: What goes wrong in it.
            told: The figures' name for it, if that is another.
            meanwhile: Before which of its calls somebody else does what.

        Returns:
            Whether it succeeded.
        """
        self.count(told or name)
        program, before = self.program, truth(self.org)
        fresh = not program.outputs
        canceled = self.known_to_be_canceled(before, fresh=fresh)
        declared = program.applied() if name == "destroy" else dict(program.declared)
        program.account = self.account_of(who, before)
        if fault is not None:
            self.tally["faults"] += 1
            self.org.plan(fault)
        self.witness.watch(self.org)
        if meanwhile is not None:
            self.org.before("*", lambda *_: self.others_act(meanwhile), meanwhile.nth)
        self.broken = True  # until it is seen that it isn't
        done = True
        try:
            doing()
        except Failed:
            done = False
        finally:
            asked = tuple(self.witness.look_away())
            self.org.clear_faults()
            program.account = self.org.management
        late = self.switches.read_lag or self.switches.throttling
        command = Command(
            name=name,
            declared=declared,
            fresh=fresh,
            attempt=self.attempt,
            management=self.org.management,
            canceled=canceled,
            reliable=fault is None and meanwhile is None and not late,
            asked=asked,
            announced=program.announced,
            warned="\n".join(program.warned),
        )
        if hasattr(self, "failed_meanwhile"):
            raise self.failed_meanwhile
        hold(command)
        del self.broken
        self.take_down(command, done=done)
        return done

    def others_act(self, meanwhile: Meanwhile) -> None:
        """Let somebody else do something while a command waits for an answer."""
        self.tally["in the midst of a command"] += 1
        try:
            with self.witness.others_act():
                getattr(self, meanwhile.name)(**meanwhile.given)
        except Exception as error:
            self.failed_meanwhile = error  # on the server's thread nobody would hear of it
            raise

    def another_up(self, change: dict[str, Any]) -> None:
        """Let a second stack that declares the same organization run its program."""
        self.another.declared.update(change)
        self.act("up of another stack", self.another.up)

    def another_destroy(self) -> None:
        self.act("destroy of another stack", self.another.destroy)

    def account_of(self, who: str, now: Truth) -> str:
        """The account whose credentials a command has."""
        if who == "member" and now.members:
            return min(now.members)
        return FOREIGN if who == "foreign" else self.org.management

    def known_to_be_canceled(self, now: Truth, *, fresh: bool) -> frozenset[str]:
        """The migrations that a person canceled, but for one that AWS no longer shows and nobody recorded."""
        known = now.kept or (not fresh and now.parent in self.met)
        return frozenset(self.canceled if known else self.canceled - {now.parent})

    def take_down(self, command: Command, *, done: bool) -> None:
        """Remember what a person would: under which attempt a migration that nothing blocks was met.

        A new resource takes on a blocked one as well.
        """
        for each in command.asked:
            self.tally["calls"] += 1
            self.tally["writes"] += each.call.writes
            self.tally["migrations begun by it"] += each.began
            self.tally["canceled by it"] += each.canceled
            self.tally["finalized by it"] += each.finalized and each.after.feature_set == "ALL"
            self.tally["approved by it"] += len(each.approved)
        if not done or command.name not in {"up", "refresh"}:
            return
        if command.name == "up":
            self.applied = int(command.declared["attempt"])
        so = truth(self.org)
        if command.name == "refresh" and so.parent is not None and so.kept:
            self.met.add(so.parent)
        blocked = so.who("DECLINED") & so.members and not command.fresh
        if so.feature_set == "ALL" or (so.pending and not blocked):
            self.attempt = self.applied

    def claim(self, name: str, wrong: str | None) -> None:
        """Fail where something is wrong."""
        self.broken = True
        assert wrong is None, f"{name}: {wrong}"
        del self.broken

    def compare(self, so: Truth) -> None:
        """Hold what a refresh recorded to what is so."""
        wrong = what_is_said_is_so(so, self.program.outputs, shown=self.switches.children_shown)
        self.claim("what_is_said_is_so", wrong)

    # The end

    def come_to_an_end(self) -> None:
        """Take away all that stands against it: then it reaches all features, and stays quiet."""
        self.nothing_stands_against_it()
        ups = 0
        while truth(self.org).feature_set != "ALL":
            said = f"after {ups} ups it says {self.program.outputs.get('message')}: {truth(self.org)}"
            self.claim("it_reaches_all_features", said if ups >= UPS else None)
            self.settle()
            self.org.approve_all()
            self.settle()
            done = self.run("up", lambda: self.program.up(refresh=True))
            failed = f"an up failed, though nothing was wrong: {self.program.heard[-3:]}"
            self.claim("it_reaches_all_features", None if done else failed)
            ups += 1
        self.tally[f"ended after {ups} more ups"] += 1
        self.tally["ups to the end, at most"] = max(self.tally["ups to the end, at most"], ups)
        self.quiet_at_the_end()

    def nothing_stands_against_it(self) -> None:
        """Everyone can answer, an account that declined leaves, and the program declares all that it takes.

        Or, where the resource can see who that is, a raised `attempt` asks them once more.
        """
        attempt = self.program.declared["attempt"] + 1
        self.program.declared.update(finalize=True, attempt=attempt, approver=None)
        self.org.clock.advance(days=5)  # a created account may leave only then
        for account in sorted(truth(self.org).members):
            self.org.set_account_state(account, "ACTIVE")
        so = truth(self.org)
        declined = so.who("DECLINED") & so.members
        seen = self.switches.children_shown and all(so.answers[each].kept for each in declined)
        if self.leaves or not seen or not self.program.outputs:
            for account in sorted(declined):
                self.org.remove_account(account)

    def quiet_at_the_end(self) -> None:
        """Ask nothing of AWS once all features are on, and that is recorded."""
        self.settle()
        done = self.run("up", lambda: self.program.up(refresh=True))
        self.claim("it_is_quiet_at_the_end", None if done else "an up failed")
        self.compare(truth(self.org))
        self.org.reset_calls()
        changes: list[bool] = []
        self.run("preview", lambda: changes.append(self.program.preview()))
        asked = f"a preview shows {changes}, and asked {self.org.calls.total()} times"
        self.claim("it_is_quiet_at_the_end", None if asked.endswith("[False], and asked 0 times") else asked)


class NativeHistory(History):
    """The same, of a program that declares the native resource."""

    made = NativeProgram
