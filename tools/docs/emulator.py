"""The contents of docs/emulator.md: switches, requests, commands, and the handshakes' table as a diagram."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from aws_org_emulator import Switches
from aws_org_emulator.cli.commands import main as command
from aws_org_emulator.cli.field_docs import field_docs
from aws_org_emulator.handshakes.lifecycle import TRANSITIONS, HandshakeRole
from aws_org_emulator.server import control
from tools.docs.blocks import table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def switches() -> str:
    """The emulator's switches: name, default, what they settle."""
    said = field_docs(Switches)
    rows = ((f"`{f.name}`", f"`{_literal(f.default)}`", said[f.name]) for f in dataclasses.fields(Switches))
    return table(("switch", "default", ""), rows)


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def control_requests() -> str:
    """The requests that steer a running emulator, as its module lists them."""
    return "\n".join(line for line in (control.__doc__ or "").splitlines() if line.startswith("|"))


def commands() -> str:
    """The commands of `aws-org-emulator`."""
    rows = ((f"`{name}`", each.get_short_help_str(limit=200)) for name, each in command.commands.items())
    return table(("command", ""), rows)


def handshakes() -> str:
    """The emulator's table of transitions, drawn."""
    lines = ["```mermaid", "stateDiagram-v2"]
    for role in (HandshakeRole.PARENT, HandshakeRole.CHILD):
        lines.append(f'    state "{role}" as {role} {{')
        lines += [
            f"        {role}_{state}: {state}"
            for state in sorted({*TRANSITIONS[role], *_reached(role)}, key=str)
        ]
        lines += [
            f"        {role}_{state} --> {role}_{following}: {event}"
            for state, events in TRANSITIONS[role].items()
            for event, following in events.items()
        ]
        lines.append("    }")
    return "\n".join([*lines, "```"])


def _reached(role: HandshakeRole) -> set[str]:
    return {following for events in TRANSITIONS[role].values() for following in events.values()}


GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "switches": switches,
    "control requests": control_requests,
    "commands": commands,
    "handshakes": handshakes,
}
