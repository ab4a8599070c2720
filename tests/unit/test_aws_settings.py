"""The stack's `aws:` settings: followed, refused by name, or nothing to do with us; and no others."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any, Final

import pulumi
import pytest
from pulumi.dynamic import Config, ConfigureRequest

from aws_org_features import (
    FeatureSetApproval,
    OrganizationFeatureSet,
    RootPolicyType,
    TrustedService,
    get_organization_feature_set,
)
from aws_org_features.aws import AssumeRole, Connection, Endpoints
from aws_org_features.common.errors import ConfigurationError
from aws_org_features.lifecycle import aws_settings
from aws_org_features.lifecycle.aws_settings import APART, FOLLOWED, REFUSED, WITHIN, nearest, refuse_unknown
from aws_org_features.lifecycle.configuration import SERVICES, configured
from aws_org_features.resources.approval import FeatureSetApprovalProvider
from tools.venvs import LANDING_ZONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.unit.conftest import Mocks

ROLE: Final = "arn:aws:iam::111111111111:role/Admin"
CANARY: Final = "canary"
MISSPELLED: Final = {
    "assumerole": "aws:assumeRole?",
    "assume_role": "aws:assumeRole?",
    "AssumeRoles": "aws:assumeRoles[0].roleArn",
    "roleArn": "aws:assumeRoles[0].roleArn",
    "externalId": "aws:assumeRoles[0].roleArn",
    "allowedAccountId": "aws:allowedAccountIds",
    "allowed_account_ids": "aws:allowedAccountIds",
    "forbiddenAccounts": "aws:forbiddenAccountIds",
    "profiles": "aws:profile",
    "Profile": "aws:profile",
    "awsProfile": "aws:profile",
    "sharedCredentialsFile": "aws:sharedCredentialsFiles",
    "secret_access_key": "aws:secretKey",
    "secretAccessKey": "aws:secretKey",
    "awsSecretKey": "aws:secretKey",
    "aws_secret_access_key": "aws:secretKey",
    "accessKeyId": "aws:accessKey",
    "sessionToken": "aws:token",
    "regoin": "aws:region",
    "endpoint": "aws:endpoints",
    "skipMetadataAPICheck": "aws:skipMetadataApiCheck",
    "zzz": "docs/settings.md",
}


@pytest.fixture
def configure(mocks: Mocks) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Sets the stack's configuration, all of it secret, as the engine does: everything is text."""
    del mocks

    def set_all(config: dict[str, Any]) -> None:
        texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
        pulumi.runtime.set_all_config(texts, list(texts))

    yield set_all
    pulumi.runtime.set_all_config({}, [])


@pytest.mark.parametrize("name", MISSPELLED)
def test_a_setting_that_pulumi_aws_does_not_have_is_refused_with_the_nearest(name: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        refuse_unknown({"other:key": "x", f"aws:{name}": CANARY, "aws:region": "us-east-1"})
    assert f"sets aws:{name}, which" in refused.value.what
    assert f"{MISSPELLED[name]}" in refused.value.next_step
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize(
    ("config", "path", "near"),
    [
        (
            {"aws:assumeRole": {"roleArn": ROLE, "external_id": CANARY}},
            "aws:assumeRole.external_id",
            "externalId",
        ),
        ({"aws:assumeRoles": [{}, {"rolArn": ROLE}]}, "aws:assumeRoles[1].rolArn", "roleArn"),
        (
            {"aws:assumeRoleWithWebIdentity": {"web_identity_token": CANARY}},
            "aws:assumeRoleWithWebIdentity.web_identity_token",
            "webIdentityToken",
        ),
    ],
)
def test_so_is_what_it_does_not_have_of_a_role(config: dict[str, Any], path: str, near: str) -> None:
    for given in (config, {key: json.dumps(value) for key, value in config.items()}):
        with pytest.raises(ConfigurationError) as refused:
            refuse_unknown(given)
        assert f"sets {path}, which" in refused.value.what
        assert f"Did you mean {near}?" in refused.value.next_step
        assert CANARY not in str(refused.value)


def test_its_own_are_fine_and_so_are_other_namespaces() -> None:
    refuse_unknown({f"aws:{name}": "" for name in aws_settings.KNOWN})
    refuse_unknown({"aws-native:region": "x", "project:awsSecretKey": "x", "assumerole": "x"})


@pytest.mark.parametrize(
    "declared",
    [
        lambda: OrganizationFeatureSet("org", organization_id="o-exampleorg1"),
        lambda: OrganizationFeatureSet("org", organization_id="o-exampleorg1", connection={"profile": "x"}),
        lambda: FeatureSetApproval("approval", organization_id="o-exampleorg1"),
        lambda: RootPolicyType("type", organization_id="o-exampleorg1", policy_type="TAG_POLICY"),
        lambda: TrustedService("ram", organization_id="o-exampleorg1", service_principal="ram.amazonaws.com"),
    ],
)
def test_it_is_refused_before_anything_is_recorded(
    configure: Callable[[dict[str, Any]], None], mocks: Mocks, declared: Callable[[], object]
) -> None:
    configure({"aws:awsSecretKey": CANARY})
    with pytest.raises(pulumi.RunError, match=r"^configuration-unsupported: .*aws:awsSecretKey") as refused:
        declared()
    assert CANARY not in str(refused.value)
    assert mocks.made == []


def test_a_function_refuses_it_before_it_asks() -> None:
    pulumi.runtime.set_all_config({"aws:assumerole": "{}"}, [])
    try:
        with pytest.raises(pulumi.RunError, match=r"^configuration-unsupported: .*aws:assumerole"):
            get_organization_feature_set(organization_id="o-exampleorg1")
    finally:
        pulumi.runtime.set_all_config({}, [])


def test_the_provider_refuses_it_as_well() -> None:
    stack = {"aws:assumerole": json.dumps({"roleArn": ROLE})}
    provider = FeatureSetApprovalProvider()
    provider.configure(ConfigureRequest(config=Config(stack, "project")))
    given = {"organization_id": "o-exampleorg1", "connection": {"profile": "x"}}
    failures = provider.check({}, given).failures
    assert failures is not None
    (failure,) = failures
    assert failure.reason.startswith("configuration-unsupported: ")
    assert "aws:assumerole" in failure.reason


EMPTY: Final = ("", " ", "\n", "null", "[]", "{}", '[""]', '{"roleArn": ""}', "false")
OF_TEXTS: Final = ("accessKey", "profile", "region", "secretKey", "token")
OTHERWISE: Final = {
    **dict.fromkeys(OF_TEXTS, ("null", "[]", "{}", '[""]', '{"roleArn": ""}', "false")),
    "skipMetadataApiCheck": ("null", "[]", "{}", '[""]', '{"roleArn": ""}'),
    "assumeRole": ('[""]',),
    "assumeRoles": ('[""]', '{"roleArn": ""}'),
    "endpoints": ('[""]',),
    "allowedAccountIds": ('{"roleArn": ""}',),
    "forbiddenAccountIds": ('{"roleArn": ""}',),
}
"""Values that aren't an empty value of a setting's kind."""


@pytest.mark.parametrize(
    ("name", "empty"),
    [
        (name, empty)
        for name in (*FOLLOWED, *REFUSED, *APART)
        for empty in EMPTY
        if empty not in OTHERWISE.get(name, ())
    ],
)
def test_an_empty_setting_is_none(name: str, empty: str) -> None:
    assert configured({f"aws:{name}": empty}.get) == Connection()


@pytest.mark.parametrize(
    ("value", "skips"), [("true", True), (True, True), ("True", True), ("1", True), ("0", False)]
)
def test_the_machines_role_is_left_out(value: Any, skips: bool) -> None:
    assert configured({"aws:skipMetadataApiCheck": value}.get) == Connection(skip_metadata=skips)


def test_a_service_that_is_nearly_ours_is_refused() -> None:
    assert (
        configured({"aws:endpoints": json.dumps([{"s3": "https://x", "ssm": "https://y"}])}.get)
        == Connection()
    )
    for name, meant in (
        ("organisations", "organizations"),
        ("STS", "sts"),
        ("organization", "organizations"),
    ):
        with pytest.raises(ConfigurationError, match=f"Did you mean {meant}") as refused:
            configured({"aws:endpoints": json.dumps({name: "http://127.0.0.1:1"})}.get)
        assert name in refused.value.what
    assert configured({"aws:endpoints": json.dumps({"sts": ""})}.get) == Connection(endpoints=Endpoints())


def test_a_role_without_anything_is_none_and_half_a_role_is_wrong() -> None:
    roles = json.dumps([{"roleArn": "", "externalId": ""}, {"roleArn": ROLE, "sessionName": ""}])
    assert configured({"aws:assumeRoles": roles}.get) == Connection(assume_roles=(AssumeRole(ROLE),))
    with pytest.raises(ConfigurationError, match="isn't the ARN"):
        configured({"aws:assumeRole": json.dumps({"roleArn": "", "externalId": "x"})}.get)


_LIST: Final = """
import json, pulumi_aws
from pulumi._types import input_type_py_to_pulumi_names as names
from pulumi_aws import _inputs
found = {"": pulumi_aws.ProviderArgs, "roles": _inputs.ProviderAssumeRoleArgs,
    "web": _inputs.ProviderAssumeRoleWithWebIdentityArgs, "endpoints": _inputs.ProviderEndpointArgs}
print(json.dumps({name: sorted(names(kind).values()) for name, kind in found.items()}))
"""


@pytest.mark.exhaustive
def test_the_lists_are_pulumi_aws_own() -> None:
    told = subprocess.run(
        [LANDING_ZONE.path / "bin" / "python", "-c", _LIST], capture_output=True, check=True, text=True
    )
    theirs = json.loads(told.stdout)
    older = {"assumeRole"}
    assert {*FOLLOWED, *REFUSED, *APART} - older == set(theirs[""])
    assert WITHIN["assumeRoles"] - {"durationSeconds"} == set(theirs["roles"])
    assert WITHIN["assumeRoleWithWebIdentity"] - {"durationSeconds"} == set(theirs["web"])
    assert set(SERVICES) < set(theirs["endpoints"])
    taken = [name for name in theirs["endpoints"] if name not in SERVICES and nearest(name, SERVICES, 0.8)]
    assert taken == []
