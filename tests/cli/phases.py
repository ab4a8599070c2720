"""Phases that bring an organization into each status; what is printed is held against its schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import jsonschema

from aws_org_emulator import Scenario, Switches
from aws_org_features.cli.render.status_json import schema_text
from aws_org_features.model.migration import Status
from tests.cli.worlds import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from aws_org_emulator import Emulator

    Phase = Callable[[Emulator], object]

SCHEMA: Final = jsonschema.Draft202012Validator(
    json.loads(schema_text()), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


def documents(result: Result) -> list[dict[str, Any]]:
    """Parse what `--json` printed, a document a line, or one; each is as its schema says."""
    text = result.stdout
    found = [json.loads(text)] if text.startswith("{\n") else [json.loads(row) for row in text.splitlines()]
    for each in found:
        SCHEMA.validate(each)
    return found


def scenario(invited: int = 3, **switches: Any) -> Scenario:
    """An organization whose clock stands at `NOW`, until it is changed."""
    return Scenario(invited=invited, created=1, start=NOW, switches=Switches(**switches))


def started(org: Emulator) -> None:
    org.enable_all_features()


def awaiting(org: Emulator) -> None:
    started(org)
    org.approve(org.invited[0])


def declined(org: Emulator) -> None:
    awaiting(org)
    org.decline(org.invited[1])


def declined_and_over(org: Emulator) -> None:
    started(org)
    org.clock.advance(days=80)
    org.decline(org.invited[0])
    org.clock.advance(days=11)


def responded(org: Emulator) -> None:
    started(org)
    org.approve_all()


def finalized(org: Emulator) -> None:
    responded(org)
    org.finalize()


def canceled(org: Emulator) -> None:
    awaiting(org)
    org.cancel()


def expired(org: Emulator) -> None:
    awaiting(org)
    org.clock.advance(days=91)


def canceled_unanswered(org: Emulator) -> None:
    started(org)
    org.cancel()


def expired_unanswered(org: Emulator) -> None:
    started(org)
    org.clock.advance(days=91)


PHASES: Final[dict[str, tuple[Phase, Status]]] = {
    "not started": (lambda _: None, Status.NOT_STARTED),
    "awaiting": (awaiting, Status.AWAITING_APPROVALS),
    "declined": (declined, Status.DECLINED),
    "declined and over": (declined_and_over, Status.DECLINED),
    "responded": (responded, Status.AWAITING_FINALIZATION),
    "finalized": (finalized, Status.ENABLED),
    "canceled": (canceled, Status.CANCELED),
    "expired": (expired, Status.EXPIRED),
}
