"""An engine that has the port of one that is gone, for a process that remembers that one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]

PROGRAM = Path(__file__).with_name("address_taken_again.py")
# With no program for it on many machines: the flags of `lo` are set as `ip link set lo up` does.
_UP = "import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 0x41))"
_FEW_PORTS = "echo '40000 40127' > /proc/sys/net/ipv4/ip_local_port_range"
_SCRIPT = f'"$0" -c "{_UP}" && {_FEW_PORTS} && exec "$0" "$@"'
_AS_ANYBODY = ("unshare", "--map-root-user", "--net")
_AS_ROOT = ("unshare", "--net")
"""Places where root may have networks, but nobody may have users, as in some containers."""

pytestmark = pytest.mark.exhaustive


def _in_a_network(unshare: tuple[str, ...], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a network of its own with few ports."""
    return subprocess.run(
        [*unshare, "sh", "-c", _SCRIPT, sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def run() -> Run:
    """Runs the program, with arguments."""
    refused = []
    for unshare in (_AS_ANYBODY, _AS_ROOT):
        try:
            tried = _in_a_network(unshare, "-c", "")
        except FileNotFoundError:
            pytest.skip("no network of one's own can be had here: there is no `unshare`")
        if tried.returncode == 0:
            return lambda *arguments: _in_a_network(unshare, str(PROGRAM), *arguments)
        refused.append(tried.stderr.strip())
    pytest.skip(f"no network of one's own can be had here: {'; '.join(refused)}")


def test_connections_that_are_shared_make_the_program_miss_its_engine(run: Run) -> None:
    ran = run()
    assert ran.returncode != 0
    assert "StatusCode.UNAVAILABLE" in ran.stdout + ran.stderr


def test_with_connections_of_its_own_it_finds_it(run: Run) -> None:
    ran = run("apart")
    assert ran.returncode == 0, ran.stderr
    assert "2 unchanged" in ran.stdout
    assert ran.stdout.endswith("succeeded\n")


def test_a_program_that_misses_its_engine_for_a_moment_has_everything_deleted(run: Run) -> None:
    ran = run("late")
    assert ran.returncode == 0, ran.stderr
    assert "2 deleted" in ran.stdout
    assert ran.stdout.endswith("succeeded\n")
