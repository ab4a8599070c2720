"""The contents of a user's state: names that never change, and never a credential."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from aws_org_features import (
    AllFeaturesGate,
    AssumeRoleArgs,
    AssumeRoleArgsDict,
    ConnectionArgs,
    EndpointsArgs,
    EndpointsArgsDict,
    FeatureSetApproval,
    RootPolicyType,
    TrustedService,
)
from aws_org_features.lifecycle.inputs import DEFAULTS, INPUTS
from aws_org_features.lifecycle.resource import GOAL
from aws_org_features.resources.feature_set import OrganizationFeatureSetProvider
from aws_org_features.resources.provider import PROVIDER_KEY
from tests.shares import sample
from tests.stacks import export, feature_set

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.stacks import Project

STORED = Path(__file__).parent / "stored_state.json"
"""A state as version 0.1.0 wrote it, taken from a waiting migration: never regenerated."""
ADDED = {"steps", "timeout", "wait_until"}
"""Inputs that it hasn't, and that have had a default since; `approver` is absent unless it is given."""
STORED_APPROVAL = STORED.with_name("stored_approval.json")
"""Another, of a member account that waits to be asked: never regenerated either."""
STORED_POLICY_TYPE = STORED.with_name("stored_policy_type.json")
"""A third, of a policy type that waits for all features."""
STORED_TRUSTED_SERVICE = STORED.with_name("stored_trusted_service.json")
"""A fourth, of a trusted service that waits for them."""


def test_a_stored_state_is_understood_and_brought_to_its_end(project: Project, org: Emulator) -> None:
    begun = org.enable_all_features()
    _restore(project, org, STORED.read_text().replace("h-0000000000000000000000000", begun["Id"]))

    def program() -> None:
        organization = feature_set(org, on_destroy="cancel")
        export(organization)
        AllFeaturesGate(
            "gate", feature_set=organization, opts=pulumi.ResourceOptions(depends_on=[organization])
        )

    org.approve_all()
    assert not project.refresh().failed
    project.declare(program)
    ran = project.up()
    assert not ran.failed, ran.text
    assert project.kept()["status"] == "ENABLED"
    assert project.kept()["started_by_this_resource"] is True
    assert org.writes == {"AcceptHandshake": 1}
    assert not project.destroy().failed


def _restore(project: Project, org: Emulator, stored: str) -> None:
    """Put a stored state into a stack's place, as if this organization had been there then."""
    # A refresh acts by the configuration that the last `up` stored.
    stored = re.sub(r"http://127\.0\.0\.1:\d+", org.endpoint, stored)
    kept = project.stack.export_stack()
    kept.deployment = json.loads(stored)
    project.stack.import_stack(kept)


def _approval(project: Project, org: Emulator) -> None:
    """Make the stack a member account's, with its approval."""
    project.configure(org, org.invited[0])
    project.declare(lambda: _ignore(FeatureSetApproval("approval", organization_id=org.organization_id)))


def test_a_stored_approval_is_understood_and_given(project: Project, org: Emulator) -> None:
    _restore(project, org, STORED_APPROVAL.read_text())
    _approval(project, org)
    assert not project.preview(refresh=True, expect_no_changes=True).failed
    org.enable_all_features()
    assert not project.refresh().failed
    ran = project.up()
    assert not ran.failed, ran.text
    assert project.kept("approval")["status"] == "APPROVED"
    assert org.writes == {"AcceptHandshake": 1}
    assert not project.destroy().failed


def test_an_approvals_token_and_names_are_those_of_users_states(project: Project, org: Emulator) -> None:
    stored = json.loads(STORED_APPROVAL.read_text())["resources"][-1]
    _approval(project, org)
    project.up()
    kept = project.resources()["approval"]
    assert (kept["type"], kept["id"]) == (stored["type"], stored["id"])
    assert kept["type"] == "pulumi-python:dynamic/organizations:FeatureSetApproval"
    assert set(kept["inputs"]) == set(stored["inputs"]) | {"steps"}
    assert set(kept["outputs"]) == set(stored["outputs"]) | {"steps"}
    assert "plaintext" not in kept["outputs"]["__provider"]
    shown = project.stack.export_stack().deployment or {}
    assert shown["resources"][-1]["inputs"]["__provider"] == stored["inputs"]["__provider"]


def _policy_type(project: Project, org: Emulator) -> None:
    project.declare(
        lambda: _ignore(RootPolicyType("type", organization_id=org.organization_id, policy_type="TAG_POLICY"))
    )


def test_a_stored_policy_type_is_understood_and_enabled(project: Project, org: Emulator) -> None:
    (root,) = org.client("organizations", org.management).list_roots()["Roots"]
    _restore(project, org, STORED_POLICY_TYPE.read_text().replace("r-0000", root["Id"]))
    _policy_type(project, org)
    assert not project.preview(refresh=True, expect_no_changes=True).failed
    org.enable_all_features()
    org.approve_all()
    org.finalize()
    assert not project.refresh().failed
    ran = project.up()
    assert not ran.failed, ran.text
    assert project.kept("type")["status"] == "ENABLED"
    assert org.writes == {"EnablePolicyType": 1}
    assert not project.destroy().failed
    assert org.writes == {"EnablePolicyType": 1, "DisablePolicyType": 1}


def test_a_policy_types_token_and_names_are_those_of_users_states(project: Project, org: Emulator) -> None:
    stored = json.loads(STORED_POLICY_TYPE.read_text())["resources"][-1]
    _policy_type(project, org)
    project.up()
    kept = project.resources()["type"]
    assert kept["type"] == stored["type"] == "pulumi-python:dynamic/organizations:RootPolicyType"
    assert stored["id"] == "r-0000/TAG_POLICY"
    assert set(kept["inputs"]) == set(stored["inputs"])
    assert set(kept["outputs"]) == set(stored["outputs"])
    shown = project.stack.export_stack().deployment or {}
    assert shown["resources"][-1]["inputs"]["__provider"] == stored["inputs"]["__provider"]


@pytest.mark.exhaustive
def test_a_stored_trusted_service_is_understood_and_enabled(project: Project, org: Emulator) -> None:
    stored = json.loads(STORED_TRUSTED_SERVICE.read_text())["resources"][-1]
    principal = "inspector2.amazonaws.com"
    _restore(project, org, STORED_TRUSTED_SERVICE.read_text())
    project.declare(
        lambda: _ignore(
            TrustedService("service", organization_id=org.organization_id, service_principal=principal)
        )
    )
    assert not project.preview(refresh=True, expect_no_changes=True).failed
    org.enable_all_features()
    org.approve_all()
    org.finalize()
    ran = project.up()
    assert not ran.failed, ran.text
    kept = project.resources()["service"]
    assert kept["outputs"]["status"] == "ENABLED"
    assert kept["type"] == stored["type"] == "pulumi-python:dynamic/organizations:TrustedService"
    assert kept["id"] == stored["id"] == f"o-exampleorg1/{principal}"
    assert set(kept["inputs"]) == set(stored["inputs"])
    assert set(kept["outputs"]) == set(stored["outputs"])
    shown = project.stack.export_stack().deployment or {}
    assert shown["resources"][-1]["inputs"]["__provider"] == stored["inputs"]["__provider"]
    assert not project.destroy().failed
    assert org.writes == {"EnableAWSServiceAccess": 1, "DisableAWSServiceAccess": 1}


@pytest.mark.usefixtures("org")
def test_better_words_of_a_newer_version_are_no_change(project: Project) -> None:
    project.declare_feature_set()
    project.up()
    kept = project.stack.export_stack()
    text = json.dumps(kept.deployment)
    words = project.kept()["message"]
    assert json.dumps(words) in text
    kept.deployment = json.loads(text.replace(json.dumps(words), '"What an older version said."'))
    project.stack.import_stack(kept)
    assert project.kept()["message"] != words
    assert not project.preview(expect_no_changes=True).failed


def test_tokens_and_names_are_those_of_users_states(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    project.up()
    kept = project.resources()["org"]
    assert kept["type"] == "pulumi-python:dynamic/organizations:OrganizationFeatureSet"
    assert kept["id"] == org.organization_id
    assert set(kept["outputs"]) == set(json.loads(STORED.read_text())["resources"][-1]["outputs"]) | ADDED
    assert set(kept["inputs"]) == set(json.loads(STORED.read_text())["resources"][-1]["inputs"]) | ADDED


def test_inputs_that_were_added_are_no_reason_for_an_update() -> None:
    stored = json.loads(STORED.read_text())["resources"][-1]["outputs"]
    olds = {**stored, "status": "ENABLED"}
    assert not ADDED & set(olds)
    declared = {name: olds.get(name) for name in (*INPUTS, GOAL)}
    news = {**declared, **DEFAULTS, PROVIDER_KEY: olds[PROVIDER_KEY]}
    assert OrganizationFeatureSetProvider().diff("o-exampleorg1", olds, news).changes is False
    assert OrganizationFeatureSetProvider().diff("o-exampleorg1", olds, {**news, "timeout": "1h"}).changes


def test_the_provider_is_kept_as_a_secret_reference_and_not_by_value(project: Project) -> None:
    project.declare_feature_set()
    project.up()
    shown = project.stack.export_stack().deployment or {}
    pickled = shown["resources"][-1]["outputs"]["__provider"]["plaintext"]
    assert "plaintext" not in project.kept()["__provider"]
    assert base64.b64decode(pickled) == (
        b"\x80\x04\x95P\x00\x00\x00\x00\x00\x00\x00\x8c&aws_org_features.resources.feature_set"
        b"\x94\x8c\x1eOrganizationFeatureSetProvider\x94\x93\x94)\x81\x94."
    )


FORMS = ("dictionary", "args", "a dictionary in args", "an output in a dictionary", "an output")


def connection_in(form: str, org: Emulator, role: str, external_id: str) -> Any:
    plain = {"role_arn": role, "external_id": external_id}
    endpoints: EndpointsArgsDict = {"organizations": org.endpoint, "sts": org.endpoint}
    match form:
        case "args":
            roles = [AssumeRoleArgs(role_arn=role, external_id=external_id)]
            return ConnectionArgs(assume_roles=roles, endpoints=EndpointsArgs(**endpoints))
        case "a dictionary in args":
            return ConnectionArgs(assume_roles=[AssumeRoleArgsDict(**plain)], endpoints=endpoints)  # type: ignore[typeddict-item]
        case "an output in a dictionary":
            return {"assume_roles": [pulumi.Output.from_input(plain)], "endpoints": endpoints}
        case "an output":
            return pulumi.Output.from_input({"assume_roles": [plain], "endpoints": endpoints})
        case _:
            return {"assume_roles": [plain], "endpoints": endpoints}


@pytest.mark.parametrize("form", sample(FORMS, every=len(FORMS)))
def test_no_credential_enters_the_state_or_the_terminal(
    project: Project, org: Emulator, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    keys = org.credentials(org.management)
    project.configure_with({"aws:accessKey": None, "aws:secretKey": None})
    env = {
        "AWS_ACCESS_KEY_ID": keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": "secret-of-the-environment",
        "AWS_SESSION_TOKEN": "token-of-the-environment",
        "SOME_PASSWORD": "password-of-the-environment",
    }
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    role = f"arn:aws:iam::{org.management}:role/Migrator"
    make_role(org, role, "external-id-of-the-role")
    project.declare(lambda: _ignore(feature_set(org, connection=connection_in(form, org, role, EXTERNAL_ID))))
    texts = [project.preview(diff=True).text, project.up(diff=True).text]
    assert "org" in project.resources(), texts[1]
    org.approve_all()
    texts += [project.refresh(diff=True).text, project.stored()]
    assert project.kept()["status"] == "AWAITING_FINALIZATION", "a drift, for which read returns inputs"
    texts += [project.preview(diff=True).text, project.up(diff=True).text, project.stored()]
    assert project.kept()["status"] == "ENABLED"
    for text in texts:
        for secret in (*list(env.values())[1:], keys.secret_access_key, EXTERNAL_ID):
            assert secret not in text


EXTERNAL_ID = "external-id-of-the-role"


def _ignore(_: object) -> None:
    """A program returns nothing."""


def make_role(org: Emulator, arn: str, external_id: str) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{org.management}:root"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
            }
        ],
    }
    iam = org.client("iam", org.management)
    iam.create_role(RoleName=arn.rpartition("/")[2], AssumeRolePolicyDocument=json.dumps(trust))


@pytest.mark.parametrize("form", ["dictionary", "args"])
def test_a_connection_of_its_own_is_no_change_the_second_time(
    project: Project, org: Emulator, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    keys = org.credentials(org.management)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys.secret_access_key)
    endpoints: EndpointsArgsDict = {"organizations": org.endpoint, "sts": org.endpoint}

    def program() -> None:
        args = ConnectionArgs(region="us-east-1", endpoints=endpoints)
        feature_set(
            org, connection=args if form == "args" else {"region": "us-east-1", "endpoints": endpoints}
        )

    project.declare(program)
    assert not project.up().failed
    for command in (project.preview, project.refresh, project.up):
        assert not command(expect_no_changes=True).failed
