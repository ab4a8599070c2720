"""An engine that has the port of one that is gone, for a process that remembers that one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("address_taken_again.py")
# With no program for it on many machines: the flags of `lo` are set as `ip link set lo up` does.
_UP = "import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 0x41))"
_FEW_PORTS = "echo '40000 40127' > /proc/sys/net/ipv4/ip_local_port_range"


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    script = f'"$0" -c "{_UP}" && {_FEW_PORTS} && exec "$0" "$@"'
    return subprocess.run(
        ["unshare", "--map-root-user", "--net", "sh", "-c", script, sys.executable, str(PROGRAM), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def _has_networks() -> bool:
    try:
        tried = subprocess.run(
            ["unshare", "--map-root-user", "--net", "true"], capture_output=True, check=False
        )
    except FileNotFoundError:
        return False
    return tried.returncode == 0


pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(not _has_networks(), reason="no network of one's own can be had here"),
]


def test_connections_that_are_shared_make_the_program_miss_its_engine() -> None:
    ran = _run()
    assert ran.returncode != 0
    assert "StatusCode.UNAVAILABLE" in ran.stdout + ran.stderr


def test_with_connections_of_its_own_it_finds_it() -> None:
    ran = _run("apart")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith("succeeded\n")


def test_a_program_that_misses_its_engine_for_a_moment_has_everything_deleted() -> None:
    ran = _run("late")
    assert ran.returncode == 0, ran.stderr
    assert "1 deleted" in ran.stdout
    assert ran.stdout.endswith("succeeded\n")
