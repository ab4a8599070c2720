"""The caller: the stack's configuration and a resource's own connection, and what is refused of them."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.parsers import ResponseParserError

from aws_org_features.aws import AssumeRole, Connection, Endpoints
from aws_org_features.aws.clients import Clients
from aws_org_features.aws.connection import StaticKeys
from aws_org_features.common.errors import ConfigurationError
from aws_org_features.lifecycle.connection import problems, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ROLE = "arn:aws:iam::111111111111:role/Admin"


def configured(config: Mapping[str, Any]) -> Connection:
    """The configuration as the engine hands it over: everything is text."""
    texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in config.items()}
    return resolve(None, texts.get)


@pytest.mark.parametrize(
    ("config", "connection"),
    [
        ({}, Connection()),
        ({"aws:profile": "mgmt", "aws:region": "eu-west-1"}, Connection(profile="mgmt", region="eu-west-1")),
        (
            {"aws:accessKey": "A", "aws:secretKey": "S", "aws:token": "T"},
            Connection(keys=StaticKeys("A", "S", "T")),
        ),
        (
            {"aws:accessKey": "A\n", "aws:secretKey": " S\n", "aws:token": "T\n"},
            Connection(keys=StaticKeys("A", "S", "T")),
        ),
        ({"aws:assumeRole": {"roleArn": ROLE}}, Connection(assume_roles=(AssumeRole(ROLE),))),
        (
            {"aws:assumeRole": {"roleArn": ROLE, "externalId": "x", "sessionName": "s", "duration": "1h30m"}},
            Connection(assume_roles=(AssumeRole(ROLE, "x", "s", 5400),)),
        ),
        (
            {"aws:assumeRoles": [{"roleArn": ROLE, "durationSeconds": 900}, {"roleArn": ROLE}]},
            Connection(assume_roles=(AssumeRole(ROLE, duration_seconds=900), AssumeRole(ROLE))),
        ),
        (
            {"aws:endpoints": [{"organizations": "https://a"}, {"sts": "https://b", "s3": "https://c"}]},
            Connection(endpoints=Endpoints(organizations="https://a", sts="https://b")),
        ),
        (
            {"aws:allowedAccountIds": ["111111111111", 22], "aws:forbiddenAccountIds": []},
            Connection(allowed_accounts=frozenset({"111111111111", "000000000022"})),
        ),
        ({"aws:insecure": "false", "aws:defaultTags": {"a": "b"}}, Connection()),
    ],
)
def test_the_stacks_configuration_is_pulumi_aws_own(
    config: Mapping[str, Any], connection: Connection
) -> None:
    assert configured(config) == connection


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"aws:accessKey": "A"}, "aws:secretKey is missing"),
        ({"aws:secretKey": "S"}, "aws:accessKey is missing"),
        ({"aws:assumeRole": {"roleArn": ROLE}, "aws:assumeRoles": [{"roleArn": ROLE}]}, "both"),
        ({"aws:assumeRole": {"roleArn": "Admin"}}, "'Admin', which isn't the ARN of a role"),
        ({"aws:assumeRole": {"roleArn": ROLE, "duration": "1d"}}, "duration '1d'"),
        ({"aws:assumeRole": {"roleArn": ROLE, "duration": "1m"}}, "from 15m to 12h"),
        ({"aws:assumeRole": {"roleArn": ROLE, "policyArns": ["x"], "tags": {"a": "b"}}}, "policyArns, tags"),
        ({"aws:assumeRole": "not json"}, "isn't what pulumi-aws takes there"),
        ({"aws:assumeRole": [{}]}, "isn't what pulumi-aws takes there"),
        ({"aws:assumeRoles": {"roleArn": ROLE}}, "isn't what pulumi-aws takes there"),
        ({"aws:assumeRoles": ["x"]}, "isn't what pulumi-aws takes there"),
        ({"aws:allowedAccountIds": {"a": 1}}, "isn't what pulumi-aws takes there"),
        ({"aws:allowedAccountIds": [None]}, "isn't what pulumi-aws takes there"),
        ({"aws:endpoints": 5}, "isn't what pulumi-aws takes there"),
        ({"aws:endpoints": [None]}, "isn't what pulumi-aws takes there"),
        ({"aws:endpoints": [{"sts": "localhost:80"}]}, "isn't an address like https://HOST"),
        ({"aws:endpoints": [{"sts": "http://localhost:99999"}]}, "isn't an address like https://HOST"),
        ({"aws:assumeRole": {"roleArn": ROLE, "duration": "9" * 5000 + "h"}}, "from 15m to 12h"),
        ({"aws:endpoints": [{"sts": "http://u:p@localhost"}]}, "holds credentials"),
        ({"aws:useFipsEndpoint": "true"}, "AWS_USE_FIPS_ENDPOINT"),
        ({"aws:sharedCredentialsFiles": ["x"]}, "AWS_SHARED_CREDENTIALS_FILE"),
    ],
)
def test_configuration_that_cannot_be_followed_is_refused(config: Mapping[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        configured(config)
    assert words in str(refused.value)
    assert "u:p@" not in str(refused.value)


def test_a_connection_of_its_own_stands_instead_of_the_stacks_but_for_the_account_guard() -> None:
    config = {"aws:profile": "theirs", "aws:accessKey": "A", "aws:allowedAccountIds": '["111111111111"]'}
    declared = {
        "profile": "mine",
        "region": "cn-north-1",
        "assume_roles": [{"role_arn": ROLE, "external_id": "x", "duration": "15m"}],
        "endpoints": {"sts": "https://b"},
    }
    assert resolve(declared, config.get) == Connection(
        profile="mine",
        region="cn-north-1",
        assume_roles=(AssumeRole(ROLE, "x", None, 900),),
        endpoints=Endpoints(sts="https://b"),
        allowed_accounts=frozenset({"111111111111"}),
    )


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ("mine", "must be ConnectionArgs"),
        ({"regoin": "x"}, "has no setting 'regoin'; it has assume_roles, endpoints, profile, region"),
        ({"assume_roles": [{"role_arn": ROLE}, {"arn": ROLE}]}, "assume_roles[1] has no setting 'arn'"),
        ({"assume_roles": [{"role_arn": ROLE, "duration": "13h"}]}, "duration is '13h'"),
        ({"assume_roles": [{"role_arn": ROLE, "external_id": 123456}]}, "external_id must be a text"),
        ({"assume_roles": "x"}, "assume_roles must be a list"),
        ({"assume_roles": [None]}, "assume_roles[0] must be AssumeRoleArgs"),
        ({"profile": ["x"]}, "profile must be a text"),
        ({"region": 5}, "region must be a text"),
        ({"endpoints": {"s3": "http://x"}}, "endpoints has no setting 's3'"),
        ({"endpoints": [{"sts": "http://x"}]}, "endpoints must be EndpointsArgs"),
        ({"endpoints": {"sts": "http://[::1"}}, "endpoints.sts isn't an address"),
        ({"endpoints": {"sts": "http://a b/"}}, "endpoints.sts isn't an address"),
    ],
)
def test_a_connection_that_is_wrong_is_refused_by_name(declared: Any, words: str) -> None:
    found = problems(declared)
    assert any(words in text for text in found), found
    assert "123456" not in str(found)


@pytest.mark.parametrize(
    ("region", "host", "signed_for"),
    [
        (None, "organizations.us-east-1.amazonaws.com", "us-east-1"),
        ("eu-west-1", "organizations.us-east-1.amazonaws.com", "us-east-1"),
        ("us-gov-east-1", "organizations.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("cn-north-1", "organizations.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"),
    ],
)
def test_requests_go_to_the_partitions_own_home(
    monkeypatch: pytest.MonkeyPatch, region: str | None, host: str, signed_for: str
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    sent: list[Any] = []
    client = Clients(Connection(region=region, keys=StaticKeys("A", "S"))).organizations

    def answer(request: Any, **_: Any) -> Any:
        sent.append(request)
        return _Answer()

    client.meta.events.register("before-send", answer)
    client.describe_organization()
    assert sent[0].url.startswith(f"https://{host}")
    assert f"/{signed_for}/organizations/".encode() in sent[0].headers["Authorization"]
    client.close()


class _Answer:
    """An empty answer, as botocore's HTTP session gives it."""

    status_code, headers, content = 200, {"Content-Type": "application/x-amz-json-1.1"}, b"{}"


ELSEWHERE = "http://127.0.0.1:1"
WAYS = ["connection", "environment", "of the service alone", "profile"]


def led_elsewhere(way: str, region: str | None, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Clients:
    """Clients whose requests go to another address than AWS's own."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    connection = Connection(region=region, keys=StaticKeys("A", "S"))
    if way == "connection":
        return Clients(replace(connection, endpoints=Endpoints(ELSEWHERE, ELSEWHERE, ELSEWHERE)))
    if way == "environment":
        monkeypatch.setenv("AWS_ENDPOINT_URL", ELSEWHERE)
        return Clients(connection)
    if way == "of the service alone":
        for service in ("ORGANIZATIONS", "STS", "IAM"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", ELSEWHERE)
        return Clients(connection)
    (folder / "config").write_text(
        f"[profile elsewhere]\nendpoint_url = {ELSEWHERE}\naws_access_key_id = A\naws_secret_access_key = S\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "config"))
    return Clients(Connection(region=region, profile="elsewhere"))


def scopes(clients: Clients) -> dict[str, str]:
    """The region that requests to each service are signed for."""
    found: dict[str, str] = {}

    def answer(request: Any, **_: Any) -> Any:
        assert request.url.startswith(ELSEWHERE)
        _, region, service, _ = request.headers["Authorization"].decode().partition("/")[2].split("/", 3)
        found[service] = region
        return _Answer()

    calls: dict[str, tuple[Any, Any]] = {
        "organizations": (clients.organizations, clients.organizations.describe_organization),
        "sts": (clients.sts, clients.sts.get_caller_identity),
        "iam": (clients.iam, clients.iam.get_user),
    }
    for client, call in calls.values():
        client.meta.events.register("before-send", answer)
        with contextlib.suppress(ResponseParserError):
            call()
        client.close()
    found["writer"] = clients.writer.meta.region_name
    return found


@pytest.mark.parametrize(
    ("region", "home", "of_iam"),
    [
        ("eu-west-1", "us-east-1", "us-east-1"),
        ("us-east-1", "us-east-1", "us-east-1"),
        ("cn-north-1", "cn-northwest-1", "cn-north-1"),
        ("us-gov-east-1", "us-gov-west-1", "us-gov-west-1"),
    ],
)
@pytest.mark.parametrize("way", WAYS)
def test_requests_that_go_elsewhere_are_signed_for_the_partitions_home_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str, region: str, home: str, of_iam: str
) -> None:
    signed = scopes(led_elsewhere(way, region, monkeypatch, tmp_path))
    assert signed == {"organizations": home, "writer": home, "sts": region, "iam": of_iam}


def test_an_accounts_own_requests_are_signed_for_the_home_too(monkeypatch: pytest.MonkeyPatch) -> None:
    clients = Clients(
        Connection(region="eu-west-1", keys=StaticKeys("A", "S"), endpoints=Endpoints(ELSEWHERE, ELSEWHERE))
    )
    keys = {"AccessKeyId": "B", "SecretAccessKey": "T", "SessionToken": "U"}
    monkeypatch.setattr(clients.sts, "assume_role", lambda **_: {"Credentials": keys})
    assumed = clients.assumed(AssumeRole(ROLE))
    assert assumed.organizations.meta.region_name == "us-east-1"
    assumed.close()


def test_a_region_that_is_none_is_refused_wherever_requests_go() -> None:
    connection = Connection(region="eu west", keys=StaticKeys("A", "S"), endpoints=Endpoints(ELSEWHERE))
    with pytest.raises(ConfigurationError, match="eu west"):
        Clients(connection).organizations  # noqa: B018 - which makes it


def test_no_representation_shows_a_secret() -> None:
    connection = Connection(
        keys=StaticKeys("A-KEY", "S-KEY", "T-KEY"), assume_roles=(AssumeRole(ROLE, "E-ID"),)
    )
    for secret in ("A-KEY", "S-KEY", "T-KEY", "E-ID"):
        assert secret not in repr(connection)


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", "cn-north-1"])
def test_roles_are_assumed_in_the_region_even_if_the_environment_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, region: str
) -> None:
    monkeypatch.setenv("AWS_STS_REGIONAL_ENDPOINTS", "legacy")
    connection = Connection(region=region, keys=StaticKeys("key", "secret"))
    host = Clients(connection).sts.meta.endpoint_url.partition("//")[2]
    assert host.startswith(f"sts.{region}.amazonaws.com")
