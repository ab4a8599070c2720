"""The announcement of a run with `observe="refresh"`, from what a refresh has recorded.

It asks AWS nothing, and needs no credentials.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_org_features.lifecycle.inputs import desired
from aws_org_features.lifecycle.resource import STEPS
from aws_org_features.migration import messages
from aws_org_features.migration.announce import first_start, from_found
from aws_org_features.migration.state import recorded_from
from aws_org_features.model.steps import NO_STEPS, NOT_REFRESHED, as_input, from_input

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.common.log import Log


def announce(log: Log, before: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
    """All that the run may do, as the computed input; before a create, printed as well.

    Args:
        log: Where to tell it.
        before: The inputs of the existing resource; empty for a new one.
        news: The inputs of the program.
    """
    wanted = desired(news)
    if before:
        steps = from_found(before.get(STEPS), wanted)
        return as_input(NO_STEPS, NOT_REFRESHED) if steps is None else as_input(steps)
    # Nobody looks, so a create starts, or takes on what is there, and leaves the rest to later runs.
    steps = first_start(wanted)
    for text in messages.all_steps(steps, None, wanted):
        log.warn(text)
    return as_input(steps)


def tell(log: Log, kept: Mapping[str, Any], news: Mapping[str, Any]) -> None:
    """Tell a person what the run may do.

    Args:
        log: Where to tell it.
        kept: The state.
        news: The inputs, with the steps among them.
    """
    now, wanted = recorded_from(kept).assessment, desired(news)
    for text in messages.all_steps(from_input(news.get(STEPS)) or NO_STEPS, now, wanted):
        log.warn(text)
