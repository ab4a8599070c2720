"""Stops a round early when a failure would affect all other accounts as well."""

from __future__ import annotations

import threading
from typing import Final

from aws_org_features.common import errors

_SHARED: Final = (
    errors.ConfigurationError,
    errors.CredentialsExpiredError,
    errors.CredentialsInvalidError,
    errors.CredentialsMissingError,
    errors.EndpointUnencryptedError,
    errors.EndpointUnreachableError,
)
"""Failures whose cause lies in no account."""

MOST_IN_A_ROW: Final = 3
"""Number of these in a row that opens the breaker."""


class CircuitBreaker:
    """Opens after a few shared failures in a row, and stays open. Accounts are tried on several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._in_a_row = 0

    @property
    def is_open(self) -> bool:
        """Return whether no further account must be tried."""
        with self._lock:
            return self._in_a_row >= MOST_IN_A_ROW

    def record(self, error: errors.OrgFeaturesError | None) -> None:
        """Count an account's end.

        Args:
            error: What it failed with; None if it didn't.
        """
        with self._lock:
            if self._in_a_row < MOST_IN_A_ROW:
                self._in_a_row = self._in_a_row + 1 if isinstance(error, _SHARED) else 0
