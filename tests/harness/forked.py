"""The program that the engine starts in place of Python: it forks a provider where all is loaded already.

    python -IS tests/harness/forked.py SOCKET -u -m pulumi.dynamic ADDRESS

It stays as long as the provider does, hands signals on, and ends as it does. If it is killed, the process
that forks has the provider killed. It runs in each command of the engine, so it loads little.
"""

from __future__ import annotations

import array
import json
import os
import signal
import socket
import sys
from typing import NoReturn

_PROVIDER = ["-u", "-m", "pulumi.dynamic"]


def main(path: str, arguments: list[str]) -> NoReturn:
    """Be a provider, or Python as usual."""
    if arguments[:3] != _PROVIDER:
        os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - the engine's own words
    request = {"arguments": arguments[3:], "environment": dict(os.environ), "folder": os.getcwd()}  # noqa: PTH109
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        outputs = array.array("i", [1, 2])
        line = json.dumps(request).encode() + b"\n"
        sent = client.sendmsg([line], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, outputs)])
        client.sendall(line[sent:])
        answers = client.makefile("rb")
        pid = int(answers.readline())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda received, _: os.kill(pid, received))
        code = int(answers.readline() or 1)
    sys.exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
