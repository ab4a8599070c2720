"""This checkout's emulator: started in the background, found again, stopped; never another's."""

from __future__ import annotations

import http.client
import os
import random
import re
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tools.progress import CommandError, ProgressLine, ToolError

HOST = "127.0.0.1"
# A newcomer's organization: the one that local-stack/ names, with accounts of both kinds.
SCENARIO = (
    *("--invited", "3", "--created", "2"),
    *("--organization-id", "o-exampleorg1", "--management-id", "111111111111"),
)
# A system gives the ports above to any connection and server: Linux from 32768, others from 49152.
_NEVER_GIVEN = range(20_000, 32_768)
_STARTS_WITHIN = 60.0
_STOPS_WITHIN = 5.0


class PortTakenError(ToolError):
    """Something else came to listen on the port while the emulator was starting."""


@dataclass(frozen=True)
class Emulator:
    """The emulator of the checkout at `root`; what is known of it lies in `.local/`."""

    root: Path

    @property
    def program(self) -> Path:
        """The command, whose path tells one checkout's emulator from another's."""
        return self.root / ".venv" / "bin" / "aws-org-emulator"

    @property
    def pid_file(self) -> Path:
        """The file with the id of the process; `make env` looks at it, too."""
        return self.root / ".local" / "emulator.pid"

    @property
    def log(self) -> Path:
        """The file that it writes to."""
        return self.root / ".local" / "emulator.log"

    def port(self) -> int | None:
        """The port on which it is running; None if it isn't."""
        pid = self._pid()
        return None if pid is None else port_of(command_line(pid), self.program)

    def start(self, port: int) -> None:
        """Start it and wait until it answers.

        Raises:
            PortTakenError: Something else listens there.
            CommandError: It ended, or doesn't answer.
        """
        clock = ProgressLine(f"Starting the emulator on port {port}", "a few seconds")
        self.pid_file.parent.mkdir(exist_ok=True)
        with self.log.open("wb") as log:
            # A session of its own: Ctrl-C at `make up` isn't meant for it.
            process = subprocess.Popen(
                [self.program, "--port", str(port), *SCENARIO],
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid_file.write_text(f"{process.pid}\n")
        try:
            self._await_answer(process, port, clock)
        except BaseException:
            clock.end("failed")
            self.stop()
            raise
        clock.end("it answers")

    def _await_answer(self, process: subprocess.Popen[bytes], port: int, clock: ProgressLine) -> None:
        while not answers(port):
            if process.poll() is not None or clock.seconds > _STARTS_WITHIN:
                if process.poll() is not None and not is_free(port):
                    raise PortTakenError(f"port {port} was taken meanwhile")
                said = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
                raise CommandError("the emulator doesn't come up", said)
            clock.tick()
            time.sleep(0.1)
        # The answer may have been another's, who was faster.
        if process.poll() is not None:
            raise PortTakenError(f"port {port} was taken meanwhile")

    def stop(self) -> bool:
        """Stop it if it runs; False if there was nothing to stop."""
        pid = self._pid()
        was_running = pid is not None and port_of(command_line(pid), self.program) is not None
        if pid is not None and was_running:
            self._end(pid)
        self.pid_file.unlink(missing_ok=True)
        return was_running

    def _end(self, pid: int) -> None:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            os.kill(pid, sign)
            deadline = time.monotonic() + _STOPS_WITHIN
            while time.monotonic() < deadline:
                if port_of(command_line(pid), self.program) is None:
                    return
                time.sleep(0.05)

    def _pid(self) -> int | None:
        try:
            return int(self.pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return None


def command_line(pid: int) -> str:
    """The command line of a process, words joined by spaces; empty if there is none."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            return (proc / str(pid) / "cmdline").read_bytes().decode().replace("\0", " ").strip()
        except OSError:
            return ""
    told = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip()


def port_of(command: str, program: Path) -> int | None:
    """The port in a command line of `program`; None if it is another program's."""
    match = re.search(rf"(?:^| ){re.escape(str(program))} --port (\d+)(?: |$)", command)
    return int(match[1]) if match else None


def is_free(port: int) -> bool:
    """Return whether a server could listen there now."""
    with socket.socket() as probe:
        # As servers do: connections that have just been closed don't occupy a port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port that nobody listens on, and that only a program that names it gets."""
    chosen = random.SystemRandom().sample(_NEVER_GIVEN, 100)  # others may have seeded the usual one alike
    return next(filter(is_free, chosen))


def answers(port: int) -> bool:
    """Return whether something there speaks HTTP."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/_emulator/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
