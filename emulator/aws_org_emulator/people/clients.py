"""boto3 clients that know the emulator and nothing else: no profiles, no environment, no retries."""

import os
from functools import cache
from threading import Lock
from typing import Any

import botocore.session
from botocore.client import BaseClient
from botocore.config import Config

from aws_org_emulator.protocol.requests import PEOPLE_HEADER
from aws_org_emulator.state.accounts import credentials_of

REGION = "us-east-1"
_NOTHING = ("profile", "region", "ca_bundle", "sts_regional_endpoints")
_NO_FILE = ("config_file", "credentials_file")
_FROM_NOWHERE = {
    **dict.fromkeys(_NOTHING, (None, None, None, None)),
    **dict.fromkeys(_NO_FILE, (None, None, os.devnull, None)),
}
"""botocore's session variables: (name in files, in the environment, default, conversion)."""


_lock = Lock()


@cache
def isolated_session() -> botocore.session.Session:
    """One for all, because loading the services' models takes longer than all the rest."""
    return botocore.session.Session(session_vars=_FROM_NOWHERE)


class Clients:
    """Makes clients for one endpoint, and keeps them.

    Args:
        endpoint: the emulator's URL.
        by_people: whether people act by them, whose requests the emulator doesn't count.
    """

    def __init__(self, endpoint: str, *, by_people: bool) -> None:
        self._endpoint = endpoint
        self._by_people = by_people
        self._made: dict[tuple[str, str], BaseClient] = {}

    def get(self, service: str, account_id: str) -> Any:
        """A client of a service that acts as an account."""
        with _lock:  # making clients isn't safe for threads; using them is
            key = (service, account_id)
            if key not in self._made:
                self._made[key] = self._make(service, account_id)
            return self._made[key]

    def close(self) -> None:
        """Close all connections."""
        with _lock:
            for client in self._made.values():
                client.close()
            self._made.clear()

    def _make(self, service: str, account_id: str) -> BaseClient:
        credentials = credentials_of(account_id)
        client = isolated_session().create_client(
            service,
            region_name=REGION,
            endpoint_url=self._endpoint,
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key,
            config=Config(retries={"total_max_attempts": 1}, proxies={}, max_pool_connections=32),
        )
        if self._by_people:
            client.meta.events.register("before-call", _mark)
        return client


def _mark(params: dict[str, Any], **_: Any) -> None:
    params["headers"][PEOPLE_HEADER] = "1"
