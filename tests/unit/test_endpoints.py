"""Addresses of requests: never unencrypted to another machine unasked, never with a password on show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features.aws import Connection, Endpoints, Organizations
from aws_org_features.aws.clients import Clients, clients_of
from aws_org_features.aws.connection import StaticKeys
from aws_org_features.aws.endpoints import HTTP_HOSTS, is_loopback, refuse_unencrypted, shown
from aws_org_features.common import errors
from aws_org_features.lifecycle.connection import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KEYS = StaticKeys("A", "S", "T")
FAR = "http://proxy.example:4599"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (
        "AWS_PROFILE",
        "AWS_ENDPOINT_URL",
        HTTP_HOSTS,
        "HTTP_PROXY",
        "http_proxy",
        "NO_PROXY",
        "no_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    clients_of.cache_clear()
    yield
    clients_of.cache_clear()


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True),
        ("localhost.", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - only looked at
        ("2130706433", False),
    ],
)
def test_only_this_machine_is_this_machine(host: str, own: bool) -> None:
    assert is_loopback(host) is own


@pytest.mark.parametrize(
    "url",
    [
        FAR,
        "HTTP://proxy.example",
        "http://127.0.0.1@proxy.example",
        "http://user:x@10.0.0.1/?t=y",
        "http://[fd00::1]",
    ],
)
def test_plain_http_to_another_machine_is_refused_without_a_password(
    url: str, counted: Callable[[str, str, int], None]
) -> None:
    counted("From outside", "ways over plain http to another machine, refused", 1)
    with pytest.raises(errors.EndpointUnencryptedError) as caught:
        refuse_unencrypted("sts", url)
    assert "user" not in str(caught.value)
    assert "t=y" not in str(caught.value)
    assert "sts" in caught.value.what


@pytest.mark.parametrize(
    "url", [None, "https://proxy.example", "http://localhost:1", "http://[::1]:2", "http://127.0.0.1"]
)
def test_encrypted_and_local_addresses_are_accepted(url: str | None) -> None:
    refuse_unencrypted("sts", url, {"https": "http://proxy.example"})


def test_a_proxy_is_on_the_way_as_well() -> None:
    for proxy in ("http://user:x@proxy.example:3128", "proxy.example:3128"):
        with pytest.raises(errors.EndpointUnencryptedError, match=r"to proxy\.example over"):
            refuse_unencrypted("sts", "http://127.0.0.1:1", {"http": proxy})
    refuse_unencrypted("sts", "http://127.0.0.1:1", {"http": "http://127.0.0.1:3128"})


@pytest.mark.parametrize(
    "environment_of",
    [
        {"AWS_ENDPOINT_URL": FAR},
        {"AWS_ENDPOINT_URL_ORGANIZATIONS": FAR},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "HTTP_PROXY": FAR, "http_proxy": FAR},
    ],
    ids=str,
)
def test_the_environment_leads_nowhere_unencrypted(
    monkeypatch: pytest.MonkeyPatch, environment_of: dict[str, str], counted: Callable[[str, str, int], None]
) -> None:
    counted("From outside", "ways over plain http to another machine, refused", 1)
    for name, value in environment_of.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(errors.EndpointUnencryptedError):
        Organizations(Connection(keys=KEYS)).organization()
    monkeypatch.setenv(HTTP_HOSTS, "other.example, Proxy.Example")
    assert Clients(Connection(keys=KEYS)).organizations


@pytest.mark.parametrize("service", ["organizations", "sts", "iam"])
def test_a_client_leads_nowhere_unencrypted(
    monkeypatch: pytest.MonkeyPatch, service: str, counted: Callable[[str, str, int], None]
) -> None:
    counted("From outside", "ways over plain http to another machine, refused", 1)
    monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service.upper()}", FAR)
    with pytest.raises(errors.EndpointUnencryptedError, match=service):
        getattr(Clients(Connection(keys=KEYS)), service)


def test_a_profile_leads_nowhere_unencrypted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, counted: Callable[[str, str, int], None]
) -> None:
    counted("From outside", "ways over plain http to another machine, refused", 1)
    (tmp_path / "config").write_text(f"[profile a]\nendpoint_url = {FAR}\nregion = us-east-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    with pytest.raises(errors.EndpointUnencryptedError):
        _ = Clients(Connection(profile="a")).sts


def test_a_configuration_is_refused_before_anything_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(errors.EndpointUnencryptedError):
        resolve({"endpoints": {"iam": FAR}}, lambda _: None)
    configured = {"aws:endpoints": f'[{{"sts": "{FAR}"}}]'}
    with pytest.raises(errors.EndpointUnencryptedError):
        resolve(None, configured.get)
    monkeypatch.setenv(HTTP_HOSTS, "proxy.example")
    assert resolve(None, configured.get).endpoints.sts == FAR


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ('to "https://user:pa@ss@host:1/a?token=b#c".', 'to "https://…@host:1/a?…".'),
        ("http://host/a, https://u@other/?x", "http://host/a, https://…@other/?…"),
        ("https://host#t", "https://host?…"),
        ("a@b ? c", "a@b ? c"),
    ],
)
def test_an_address_is_shown_without_its_secrets(text: str, seen: str) -> None:
    assert shown(text) == seen


def test_an_error_shows_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://user:PASS@127.0.0.1:9/?token=TOKEN")
    with pytest.raises(errors.EndpointUnreachableError) as caught:
        Organizations(Connection(keys=KEYS)).organization()
    for secret in ("PASS", "TOKEN", "user"):
        assert secret not in str(caught.value)
    assert "127.0.0.1:9" in str(caught.value)


OWN = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("endpoints", "environment_of", "told"),
    [
        (Endpoints(organizations=OWN), {}, True),
        (Endpoints(organizations=OWN, sts=OWN), {}, False),
        (Endpoints(), {}, False),
        (Endpoints(sts=OWN), {}, False),
        (Endpoints(), {"AWS_ENDPOINT_URL_ORGANIZATIONS": OWN}, True),
        (Endpoints(organizations=OWN), {"AWS_ENDPOINT_URL_STS": OWN}, False),
        (Endpoints(), {"AWS_ENDPOINT_URL": OWN}, False),
        (
            Endpoints(),
            {"AWS_ENDPOINT_URL_ORGANIZATIONS": OWN, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
            False,
        ),
    ],
    ids=str,
)
def test_sts_that_stays_at_aws_is_reported_once(
    monkeypatch: pytest.MonkeyPatch, endpoints: Endpoints, environment_of: dict[str, str], told: bool
) -> None:
    for name, value in environment_of.items():
        monkeypatch.setenv(name, value)
    heard: list[str] = []
    for _ in range(2):
        calls = Organizations(Connection(keys=KEYS, endpoints=endpoints), pytest.fail, warn=heard.append)

        def nothing() -> Any:
            return None

        calls._call("sts", "GetCallerIdentity", "", nothing)
    assert len(heard) == told
    assert all("sts" in text and "organizations" in text for text in heard)
