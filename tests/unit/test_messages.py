"""Messages to a person, word for word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aws_org_features.common import text
from aws_org_features.migration import messages
from aws_org_features.model.migration import (
    NOTHING_RECORDED,
    Action,
    Approvals,
    Assessment,
    Decision,
    Desired,
    Status,
    Waiting,
)
from tests.unit.values import INVITED, children, parent

PLAIN = Desired("o-exampleorg1")
PENDING = tuple(
    Waiting(c.account_id or "", c.id, c.action, c.state) for c in children("OPEN", "OPEN", "OPEN")
)
DECLINED = replace(PENDING[0], state="DECLINED")


@pytest.mark.parametrize(
    ("now", "desired", "said"),
    [
        (Assessment(Status.ENABLED), PLAIN, "All features are enabled."),
        (
            Assessment(Status.AWAITING_APPROVALS, parent(), Approvals(3, 2, 1), PENDING[:1]),
            PLAIN,
            "2 of 3 approved. Waiting for the owners of 222222222222 to approve by 2026-05-29 12:00 UTC. "
            "Once everyone has, the next `pulumi up` finalizes.",
        ),
        (
            Assessment(Status.AWAITING_APPROVALS, parent(), Approvals(5, 0, 5), (*PENDING, *PENDING[:2])),
            Desired("o-exampleorg1", finalize=False),
            "0 of 5 approved. Waiting for the owners of 222222222222, 333333333333, 444444444444 and 2 more "
            "to approve by 2026-05-29 12:00 UTC. Once everyone has, the next "
            "`pulumi up` stops before finalizing, as finalize is False.",
        ),
        (
            Assessment(Status.AWAITING_APPROVALS, parent(), Approvals(3, unknown=3)),
            PLAIN,
            "AWS doesn't show which accounts have approved; 3 accounts joined by invitation, and their "
            "owners must approve by 2026-05-29 12:00 UTC. Once everyone has, the next `pulumi up` finalizes.",
        ),
        (
            Assessment(Status.AWAITING_APPROVALS, parent(), Approvals(3, accepted=1, unknown=2)),
            PLAIN,
            "1 of 3 approved; AWS doesn't show the others, whose owners must approve by 2026-05-29 12:00 "
            "UTC. Once everyone has, the next `pulumi up` finalizes.",
        ),
        (
            Assessment(Status.AWAITING_APPROVALS, parent(), Approvals(3, 3)),
            PLAIN,
            "3 of 3 approved; AWS hasn't confirmed yet that nothing is outstanding. Once everyone has, the "
            "next `pulumi up` finalizes.",
        ),
        (
            Assessment(Status.AWAITING_APPROVALS, parent()),
            PLAIN,
            "The approvals couldn't be listed; AWS hasn't confirmed yet that nothing is outstanding. Once "
            "everyone has, the next `pulumi up` finalizes.",
        ),
        (
            Assessment(Status.DECLINED, parent(), Approvals(3, 1, 1, 1), (DECLINED, *PENDING[1:])),
            PLAIN,
            "222222222222 declined, so the migration can't be finalized. Remove the account from the "
            "organization, or raise `attempt` to 2 to cancel this migration and ask every invited account "
            "again, losing 1 approval already given.",
        ),
        (
            Assessment(Status.DECLINED, parent("EXPIRED"), Approvals(3, 1, declined=1), (DECLINED,)),
            PLAIN,
            "222222222222 declined, and the migration is over. Raise `attempt` to 2 to ask every invited "
            "account again.",
        ),
        (
            Assessment(Status.AWAITING_FINALIZATION, parent("OPEN"), Approvals(3, 1, unknown=2)),
            PLAIN,
            "Everyone has responded. The next `pulumi up` finalizes; it must run by 2026-05-29 12:00 UTC.",
        ),
        (
            Assessment(Status.AWAITING_FINALIZATION, parent("OPEN"), Approvals(3, 3)),
            Desired("o-exampleorg1", finalize=False),
            "Everyone has approved, but finalize is False. Set it to True by 2026-05-29 12:00 UTC, or "
            "everyone must be asked again.",
        ),
        (
            Assessment(Status.EXPIRED, parent("EXPIRED")),
            PLAIN,
            "h-parent0001 expired on 2026-05-29 12:00 UTC before it was finalized. The next `pulumi up` "
            "asks every invited account again.",
        ),
        (
            Assessment(Status.CANCELED, parent("CANCELED")),
            PLAIN,
            "h-parent0001 was canceled: by a person, by a destroy, or by AWS as an assisted migration began. "
            "Nothing starts again until `attempt` is raised to 2.",
        ),
        (
            # The run that canceled it failed to start another.
            Assessment(Status.CANCELED, parent("CANCELED")),
            replace(PLAIN, attempt=2),
            "h-parent0001 was canceled: by a person, by a destroy, or by AWS as an assisted migration began. "
            "`attempt` was raised to 2, so the next `pulumi up` starts another.",
        ),
        (
            Assessment(Status.CANCELED, parent("CANCELED"), listed=False),
            PLAIN,
            "AWS no longer lists h-parent0001, and how it ended isn't known. Nothing starts again until "
            "`attempt` is raised to 2.",
        ),
    ],
)
def test_message(now: Assessment, desired: Desired, said: str) -> None:
    assert messages.message(desired, NOTHING_RECORDED, now) == said


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            Assessment(Status.CANCELED, parent("CANCELED")),
            "h-parent0001 was canceled: by a person, by a destroy, or by AWS as an assisted migration began. "
            "Nothing starts again until `attempt` is raised.",
        ),
        (
            Assessment(Status.DECLINED, parent(), Approvals(1, declined=1), (DECLINED,)),
            f"{INVITED[0]} declined, so the migration can't be finalized. Remove the account from the "
            "organization, or raise `attempt` to cancel this migration and ask every invited account again.",
        ),
        (
            Assessment(Status.DECLINED, parent("EXPIRED"), Approvals(1, declined=1), (DECLINED,)),
            f"{INVITED[0]} declined, and the migration is over. Raise `attempt` to ask every invited account "
            "again.",
        ),
    ],
)
def test_without_the_stacks_record_no_attempt_is_made_up(now: Assessment, said: str) -> None:
    assert messages.message(PLAIN, None, now) == said


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_message(status: Status) -> None:
    for handshake in (None, parent()):
        for recorded in (NOTHING_RECORDED, None):
            assert messages.message(PLAIN, recorded, Assessment(status, handshake)).endswith(".")


@pytest.mark.parametrize(
    ("account_ids", "said"),
    [
        ([], ""),
        (["1"], "1"),
        (["1", "2"], "1 and 2"),
        (["1", "2", "3"], "1, 2 and 3"),
        (["1", "2", "3", "4"], "1, 2, 3 and 1 more"),
        (["", "2"], "an account that AWS doesn't name and 2"),
    ],
)
def test_accounts_are_named_up_to_three(account_ids: list[str], said: str) -> None:
    assert text.named(account_ids) == said


def test_a_step_says_what_it_costs() -> None:
    now = Assessment(Status.DECLINED, parent(), Approvals(3, accepted=2, declined=1), (DECLINED,))
    decision = Decision(Action.CANCEL, "attempt was raised from 1 to 2")
    assert messages.step(decision, now) == (
        "canceling h-parent0001, losing 2 approvals already given: attempt was raised from 1 to 2"
    )
    assert INVITED[0] in messages.short(now)
