"""Messages about an approver's round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.common.text import (
    NAMED_TO_ACT,
    accounts,
    duration,
    named,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_org_features.approver.fan_out import Progress
    from aws_org_features.model.migration import (
        Failure,
    )


def approved(given: int, failures: Sequence[Failure]) -> list[str]:
    """Report an approver's round: a line for approvals, and one for each kind of failure."""
    lines = [f"approved on behalf of {accounts(given)}"] if given else []
    kinds: dict[tuple[str, str], list[str]] = {}
    for failure in failures:
        kinds.setdefault((failure.reference, failure.next_step), []).append(failure.account_id)
    for (reference, next_step), account_ids in kinds.items():
        who = f"{accounts(len(account_ids))} ({named(sorted(account_ids), NAMED_TO_ACT)})"
        lines.append(f"couldn't approve on behalf of {who}: {reference}. {next_step}")
    return lines


def approving(progress: Progress, doing: str = "approving") -> str:
    """Progress of a round, in a line."""
    return f"{doing}: {progress.done} of {accounts(progress.wanted)} done, {going(progress)}"


def going(progress: Progress) -> str:
    """Progress of a round, as it goes on."""
    failed = f"{progress.failed} failed, " if progress.failed else ""
    left = f", {duration(progress.seconds_left)} left" if progress.done < progress.wanted else ""
    return f"{failed}{progress.rate:.1f}/s{left}"
