"""A named profile's settings: they hold for everything that a connection asks, behind roles as well."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from aws_org_features.aws import AssumeRole, Connection, Endpoints
from aws_org_features.aws.clients import Clients
from aws_org_features.aws.connection import StaticKeys

ROLES: Final = tuple(AssumeRole(f"arn:aws:iam::{digit * 12}:role/Admin") for digit in "12")
CHAINS: Final = [(), ROLES[:1], ROLES]
FILE: Final = """
[default]
endpoint_url = https://default.example
ca_bundle = /default.pem
region = ap-south-1
use_dualstack_endpoint = true
services = theirs

[profile other]
endpoint_url = https://other.example
ca_bundle = /other.pem
region = sa-east-1

[profile plain]
aws_access_key_id = AKIA
aws_secret_access_key = secret

[profile fips]
aws_access_key_id = AKIA
aws_secret_access_key = secret
use_fips_endpoint = true
region = us-west-2

[profile dualstack]
aws_access_key_id = AKIA
aws_secret_access_key = secret
use_dualstack_endpoint = true
region = eu-west-1

[profile own-address]
aws_access_key_id = AKIA
aws_secret_access_key = secret
endpoint_url = https://mine.example
ca_bundle = FOLDER/mine.pem

[profile own-services]
aws_access_key_id = AKIA
aws_secret_access_key = secret
services = mine

[profile ignoring]
aws_access_key_id = AKIA
aws_secret_access_key = secret
endpoint_url = https://mine.example
ignore_configured_endpoint_urls = true

[services mine]
organizations =
  endpoint_url = https://organizations.example
sts =
  endpoint_url = https://sts.example

[services theirs]
organizations =
  endpoint_url = https://theirs.example
"""


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's AWS configuration files."""
    path = tmp_path / "config"
    path.write_text(FILE.replace("FOLDER", str(tmp_path)))
    (tmp_path / "mine.pem").touch()
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    return path


def seen_by(client: Any) -> tuple[str, Any, str]:
    """A client's address, certificates and region."""
    trusted = client._endpoint.http_session._session._verify
    name = Path(trusted).name if isinstance(trusted, str) else trusted
    return client.meta.endpoint_url, name, client.meta.region_name


@pytest.mark.parametrize("roles", CHAINS)
@pytest.mark.parametrize("otherwise", [None, "other"])
@pytest.mark.parametrize(
    ("profile", "organizations", "sts", "verify", "region"),
    [
        ("plain", "organizations.us-east-1.amazonaws.com", "sts.us-east-1.amazonaws.com", True, "us-east-1"),
        ("fips", "organizations-fips.us-east-1.amazonaws.com", "sts-fips.us-west-2.amazonaws.com", True, ""),
        ("dualstack", "organizations.aws-global.api.aws", "sts.eu-west-1.api.aws", True, "eu-west-1"),
        ("own-address", "mine.example", "mine.example", "mine.pem", "us-east-1"),
        ("own-services", "organizations.example", "sts.example", True, "us-east-1"),
        ("ignoring", "organizations.us-east-1.amazonaws.com", "sts.us-east-1.amazonaws.com", True, ""),
    ],
)
def test_the_profiles_settings_hold_and_no_other_profiles(
    monkeypatch: pytest.MonkeyPatch,
    roles: tuple[AssumeRole, ...],
    otherwise: str | None,
    profile: str,
    organizations: str,
    sts: str,
    verify: Any,
    region: str,
) -> None:
    if otherwise:
        monkeypatch.setenv("AWS_PROFILE", otherwise)
    clients = Clients(Connection(profile=profile, assume_roles=roles))
    for client, host in ((clients.organizations, organizations), (clients.writer, organizations)):
        assert seen_by(client)[:2] == (f"https://{host}", verify)
    assert seen_by(clients.sts)[:2] == (f"https://{sts}", verify)
    assert not region or clients.sts.meta.region_name == region


def test_the_profiles_settings_hold_in_a_session_of_a_members_role() -> None:
    clients = Clients(Connection(profile="own-address", assume_roles=ROLES))
    keys = {"AccessKeyId": "A", "SecretAccessKey": "S", "SessionToken": "T"}

    class Sts:
        def assume_role(self, **_: Any) -> Any:
            return {"Credentials": keys}

    clients._made["sts", False] = Sts()
    inside: Any = clients.assumed(ROLES[0]).organizations
    assert seen_by(inside)[:2] == ("https://mine.example", "mine.pem")
    assert inside._request_signer._credentials.access_key == "A"


@pytest.mark.parametrize("roles", CHAINS)
def test_a_profile_of_the_environment_does_the_same(
    monkeypatch: pytest.MonkeyPatch, roles: tuple[AssumeRole, ...]
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "own-address")
    clients = Clients(Connection(assume_roles=roles))
    assert seen_by(clients.organizations)[:2] == ("https://mine.example", "mine.pem")


def test_static_keys_win_over_the_profiles_and_its_settings_hold() -> None:
    clients = Clients(Connection(profile="own-address", keys=StaticKeys("MINE", "S")))
    made: Any = clients.organizations
    assert seen_by(made)[:2] == ("https://mine.example", "mine.pem")
    assert made._request_signer._credentials.access_key == "MINE"


def test_the_connections_own_settings_win_over_the_profile() -> None:
    connection = Connection(
        profile="own-address",
        region="eu-west-1",
        endpoints=Endpoints(sts="https://sts.example.org"),
        assume_roles=ROLES,
    )
    clients = Clients(connection)
    assert seen_by(clients.sts) == ("https://sts.example.org", "mine.pem", "eu-west-1")
