"""The parties of a handshake, in botocore's shape. They stand in either order."""

from collections.abc import Mapping
from typing import Any


def asked_account(handshake: Mapping[str, Any]) -> str | None:
    """The account that is asked, or None where none is a party."""
    return next((str(party["Id"]) for party in handshake["Parties"] if party["Type"] == "ACCOUNT"), None)
