"""The origin of a command's settings: for sentences that name a setting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import click

_KEY: Final = "aws_org_features.origin"

_OF_OPTIONS: Final = (
    (re.compile(r"`aws:profile` in the stack's configuration"), "--profile"),
    (re.compile(r"`aws:endpoints`"), "--endpoint-url"),
    (re.compile(r"`aws:assumeRole`"), "--assume-role"),
    (re.compile(r"`aws:(allowed|forbidden)AccountIds`(?: \(or --\w+-account-id\))?"), r"--\1-account-id"),
)
"""Words of errors about a stack, and a command's words instead."""

_OF_A_STACK: Final = (
    (re.compile(r"\b([Tt])he stack's configuration"), r"\1he configuration of stack {stack}"),
    (re.compile(r"(`aws:(?:endpoints|assumeRole)`)"), r"\1 of stack {stack}"),
    (re.compile(r" It would be ignored, and saved in the state\. Nothing was recorded\."), ""),
    (re.compile(r"\bgive the resource a `connection` of its own"), "give credentials with --profile"),
    (re.compile(r"(?<![\w:])aws:(?=[a-zA-Z])"), "{namespace}:"),
)
"""Words of errors about a stack that may be any, and words about the one that the command acts by."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of settings: options and the environment, unless there is a stack.

    Attributes:
        stack: The stack by whose configuration a command acts.
        namespace: Of its settings: `aws`, or `org-features` for the native provider.
        organization: The key that named the organization; empty where an option did, or nothing.
    """

    stack: str = ""
    namespace: str = "aws"
    organization: str = ""

    def in_its_words(self, text: str) -> str:
        """Reword an error for the settings that were used here."""
        for of_any, ours in _OF_A_STACK if self.stack else _OF_OPTIONS:
            # The stack's name is plain text, even with special characters.
            filled = ours.replace("{stack}", self.stack.replace("\\", "")).replace(
                "{namespace}", self.namespace
            )
            text = of_any.sub(filled, text)
        return text


def remember(found: Origin) -> None:
    """Have the rest of the command speak of it."""
    click.get_current_context().meta[_KEY] = found


def origin() -> Origin:
    """Find the origin of the running command's settings."""
    context = click.get_current_context(silent=True)
    found = context.meta.get(_KEY) if context else None
    return found if isinstance(found, Origin) else Origin()
