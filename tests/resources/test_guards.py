"""Refusals: by name, in one line, with the next step, and with nothing written."""

from __future__ import annotations

import socket
from functools import partial
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from aws_org_emulator import Scenario
from aws_org_features import ConnectionArgs
from tests.stacks import ORGANIZATION, CommandResult, feature_set

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.stacks import Project


def without_an_interrupted_program(text: str) -> str:
    """The text for a person, without Python's about a program that the engine ended in a call.

    The engine does so once a run has failed. Whether the program still says something is a matter of time.
    """
    if "KeyboardInterrupt" not in text:
        return text
    kept, of_the_program = [], False
    for line in text.splitlines():
        if line.strip() and not line.startswith("    "):
            of_the_program = line.startswith("  pulumi:pulumi:Stack (")
        if not of_the_program and "pulumi:pulumi:Stack " not in line:
            kept.append(line)
    return "\n".join(kept)


def assert_clean(ran: CommandResult, reference: str, *words: str, of: str = "") -> None:
    """One line with the reference and these words, and no traceback.

    Args:
        ran: The command.
        reference: The error's.
        words: What the line holds.
        of: Which of several such lines: the first that holds this.
    """
    assert ran.failed, ran.text
    text = without_an_interrupted_program(ran.text)
    assert "Traceback" not in text
    assert 'File "' not in text
    lines = [line for line in ran.text.splitlines() if f"{reference}: " in line and of in line]
    assert lines, ran.text
    for word in words:
        assert word in lines[0]


@pytest.fixture(autouse=True)
def _nothing_is_written(org: Emulator) -> Iterator[None]:
    yield
    assert org.writes == {}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"organization_id": "123456789012"}, "organization_id is '123456789012'"),
        ({"feature_set": "CONSOLIDATED_BILLING"}, "enabling all features is irreversible"),
        ({"feature_set": "EVERYTHING"}, "feature_set is 'EVERYTHING', but can only be ALL"),
        ({"finalize": "yes"}, "finalize is 'yes', but must be True, False, or the id of the one migration"),
        pytest.param({"attempt": 0}, "attempt is 0", marks=pytest.mark.engine_too),
        ({"attempt": 1.5}, "attempt is 1.5"),
        ({"on_destroy": "delete"}, "on_destroy is 'delete', but must be one of leave, cancel"),
        ({"observe": "never"}, "observe is 'never', but must be one of diff, refresh"),
        ({"connection": {"regoin": "x"}}, "connection has no setting 'regoin'"),
        ({"connection": {"assume_roles": [{"role_arn": "admin"}]}}, "role_arn is 'admin', not the ARN"),
        (
            {"connection": {"endpoints": {"sts": "http://user:secret@localhost"}}},
            "connection.endpoints.sts holds credentials",
        ),
    ],
)
def test_bad_inputs_are_refused_by_name(project: Project, arguments: dict[str, Any], words: str) -> None:
    project.declare_feature_set(**arguments)
    for command in (project.preview, project.up):
        ran = command()
        assert ran.failed
        assert words in ran.text
        assert "Traceback" not in ran.text
        assert "user:secret" not in ran.text


def test_credentials_that_lead_to_another_organization(project: Project, org: Emulator) -> None:
    project.declare_feature_set(organization_id="o-somethingelse")
    assert_clean(project.up(), "organization-mismatch", org.organization_id, "o-somethingelse", "Nothing was")


def test_a_member_account(project: Project, org: Emulator) -> None:
    project.configure(org, org.invited[0])
    project.declare_feature_set()
    assert_clean(project.up(), "not-management-account", org.invited[0], org.management)


@pytest.mark.parametrize("scenario", [Scenario(feature_set=None)])
def test_no_organization(project: Project) -> None:
    project.declare_feature_set()
    assert_clean(project.up(), "no-organization", "aws organizations create-organization --feature-set ALL")


def test_no_credentials(project: Project) -> None:
    project.configure_with({"aws:accessKey": None, "aws:secretKey": None})
    project.declare_feature_set()
    assert_clean(project.up(), "credentials-missing", "AWS_PROFILE")


@pytest.mark.parametrize(
    ("settings", "reference", "words"),
    [
        pytest.param(
            "source_profile = mine\nrole_arn = arn:aws:iam::111111111111:role/Admin\n"
            "mfa_serial = arn:aws:iam::111111111111:mfa/me\n"
            "aws_access_key_id = A\naws_secret_access_key = S\n",
            "credentials-mfa-needed",
            ("'mine'", "mfa/me", "aws sts get-session-token"),
            marks=pytest.mark.engine_too,
        ),
        ("credential_process = sh -c 'read it'\n", "credentials-source-failed", ("'mine' (sh)", "status 1")),
        ("credential_process = cat /dev/tty\n", "credentials-source-failed", ("'mine' (cat)", "status 1")),
        (
            "web_identity_token_file = /nowhere\nrole_arn = x\n",
            "credentials-source-failed",
            ("/nowhere: No",),
        ),
        ("[profile mine]\n", "credentials-file-unreadable", ("from line 2", "config")),
    ],
)
def test_a_profile_that_gives_no_credentials(
    project: Project,
    org: Emulator,
    tmp_path: Path,
    settings: str,
    reference: str,
    words: tuple[str, ...],
) -> None:
    (tmp_path / "config").write_text(f"[profile mine]\n{settings}")
    project.set_environment(AWS_CONFIG_FILE=str(tmp_path / "config"))
    project.configure_with({"aws:profile": "mine", "aws:accessKey": None, "aws:secretKey": None})
    project.declare_feature_set()
    for command in (project.preview, project.up):
        ran = command()
        if command == project.up:
            assert_clean(ran, reference, *words)
        assert "Traceback" not in ran.text
    assert org.calls == {}


def test_credentials_that_aws_does_not_know(project: Project) -> None:
    project.configure_with({"aws:accessKey": "AKIAUNKNOWNUNKNOWNXX"})
    project.declare_feature_set()
    assert_clean(project.up(), "credentials-invalid", "get-caller-identity")


def test_expired_credentials(project: Project, org: Emulator) -> None:
    org.fail(
        "DescribeOrganization",
        error="ExpiredTokenException",
        message="The security token included in the request is expired",
        times=9,
    )
    project.declare_feature_set()
    assert_clean(project.up(), "credentials-expired", "Sign in again")


def test_a_role_that_cannot_be_assumed(project: Project, org: Emulator) -> None:
    role = f"arn:aws:iam::{org.invited[0]}:role/OrganizationAccountAccessRole"
    project.configure_with({"aws:assumeRole": {"roleArn": role}})
    project.declare_feature_set()
    assert_clean(project.up(), "role-not-assumed", "trust policy")


def test_an_endpoint_where_nobody_listens(project: Project) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    project.configure_with({"aws:endpoints": [{"organizations": url}]})
    project.declare_feature_set()
    assert_clean(project.up(), "endpoint-unreachable", url)


@pytest.mark.parametrize(
    ("operation", "reference"),
    [
        ("DescribeOrganization", "organizations:DescribeOrganization"),
        ("ListHandshakesForOrganization", "organizations:ListHandshakesForOrganization"),
    ],
)
def test_a_missing_permission_is_named(
    project: Project, org: Emulator, operation: str, reference: str
) -> None:
    denied = "User: x is not authorized to perform: y"
    org.fail(operation, error="AccessDeniedException", message=denied, times=9)
    project.declare_feature_set()
    assert_clean(project.up(), "access-denied", f"Allow the action {reference}")


@pytest.mark.parametrize(
    ("key", "account"), [("allowedAccountIds", "999999999999"), ("forbiddenAccountIds", "111111111111")]
)
def test_accounts_that_the_configuration_rules_out(
    project: Project, org: Emulator, key: str, account: str
) -> None:
    project.configure_with({f"aws:{key}": [account]})
    project.declare_feature_set()
    assert_clean(project.up(), "account-not-allowed", org.management, f"aws:{key}")
    assert set(org.calls) == {"GetCallerIdentity"}


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("aws:sharedConfigFiles", ["/etc/aws"], "AWS_CONFIG_FILE"),
        ("aws:assumeRoleWithWebIdentity", {"roleArn": "x"}, "AWS_WEB_IDENTITY_TOKEN_FILE"),
        pytest.param("aws:httpsProxy", "http://proxy", "HTTPS_PROXY", marks=pytest.mark.engine_too),
        ("aws:assumeRole", {"roleArn": "arn:aws:iam::111111111111:role/x", "policy": "{}"}, "sets policy"),
        ("aws:assumerole", {"roleArn": "arn:aws:iam::111111111111:role/x"}, "Did you mean aws:assumeRole?"),
        pytest.param("aws:profiles", "other", "Did you mean aws:profile?", marks=pytest.mark.engine_too),
        ("aws:skipMetadataApiCheck", "yes", "neither true nor false"),
    ],
)
def test_a_setting_that_would_change_who_acts_is_not_ignored(
    project: Project, org: Emulator, key: str, value: Any, words: str
) -> None:
    project.configure_with({key: value})
    project.declare_feature_set()
    for command in (project.preview, project.up):
        assert_clean(command(), "configuration-unsupported", words)
    assert org.calls == {}


def _declare_with(org: Emulator, provider: pulumi.ProviderResource) -> None:
    feature_set(org, opts=pulumi.ResourceOptions(provider=provider))


@pytest.mark.engine_too
def test_an_explicit_aws_provider_is_an_error(project: Project, org: Emulator) -> None:
    class AwsProvider(pulumi.ProviderResource):
        """A provider as a program names it, but unknown to the engine, which would want its plugin."""

        def __init__(self) -> None:
            self.package = "aws"

    project.declare(partial(_declare_with, org, AwsProvider()))
    assert_clean(project.up(), "provider-ignored", "the stack's own credentials would be used")


@pytest.mark.engine_too
def test_wrong_credentials_do_not_make_it_gone(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    project.up()
    org.reset_calls()
    stranger = org.invite()  # not a member until it joins
    for account_id in (org.invited[0], stranger):
        project.configure(org, account_id)
        assert project.refresh(run_program=True).failed
    project.configure_with({"aws:accessKey": "AKIAUNKNOWNUNKNOWNXX"})
    assert project.refresh(run_program=True).failed
    assert project.kept()["status"] == "AWAITING_APPROVALS"


@pytest.mark.parametrize("own", [False, True])
def test_a_refresh_and_a_destroy_say_that_who_acts_comes_from_the_state(
    project: Project, org: Emulator, monkeypatch: pytest.MonkeyPatch, own: bool
) -> None:
    keys = org.credentials(org.management)
    if own:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys.access_key_id)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
        url = org.endpoint
        connection = ConnectionArgs(region="us-east-1", endpoints={"organizations": url, "sts": url})
        project.declare_feature_set(connection=connection, on_destroy="cancel")
    else:
        project.declare_feature_set(on_destroy="cancel")
    project.up()
    if own:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    else:
        org.fail("*", error="UnrecognizedClientException", status=403, times=99)
    reference = "credentials-missing" if own else "credentials-invalid"
    words = ("`connection` in the state", "`pulumi up`") if own else ("--run-program",)
    org.reset_calls()
    for command in (project.refresh, project.destroy):
        assert_clean(command(), reference, *words)
    ran = project.up()
    assert ran.failed
    assert "the state holds" not in ran.text


def test_one_resource_never_stands_for_another_organization(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    project.up()
    org.reset_calls()
    project.declare_feature_set(organization_id="o-somethingelse")
    for command in (project.preview, project.up):
        ran = command()
        assert ran.failed
        assert f"organization_id can't be changed ({ORGANIZATION} to o-somethingelse)" in ran.text


def test_a_connection_of_its_own_does_not_borrow_the_stacks_keys(project: Project, org: Emulator) -> None:
    project.declare_feature_set(
        connection=ConnectionArgs(region="us-east-1", endpoints={"organizations": org.endpoint})
    )
    assert_clean(project.up(), "credentials-missing")
    assert org.calls == {}
