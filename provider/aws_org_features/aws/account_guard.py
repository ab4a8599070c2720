"""Makes fetching credentials end in time, without unseen prompts, and with errors that name the source.

botocore asks for an MFA code on the terminal, and lets programs ask there, for as long as it takes. Within a
provider that terminal is the engine's: nobody is asked, and the run never ends.
"""

from __future__ import annotations

import contextlib
import functools
import getpass
import os
import shlex
import signal
import subprocess
import threading
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.aws.credential_errors import Source, failed, told_of
from aws_org_features.common.errors import MfaCodeNeededError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import botocore.session
    from botocore.credentials import CredentialProvider

PROGRAM_SECONDS: Final = 60
"""The longest that a program of `credential_process` may take where it can't ask anybody."""
PROGRAM_ASKS_SECONDS: Final = 300
"""And where somebody sits at a terminal, who may have to look for a device."""
_LARGEST: Final = 1024 * 1024
_KILLED_SECONDS: Final = 5


def guard(session: botocore.session.Session, *, may_ask: bool, skip_metadata: bool) -> None:
    """Guard a session.

    Args:
        session: The session, whose credentials weren't asked for yet.
        may_ask: Whether somebody sits at this process's terminal.
        skip_metadata: Whether the machine's role isn't asked for.
    """
    from botocore.credentials import InstanceMetadataProvider

    for provider in session.get_component("credential_provider").providers:
        if skip_metadata and isinstance(provider, InstanceMetadataProvider):
            # A profile's credential_source leads to the same provider.
            provider.load = lambda: None  # type: ignore[method-assign]
        _bind(provider, may_ask=may_ask)


def _bind(provider: CredentialProvider, *, may_ask: bool) -> None:
    # botocore takes neither a prompter nor a program's start where it makes the providers.
    from botocore.credentials import AssumeRoleProvider, ProcessProvider

    made: Any = provider
    source = functools.partial(_source_of, made)
    asking = _Asking(source, may_ask=may_ask)
    if isinstance(provider, ProcessProvider):
        made._popen = lambda command, **_: _Program(command, source(), may_ask=may_ask)  # noqa: SLF001
    elif isinstance(provider, AssumeRoleProvider):
        made._prompter = asking  # noqa: SLF001
        made.load = functools.partial(_from_the_beginning, made, made.load)
        builder = made._profile_provider_builder  # noqa: SLF001
        builder.providers = functools.partial(_bound, builder.providers, may_ask=may_ask)
    made.load = functools.partial(_loaded, made.load, source, asking)


def _bound(make: Callable[..., list[CredentialProvider]], *, may_ask: bool, **of_what: Any) -> Any:
    """The providers of a profile that another one takes its credentials from."""
    made = make(**of_what)
    for provider in made:
        _bind(provider, may_ask=may_ask)
    return made


def _source_of(provider: Any) -> Source:
    method = provider.METHOD
    profile = getattr(provider, "_profile_name", None)
    return Source(profile, method, _DETAILS.get(method, lambda _: "")(provider))


def _program_of(provider: Any) -> str:
    """A program's name; what it is called with may be a secret."""
    command = str(provider._credential_process or "")  # noqa: SLF001
    try:
        parts = shlex.split(command)
    except ValueError:  # quotes that don't pair
        parts = command.strip().strip("\"'").split(" ")
    return parts[0] if parts else ""


def _address_of(_provider: Any) -> str:
    names = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"
    return next((name for name in names if name in os.environ), "")


_DETAILS: Final[dict[str, Callable[[Any], str]]] = {
    "custom-process": _program_of,
    "container-role": _address_of,
}


def _from_the_beginning(provider: Any, load: Callable[[], Any]) -> Any:
    # It remembers the profiles of a look that failed, and would take the next look for a circle.
    del provider._visited_profiles[1:]  # noqa: SLF001
    return load()


def _loaded(load: Callable[[], Any], source: Callable[[], Source], asking: _Asking) -> Any:
    """Load a provider's credentials; errors, also of a renewal, name the source."""
    with told_of(source()):
        found = load()
    if found is not None:
        found.get_frozen_credentials = functools.partial(_used, found.get_frozen_credentials, source, asking)
    return found


def _used(get: Callable[[], Any], source: Callable[[], Source], asking: _Asking) -> Any:
    """Credentials as they are now, renewed if they are about to end."""
    from botocore.exceptions import RefreshWithMFAUnsupportedError

    with told_of(source()):
        try:
            return get()
        except RefreshWithMFAUnsupportedError:
            # botocore asks once, and takes a refusal for an answer that has ended since.
            if asking.refused is not None:
                raise asking.refused from None
            raise


class _Asking:
    """Asks for the code of an MFA device, where somebody is there."""

    def __init__(self, source: Callable[[], Source], *, may_ask: bool) -> None:
        self._source = source
        self._may_ask = may_ask
        self.refused: MfaCodeNeededError | None = None

    def __call__(self, prompt: str) -> str:
        """Ask.

        Raises:
            MfaCodeNeededError: Nobody is there.
        """
        if self._may_ask:
            with contextlib.suppress(EOFError):
                return getpass.getpass(prompt)
        source = self._source()
        device = prompt.strip().removesuffix(":").rpartition(" ")[2]
        self.refused = MfaCodeNeededError(
            f"The role of {source.name} needs a code of the MFA device {device}, and nobody can be asked for "
            "it here.",
            "Get a session first, and run with its keys in the environment: `aws sts get-session-token "
            "--serial-number … --token-code …`, `aws configure export-credentials --format env"
            f"{source.option}`, or a tool such as aws-vault.",
        )
        raise self.refused


class _Program:
    """A program of `credential_process`: as much of a `Popen` as botocore uses of one."""

    returncode = 0

    def __init__(self, command: Sequence[str], source: Source, *, may_ask: bool) -> None:
        self._command = command
        self._source = source
        self._alone = not may_ask
        self._seconds = PROGRAM_ASKS_SECONDS if may_ask else PROGRAM_SECONDS

    def communicate(self) -> tuple[bytes, bytes]:
        """Run it, and take what it prints.

        Raises:
            CredentialsSourceError: It failed, took too long, or printed too much.
        """
        if not self._command:
            raise failed(self._source, "it names no program")
        program = subprocess.Popen(  # noqa: S603 - the profile names it
            self._command,
            stdin=subprocess.DEVNULL if self._alone else None,
            stdout=subprocess.PIPE,
            # Nobody reads it but a person: it may hold anything.
            stderr=subprocess.DEVNULL if self._alone else None,
            # Without a terminal: it could open that one even if its input is closed.
            start_new_session=self._alone,
        )
        printed: list[bytes] = []
        taking = threading.Thread(target=_take, args=(program, printed), daemon=True)
        taken = False
        try:
            taking.start()
            taking.join(self._seconds)
            taken = not taking.is_alive()
        finally:
            if not taken or len(printed[0]) > _LARGEST:
                self._end(program)
        if not taken:
            raise failed(self._source, f"the program didn't end within {self._seconds} seconds")
        if len(printed[0]) > _LARGEST:
            raise failed(self._source, f"the program printed more than {_LARGEST:,} bytes")
        if program.returncode:
            raise failed(self._source, f"the program ended with exit status {program.returncode}")
        return printed[0], b""

    def _end(self, program: subprocess.Popen[bytes]) -> None:
        """End it, and what it began."""
        with contextlib.suppress(ProcessLookupError):
            if self._alone and hasattr(os, "killpg"):
                os.killpg(program.pid, signal.SIGKILL)
            else:
                program.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.wait(_KILLED_SECONDS)


def _take(program: subprocess.Popen[bytes], printed: list[bytes]) -> None:
    """Take what a program prints, and wait for its end unless it prints without one."""
    assert program.stdout is not None  # noqa: S101 - a pipe, as it was begun
    with program.stdout as output:
        printed.append(output.read(_LARGEST + 1))
    if len(printed[0]) <= _LARGEST:
        program.wait()
