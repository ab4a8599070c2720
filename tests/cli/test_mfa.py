"""A profile whose role takes a code of an MFA device: asked for where somebody sits, refused elsewhere."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.cli.conftest import environment_of, error_of
from tests.engine.test_state import make_role

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.cli.conftest import Invoke

DEVICE: Final = "arn:aws:iam::111111111111:mfa/somebody"
MAIN: Final = (sys.executable, "-c", "from aws_org_features.cli import main; main()")


@pytest.fixture
def profiles(org: Emulator, tmp_path: Path) -> dict[str, str]:
    """The environment of a profile whose role takes a code."""
    role = f"arn:aws:iam::{org.management}:role/Migrator"
    make_role(org, role, "its-id")
    org.reset_calls()
    keys = org.credentials(org.management)
    path = tmp_path / "config"
    path.write_text(
        f"[profile mine]\nrole_arn = {role}\nexternal_id = its-id\nsource_profile = base\n"
        f"mfa_serial = {DEVICE}\n"
        f"[profile base]\naws_access_key_id = {keys.access_key_id}\n"
        f"aws_secret_access_key = {keys.secret_access_key}\n"
    )
    return {"AWS_CONFIG_FILE": str(path), "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}


def test_without_a_terminal_it_is_refused(invoke: Invoke, org: Emulator, profiles: dict[str, str]) -> None:
    reference, text = error_of(invoke("status", "--profile", "mine", **profiles))
    assert reference == "credentials-mfa-needed"
    assert f"profile 'mine' needs a code of the MFA device {DEVICE}" in text
    assert org.calls == {}


def test_a_profiles_role_that_is_refused_is_reported_with_the_profile(
    invoke: Invoke, org: Emulator, profiles: dict[str, str]
) -> None:
    path = Path(profiles["AWS_CONFIG_FILE"])
    path.write_text(path.read_text().replace("its-id", "another-id").replace("mfa_serial", "mfa"))
    reference, text = error_of(invoke("status", "--profile", "mine", **profiles))
    assert reference == "role-not-assumed"
    assert text.startswith("AssumeRole returned no credentials by profile 'mine': ")
    assert set(org.calls) == {"AssumeRole"}


@pytest.mark.parametrize(("typed", "code"), [("123456\n", 7), ("\x04", 1), ("\x03", 130)])
def test_at_a_terminal_it_is_asked_for(
    org: Emulator, profiles: dict[str, str], typed: str, code: int
) -> None:
    given = environment_of(org, org.management) | profiles
    environment = {**os.environ, **{name: value for name, value in given.items() if value is not None}}
    ours, theirs = pty.openpty()
    arguments = (*MAIN, "status", "--profile", "mine")
    with subprocess.Popen(
        arguments, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    ) as command:
        os.close(theirs)
        shown = b""
        while b"MFA code" not in shown:
            shown += os.read(ours, 1024)
        if typed == "\x03":
            command.send_signal(2)  # as a terminal does that is the process's own
        else:
            os.write(ours, typed.encode())
        while part := _read(ours):
            shown += part
        os.close(ours)
        assert command.wait(60) == code, shown
    assert b"123456" not in shown
    assert b"Traceback" not in shown
    assert (b"credentials-mfa-needed" in shown) is (code == 1)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 1024)
    except OSError:  # the other end is gone
        return b""
