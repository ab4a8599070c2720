"""The organization that is met: an emulator in this process, which does nothing else while a program runs."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from aws_org_emulator import Emulator, Scenario
from bench.figure import Served
from tools.local import hermetic

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def in_flight(invited: int) -> Iterator[Emulator]:
    """An organization whose migration waits for so many accounts."""
    with Emulator(Scenario(invited=invited, created=0)) as org:
        org.enable_all_features()
        yield org


@contextlib.contextmanager
def enabled() -> Iterator[Emulator]:
    """A small organization that has all features."""
    with in_flight(3) as org:
        org.approve_all()
        org.finalize()
        yield org


def environment(org: Emulator) -> dict[str, str]:
    """What leads a program to the organization's management account, and no setting of a person's own."""
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
    """What the emulator has answered since its calls were last reset."""
    entries = org.entries
    return Served(len(entries), sum(entry.seconds or 0 for entry in entries))
