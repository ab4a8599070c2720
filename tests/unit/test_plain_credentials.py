"""Credentials in plain in the stack's configuration: refused by name, before anything is recorded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from aws_org_features import FeatureSetApproval, OrganizationFeatureSet, RootPolicyType, TrustedService
from aws_org_features.lifecycle.plain_credentials import credentials_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.unit.conftest import Mocks

CANARY = "canary"
ROLE = "arn:aws:iam::111111111111:role/Migrator"
IN_PLAIN: dict[str, dict[str, Any]] = {
    "aws:secretKey": {"aws:accessKey": "AKIA", "aws:secretKey": CANARY},
    "aws:token": {"aws:token": CANARY},
    "aws:assumeRole.externalId": {"aws:assumeRole": {"roleArn": ROLE, "externalId": CANARY}},
    "aws:assumeRoles[0].externalId": {"aws:assumeRoles": [{"roleArn": ROLE}, {"externalId": CANARY}]},
    "aws:assumeRoleWithWebIdentity.webIdentityToken": {
        "aws:assumeRoleWithWebIdentity": {"roleArn": ROLE, "webIdentityToken": CANARY}
    },
    "aws:httpProxy": {"aws:httpProxy": f"http://user:{CANARY}@proxy:3128"},
    "aws:httpsProxy": {"aws:httpsProxy": f"user:{CANARY}@proxy:3128"},
    "aws:ec2MetadataServiceEndpoint": {"aws:ec2MetadataServiceEndpoint": f"http://user:{CANARY}@host/"},
    "aws:endpoints[1].s3": {"aws:endpoints": [{"s3": "https://host"}, {"s3": f"https://user:{CANARY}@host"}]},
}
RESOURCES: list[Callable[[], pulumi.Resource]] = [
    lambda: OrganizationFeatureSet("org", organization_id="o-exampleorg1"),
    lambda: FeatureSetApproval("approval", organization_id="o-exampleorg1"),
    lambda: RootPolicyType("type", organization_id="o-exampleorg1", policy_type="TAG_POLICY"),
    lambda: TrustedService("ram", organization_id="o-exampleorg1", service_principal="ram.amazonaws.com"),
]


@pytest.fixture
def configure(mocks: Mocks) -> Iterator[Callable[..., None]]:
    """Sets the stack's configuration, as the engine does: everything is text."""
    del mocks

    def set_all(config: dict[str, Any], secret: tuple[str, ...] = ()) -> None:
        texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
        pulumi.runtime.set_all_config(texts, list(secret))

    yield set_all
    pulumi.runtime.set_all_config({}, [])


@pytest.mark.parametrize("path", IN_PLAIN)
@pytest.mark.parametrize("resource", RESOURCES)
def test_plain_text_credentials_are_refused_by_name_and_not_shown(
    configure: Callable[..., None], mocks: Mocks, resource: Callable[[], pulumi.Resource], path: str
) -> None:
    configure(IN_PLAIN[path])
    with pytest.raises(pulumi.RunError, match=r"^credentials-in-plain: ") as refused:
        resource()
    assert path in str(refused.value)
    assert CANARY not in str(refused.value)
    assert mocks.made == []


@pytest.mark.parametrize("path", IN_PLAIN)
def test_a_secret_is_not_refused(configure: Callable[..., None], path: str) -> None:
    configure(IN_PLAIN[path], secret=tuple(IN_PLAIN[path]))
    RESOURCES[0]()


@pytest.mark.parametrize(
    "address", ["proxy:3128", "http://proxy:3128", "https://host/a@b", "https://host?a=b@c"]
)
def test_an_address_without_a_user_holds_none(address: str) -> None:
    assert list(credentials_in({"httpProxy": address, "endpoints": json.dumps([{"s3": address}])}.get)) == []


@pytest.mark.parametrize(
    "value",
    ["", "  ", "null", "[]", "{}", "not JSON", '["text"]', json.dumps({"roleArn": ROLE, "externalId": ""})],
)
def test_text_without_one_is_left(value: str) -> None:
    names = ("assumeRole", "assumeRoles", "assumeRoleWithWebIdentity")
    assert list(credentials_in(dict.fromkeys(names, value).get)) == []
    assert list(credentials_in({"secretKey": value.strip() if not value.strip() else ""}.get)) == []
