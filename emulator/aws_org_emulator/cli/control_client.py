"""Steers an emulator in another process, through its control endpoint."""

import json
import urllib.error
import urllib.request
from typing import Any

from aws_org_emulator.protocol.requests import CONTROL_HEADER
from aws_org_emulator.server.control import PREFIX

TIMEOUT = 30
"""Seconds to wait for an answer: an action waits for the emulator's own."""
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class UnreachableError(OSError):
    """No emulator answers there."""


class ControlClient:
    """An emulator in another process.

    Args:
        endpoint: its URL.
    """

    def __init__(self, endpoint: str) -> None:
        if not endpoint.startswith(("http://", "https://")):
            raise UnreachableError(f"{endpoint} is no http URL")
        self.endpoint = endpoint.rstrip("/")

    def status(self) -> dict[str, Any]:
        """The organization, its accounts, and the newest migration with its children."""
        return self._ask("GET", "status")

    def perform(self, name: str, **arguments: str) -> dict[str, Any]:
        """Let somebody act; see `control.PEOPLE_ACTIONS`.

        Returns:
            The handshake that it was about, or nothing.

        Raises:
            ValueError: AWS refuses, or there is nothing to do; says why.
        """
        return self._ask("POST", "actions", {"action": name, **arguments})

    def advance(self, days: float) -> str:
        """Move the clock forward.

        Returns:
            The new present, RFC 3339.
        """
        return str(self._ask("POST", "clock", {"days": days})["now"])

    def snapshot(self, name: str) -> None:
        """Keep everything as it is, under a name."""
        self._ask("POST", "snapshot", {"name": name})

    def restore(self, name: str) -> None:
        """Make everything what it was at a snapshot."""
        self._ask("POST", "restore", {"name": name})

    def stop(self) -> None:
        """Ask the program that runs the emulator to end it."""
        self._ask("POST", "stop")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send a request.

        Raises:
            UnreachableError: nobody answers, or somebody else does.
            ValueError: the emulator refuses; says why.
        """
        url = f"{self.endpoint}{PREFIX}{path}"
        data = json.dumps(body or {}).encode() if method == "POST" else None
        headers = {CONTROL_HEADER: "1", "Content-Type": "application/json"}
        request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - http, see above
        try:
            with _DIRECT.open(request, timeout=TIMEOUT) as response:
                answer: dict[str, Any] = json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(_refusal(error)) from error
        except (OSError, ValueError) as error:
            why = getattr(error, "reason", None) or error
            raise UnreachableError(f"no emulator answers at {self.endpoint}: {why}") from error
        return answer


def _refusal(error: urllib.error.HTTPError) -> str:
    try:
        said = json.load(error)
        return f"{said['code']}: {said['error']}" if "code" in said else str(said["error"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {error.code}, which isn't an emulator's answer"
