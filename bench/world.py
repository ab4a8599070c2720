"""The organization that is met: an emulator in this process, which does nothing else while a program runs."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_org_emulator import Emulator, Member, Scenario, Switches
from bench.figure import Served
from tools.local import hermetic

if TYPE_CHECKING:
    from collections.abc import Iterator


_FIRST: Final = 222222222222
ROLE: Final = "OrganizationAccountAccessRole"
"""The role that the management account may assume in each account."""


@contextlib.contextmanager
def in_flight(approvals: int, *, throttling: bool = False) -> Iterator[Emulator]:
    """An organization whose migration waits for so many accounts.

    Args:
        approvals: How many.
        throttling: Whether AWS's rates are in force.
    """
    members = tuple(Member(str(_FIRST + number), access_role=ROLE) for number in range(approvals))
    switches = Switches(throttling=throttling)
    with Emulator(Scenario(invited=0, created=0, members=members, switches=switches)) as org:
        org.enable_all_features()
        yield org


@contextlib.contextmanager
def enabled(accounts: int) -> Iterator[Emulator]:
    """An organization of so many accounts that has all features."""
    with Emulator(Scenario(invited=accounts - 1, created=0, feature_set="ALL")) as org:
        yield org


def rested(org: Emulator) -> None:
    """Let AWS's rates be as after a pause, and begin to count again."""
    org.clock.advance(seconds=60)
    org.reset_calls()


def program(name: str) -> str:
    """A command of this virtual environment."""
    return str(Path(sys.executable).with_name(name))


def environment(org: Emulator) -> dict[str, str]:
    """Environment of a program that acts in the management account, without a person's settings."""
    keys = org.credentials(org.management)
    return {
        **hermetic(),
        "AWS_ENDPOINT_URL": org.endpoint,
        "AWS_ACCESS_KEY_ID": keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
    }


def served(org: Emulator) -> Served:
    """Count the emulator's answers since its calls were last reset."""
    entries = org.entries
    return Served(len(entries), sum(entry.seconds or 0 for entry in entries))
