"""Addresses of requests: whether the way is encrypted, and how an address is shown."""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from aws_org_features.common.errors import EndpointUnencryptedError

if TYPE_CHECKING:
    from collections.abc import Mapping

HTTP_HOSTS: Final = "AWS_ORG_FEATURES_HTTP_HOSTS"
"""The environment variable with the hosts that are reached by plain http, separated by commas."""

_USER: Final = re.compile(r"""(?<=://)[^\s"'<>]*@""")
_QUERY: Final = re.compile(r"""(?<=://)([^\s"'<>?#]*)[?#][^\s"'<>]*""")


def shown(text: str) -> str:
    """A text whose addresses have no user, password or query: these hold secrets."""
    return _QUERY.sub(r"\1?…", _USER.sub("…@", text))


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.removesuffix(".") == "localhost"


def refuse_unencrypted(service: str, url: str | None, proxies: Mapping[str, str] | None = None) -> None:
    """Refuse ways on which somebody could read tokens and external ids, or forge an answer.

    Args:
        service: Whose address it is.
        url: The address; None for AWS's own.
        proxies: Those that the environment names, by scheme.

    Raises:
        EndpointUnencryptedError: It is plain http, leaves this machine, and nobody allowed that.
    """
    parts = urlsplit(url or "")
    if parts.scheme != "http":
        return
    for host in (parts.hostname, _host((proxies or {}).get("http"))):
        if host and not is_loopback(host) and host not in _allowed():
            raise EndpointUnencryptedError(
                f"Requests to {service} would go to {host} over plain http, where others can read session "
                "tokens and external ids. Nothing was sent.",
                "Use https. Or, if the network is safe, allow this host in the environment: "
                f"{HTTP_HOSTS}={host}.",
            )


def _host(proxy: str | None) -> str | None:
    if not proxy:
        return None
    return urlsplit(proxy if "://" in proxy else f"http://{proxy}").hostname


def _allowed() -> frozenset[str]:
    names = os.environ.get(HTTP_HOSTS, "").split(",")
    return frozenset(name.strip().strip("[]").lower() for name in names if name.strip())
