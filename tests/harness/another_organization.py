"""A second organization, in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from aws_org_emulator.state.accounts import credentials_of

if TYPE_CHECKING:
    from aws_org_emulator.state.accounts import Credentials

EMULATOR: Final = Path(sys.executable).with_name("aws-org-emulator")
_ADDRESS: Final = re.compile(r"http://127\.0\.0\.1:\d+")


class AnotherOrganization:
    """A second organization, in a process of its own: one process has one."""

    organization_id: Final = "o-another1org"
    management: Final = "333333333333"

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [
                *(str(EMULATOR), "--port", "0", "--quiet"),
                *("--organization-id", self.organization_id, "--management-id", self.management),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        address = next(found for line in self._process.stdout if (found := _ADDRESS.search(line)))
        self.endpoint = address[0]

    def credentials(self, account_id: str) -> Credentials:
        """An account's credentials."""
        return credentials_of(account_id)

    def approve_all(self) -> None:
        """Approve as all owners."""
        command = [EMULATOR, "approve", "--all", "--endpoint", self.endpoint]
        subprocess.run([str(word) for word in command], check=True, capture_output=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate()
