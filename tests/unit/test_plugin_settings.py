"""The native provider's own settings: checked by name, kept as they came, and secret where they must be."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf import struct_pb2  # type: ignore[import-untyped]

from aws_org_features.plugin import schema, settings, wire
from tests.harness.wire import bared_in, output, secret, struct

ROLES = [{"roleArn": "arn:aws:iam::111122223333:role/Deploy", "externalId": "canary-of-the-role"}]
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def problems(**given: Any) -> list[str]:
    return settings.check(struct(**given))[1]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"profile": "management", "region": "eu-central-1"},
        {"accessKey": "AKIAIOSFODNN7EXAMPLE", "secretKey": secret("canary"), "token": "canary"},
        {"assumeRoles": ROLES},
        {"assumeRoles": json.dumps(ROLES)},
        {"assumeRoles": secret(json.dumps(ROLES))},
        {"endpoints": [{"organizations": "http://127.0.0.1:4566"}]},
        {"allowedAccountIds": ["111122223333"], "forbiddenAccountIds": json.dumps(["444455556666"])},
        {"skipMetadataApiCheck": True},
        {"skipMetadataApiCheck": "true"},
        {"profile": UNKNOWN, "assumeRoles": [{"roleArn": UNKNOWN}]},
        {"version": "0.1.0", "pluginDownloadURL": "https://example.com", "__internal": {}},
    ],
)
def test_supported_settings_are_no_problem(given: dict[str, Any]) -> None:
    kept, found = settings.check(struct(**given))

    assert found == []
    assert wire.read(kept) == wire.read(struct(**given))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"profil": "canary"}, "has no setting profil. Did you mean profile?"),
        ({"secretAccessKey": "canary"}, "has no setting secretAccessKey. Did you mean secretKey?"),
        ({"assumeRole": ROLES[0]}, "has no setting assumeRole. Did you mean assumeRoles?"),
        ({"assumeRoles": [{"rolArn": "canary"}]}, "no setting assumeRoles[0].rolArn. Did you mean roleArn?"),
        ({"assumeRoles": json.dumps([{"rolArn": "canary"}])}, "no setting assumeRoles[0].rolArn."),
        ({"customCaBundle": "canary"}, "no setting customCaBundle. Instead, set AWS_CA_BUNDLE in the env"),
        ({"stsRegion": "canary"}, "Instead, set org-features:region to a region"),
        ({"maxRetries": "canary"}, "no setting maxRetries. It has nothing to do with these resources"),
        ({"zzzzzzzz": "canary"}, "no setting zzzzzzzz. It has accessKey, allowedAccountIds, assumeRoles, "),
        ({"endpoints": [{"organisations": "canary"}]}, "organisations. Did you mean organizations?"),
        ({"accessKey": "canary"}, "half of a key pair: org-features:secretKey is missing"),
        ({"assumeRoles": [{"roleArn": "role"}]}, "org-features:assumeRole has roleArn 'role', which isn't"),
        ({"endpoints": "canary"}, "org-features:endpoints of the provider's configuration isn't what"),
        ({"skipMetadataApiCheck": "maybe"}, "is 'maybe', neither true nor false"),
    ],
)
def test_an_unsupported_setting_is_reported_by_name_and_never_by_value(
    given: dict[str, Any], told: str
) -> None:
    (found,) = problems(**given)

    assert found.startswith("configuration-unsupported: ")
    assert told in found
    assert "canary" not in found


def test_an_arn_keeps_its_partition() -> None:
    told = "aws:region; arn:aws:iam::111122223333:role/NAME; 'aws:profile'; https://aws:443"

    assert schema.in_our_names(told) == (
        "org-features:region; arn:aws:iam::111122223333:role/NAME; 'org-features:profile'; https://aws:443"
    )


@pytest.mark.parametrize("wrap", [lambda value: value, secret, output])
@pytest.mark.parametrize("as_json", [False, True])
def test_credentials_are_secrets_in_each_form(wrap: Any, *, as_json: bool) -> None:
    given = struct(
        accessKey="AKIAIOSFODNN7EXAMPLE",
        secretKey=wrap("canary-of-the-key"),
        token=wrap("canary-of-the-session"),
        assumeRoles=wrap(json.dumps(ROLES) if as_json else ROLES),
    )

    kept, found = settings.check(given)

    assert found == []
    assert not [text for text in bared_in(kept) if "canary" in text]
    assert wire.read(kept) == wire.read(given)


def test_json_without_a_secret_stays_as_it_is() -> None:
    given = struct(assumeRoles=json.dumps([{"roleArn": ROLES[0]["roleArn"]}]))

    assert settings.check(given)[0] == given


def test_credentials_are_read_in_each_form() -> None:
    given = struct(
        region=secret("eu-central-1"),
        assumeRoles=secret(ROLES),
        allowedAccountIds=json.dumps(["111122223333"]),
        skipMetadataApiCheck=True,
        profile=UNKNOWN,
        version="0.1.0",
    )

    get = settings.Settings(given).get

    assert get("aws:region") == "eu-central-1"
    assert json.loads(get("aws:assumeRoles") or "") == ROLES
    assert json.loads(get("aws:allowedAccountIds") or "") == ["111122223333"]
    assert get("aws:skipMetadataApiCheck") == "true"
    assert get("aws:profile") is None
    assert get("aws:version") is None


def test_being_secret_or_json_is_no_difference() -> None:
    olds = struct(profile="one", token="canary", assumeRoles=json.dumps(ROLES), version="0.1.0")  # noqa: S106
    news = struct(profile="two", token=secret("canary"), assumeRoles=ROLES, region="r", version="0.2.0")

    assert settings.differing(olds, news) == {"profile": ("one", "two"), "region": (None, "r")}


def test_settings_that_arent_there_are_none() -> None:
    assert settings.Settings(struct_pb2.Struct()).get("aws:region") is None
    assert settings.Settings().get("aws:region") is None
