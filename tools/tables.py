"""Tables and diagrams in the documentation that are drawn from code: `make docs` writes them anew.

A page says where one goes: between `<!-- generated: NAME -->` and `<!-- /generated -->`.
"""

from __future__ import annotations

import dataclasses
import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_org_emulator import Switches, control
from aws_org_emulator.commands import main as command
from aws_org_emulator.field_docs import field_docs
from aws_org_emulator.lifecycle import TRANSITIONS, Role
from aws_org_features.lifecycle import aws_settings
from tools import approval_docs, performance_docs, plan_docs, reference, report_docs, status_docs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT: Final = Path(__file__).resolve().parent.parent
PAGES: Final = (ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md")))
_BLOCK = re.compile(r"(<!-- generated: ([^>]+?) -->\n).*?(<!-- /generated -->)", re.DOTALL)


def switches() -> str:
    """The emulator's switches: name, default, what they settle."""
    said = field_docs(Switches)
    rows = [
        f"| `{f.name}` | `{_literal(f.default)}` | {said[f.name]} |" for f in dataclasses.fields(Switches)
    ]
    return "\n".join(["| switch | default | |", "|---|---|---|", *rows])


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def settings() -> str:
    """pulumi-aws's settings: which are followed, which are refused, which have nothing to do with this."""
    kinds = (
        ("followed", aws_settings.FOLLOWED),
        ("refused", {name: f"instead, {instead}" for name, instead in aws_settings.REFUSED.items()}),
        ("apart", aws_settings.APART),
    )
    rows = [(name, kind, text) for kind, names in kinds for name, text in names.items()]
    lines = [f"| `aws:{name}` | {kind} | {text} |" for name, kind, text in sorted(rows)]
    return "\n".join(["| setting | | |", "|---|---|---|", *lines])


def control_requests() -> str:
    """The requests that steer a running emulator, as its module lists them."""
    return "\n".join(line for line in (control.__doc__ or "").splitlines() if line.startswith("|"))


def commands() -> str:
    """What `aws-org-emulator` can be told."""
    rows = [f"| `{name}` | {each.get_short_help_str(limit=200)} |" for name, each in command.commands.items()]
    return "\n".join(["| command | |", "|---|---|", *rows])


def handshakes() -> str:
    """The emulator's table of transitions, drawn."""
    lines = ["```mermaid", "stateDiagram-v2"]
    for role in (Role.PARENT, Role.CHILD):
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


def _reached(role: Role) -> set[str]:
    return {following for events in TRANSITIONS[role].values() for following in events.values()}


GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "settings": settings,
    "switches": switches,
    "control requests": control_requests,
    "commands": commands,
    "handshakes": handshakes,
    **approval_docs.GENERATED,
    **plan_docs.GENERATED,
    **status_docs.GENERATED,
    **report_docs.GENERATED,
    **performance_docs.GENERATED,
    **reference.GENERATED,
}


def filled(page: str) -> str:
    """A page with its tables as they should be."""
    return _BLOCK.sub(lambda m: f"{m[1]}{textwrap.dedent(GENERATED[m[2]]())}\n{m[3]}", page)


if __name__ == "__main__":
    for path in PAGES:
        path.write_text(filled(path.read_text()))
    for path, plot in performance_docs.plots().items():
        path.write_text(plot)
