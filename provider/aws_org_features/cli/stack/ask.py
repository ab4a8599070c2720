"""Asking Pulumi's own program, which is never let ask anybody anything."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from aws_org_features.cli.pulumi_command import ran
from aws_org_features.common.errors import StackNotFoundError, StackPassphraseError, StackUnreadableError

if TYPE_CHECKING:
    from pathlib import Path

SECONDS: Final = 30
"""The longest that it may take: it may have to ask a backend, or a key service."""


def pulumi(folder: Path, stack: str, *arguments: str) -> str:
    """Run it; gives what it prints.

    Args:
        folder: The project's.
        stack: Which stack it is asked about, for errors.
        arguments: A stack's name at most of what is a person's.

    Raises:
        StackUnreadableError: It isn't there, or doesn't tell.
        StackPassphraseError: It takes a passphrase that isn't there, or is another one.
        StackNotFoundError: It knows no such stack.
    """
    program = shutil.which("pulumi")
    if program is None:
        raise _untold(stack, "it has secrets, or comes from elsewhere, and `pulumi` isn't on PATH")
    try:
        told = ran(program, *arguments, seconds=SECONDS, folder=folder)
    except subprocess.TimeoutExpired:
        raise _untold(stack, f"`pulumi` gave no answer in {SECONDS} seconds") from None
    except OSError as error:
        raise _untold(stack, f"`pulumi` can't be run: {error.strerror}") from None
    if told.returncode:
        raise _refused(stack, told.stderr)
    return told.stdout


def _refused(stack: str, said: str) -> StackPassphraseError | StackNotFoundError | StackUnreadableError:
    """Turn its error into ours; never in its words, which may quote the configuration."""
    if "passphrase must be set" in said or "incorrect passphrase" in said:
        trouble = "isn't the right one" if "incorrect" in said else "isn't set"
        return StackPassphraseError(
            f"The configuration of stack {stack} has secrets, and its passphrase {trouble}.",
            "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, as for `pulumi up`; or say who "
            "acts by --profile or AWS_PROFILE.",
        )
    if "no stack named" in said:
        return StackNotFoundError(
            f"Pulumi knows no stack {stack} in its present backend.",
            "`pulumi stack ls` lists those that it knows, and `pulumi login` chooses the backend.",
        )
    return _untold(stack, "`pulumi` failed")


def _untold(stack: str, why: str) -> StackUnreadableError:
    return StackUnreadableError(
        f"The configuration of stack {stack} can't be read: {why}.",
        f"See what `pulumi config --stack {stack}` says; or give credentials with --profile or AWS_PROFILE.",
    )
