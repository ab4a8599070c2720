"""A command in a Pulumi project: the configuration it acts by, the note about that, and what wins over it."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click
import pytest
from click.testing import CliRunner, Result

from aws_org_features.aws import AssumeRole, Connection, Endpoints
from aws_org_features.aws.connection import StaticKeys
from aws_org_features.cli.acting import Acting, by_stack
from aws_org_features.cli.options import ONLY_ORGANIZATION, connected
from aws_org_features.cli.stack import ask
from tests.cli.conftest import environment_of, error_of

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator
    from aws_org_features.cli.acting import Acts
    from tests.cli.conftest import InvokeIn

ROLE: Final = "arn:aws:iam::111111111111:role/organization"
URL: Final = "https://127.0.0.1:4599"
NOBODY: Final = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
"""The environment says nothing of who acts."""


@dataclass
class Project:
    """A Pulumi project, with the working directory below it.

    Attributes:
        folder: Its folder.
        home: Pulumi's own folder.
    """

    folder: Path
    home: Path

    def says(self, text: str = "", ending: str = "yaml") -> None:
        """Write the project's own file."""
        (self.folder / f"Pulumi.{ending}").write_text(text or "name: fleet\nruntime: python\n")

    def configures(self, stack: str, config: dict[str, Any], **others: Any) -> None:
        """Write a stack's file; JSON is YAML."""
        (self.folder / f"Pulumi.{stack}.yaml").write_text(json.dumps({"config": config, **others}))

    def selects(self, settings: dict[str, Any]) -> None:
        """Have Pulumi's own folder say which stack is selected."""
        of_path = hashlib.sha1(str(self.folder / "Pulumi.yaml").encode()).hexdigest()  # noqa: S324
        file = self.home / "workspaces" / f"fleet-{of_path}-workspace.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(settings))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project without stacks; `pulumi` isn't on PATH."""
    made = Project(tmp_path / "fleet", tmp_path / "home")
    (made.folder / "below").mkdir(parents=True)
    made.home.mkdir()
    made.says()
    monkeypatch.chdir(made.folder / "below")
    monkeypatch.delenv("PULUMI_STACK", raising=False)
    monkeypatch.setenv("PULUMI_HOME", str(made.home))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return made


@pytest.fixture
def dev(project: Project) -> Project:
    """One with a stack that is selected."""
    project.configures("dev", {"aws:profile": "management", "fleet:organizationId": "o-exampleorg1"})
    project.selects({"stack": "dev"})
    return project


def pulumi(tmp_path: Path, script: str) -> Path:
    """Put a program on PATH that stands in for Pulumi's; gives the file to which it writes its arguments."""
    program = tmp_path / "bin" / "pulumi"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >>"$0.told"\n{script}\n')
    program.chmod(0o755)
    return program.with_name("pulumi.told")


def acting(*arguments: str, **environment: str) -> tuple[Acting, str]:
    """The caller by options, environment and project; and the note about it."""
    made: list[Acting] = []

    @click.command()
    @ONLY_ORGANIZATION
    @connected
    @by_stack
    def keep(organization_id: str | None, acts: Acts) -> None:
        made.append(acts(organization_id))

    result = CliRunner().invoke(keep, arguments, env=environment)
    assert result.exit_code == 0, (result.output, result.exception)
    return made[0], result.stderr


def run(invoke_in: InvokeIn, *arguments: str, **environment: str) -> Result:
    """Run the command where the environment says nothing of who acts."""
    return invoke_in(None, *arguments, **{**NOBODY, **environment})


SAID: Final = "using stack dev's configuration (aws:profile management, fleet:organizationId o-exampleorg1)\n"
BY_DEV: Final = Acting(Connection("management"), "o-exampleorg1")


@pytest.mark.parametrize(
    ("settings", "arguments", "environment"),
    [
        pytest.param({"stack": "dev"}, (), {}, id="selected"),
        pytest.param({"stack": "organization/fleet/dev"}, (), {}, id="by its whole name"),
        pytest.param({"stacks": {"s3://one": "a/fleet/dev"}}, (), {}, id="in its only backend"),
        pytest.param(
            {"stack": "prod", "stacks": {"s3://one": "prod", "s3://two": "dev"}},
            (),
            {"PULUMI_BACKEND_URL": "s3://two"},
            id="in the environment's backend",
        ),
        pytest.param({"stack": "prod"}, (), {"PULUMI_STACK": "dev"}, id="PULUMI_STACK"),
        pytest.param({"stack": "prod"}, ("--stack", "dev"), {}, id="--stack"),
        pytest.param({"stack": "prod"}, ("--stack", "a/fleet/dev"), {}, id="--stack, its whole name"),
        pytest.param({}, ("--stack", "dev"), {"AWS_PROFILE": "mine"}, id="--stack, over the environment"),
    ],
)
def test_a_stack_says_who_acts(
    dev: Project, settings: dict[str, Any], arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    dev.configures("prod", {"aws:profile": "other"})
    dev.selects(settings)
    assert acting(*arguments, **environment) == (BY_DEV, SAID)


def test_pulumis_folder_is_in_the_users_home_wherever_home_points(
    dev: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PULUMI_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "elsewhere"))
    user = pwd.struct_passwd(("me", "x", os.getuid(), 0, "", str(tmp_path), "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", {os.getuid(): user}.__getitem__)
    dev.home.rename(tmp_path / ".pulumi")
    assert acting(**NOBODY) == (BY_DEV, SAID)

    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert acting(**NOBODY) == (BY_DEV, SAID)


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (("--profile", "mine"), {}, ""),
        (("--assume-role", ROLE), {}, ""),
        (("--endpoint-url", URL), {}, ""),
        ((), {"AWS_PROFILE": "mine"}, "AWS_PROFILE"),
        ((), {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE"}, "AWS_ACCESS_KEY_ID"),
        ((), {"AWS_WEB_IDENTITY_TOKEN_FILE": "token"}, "AWS_WEB_IDENTITY_TOKEN_FILE"),
        ((), {"PULUMI_STACK": ""}, ""),
    ],
)
def test_options_and_the_environment_win_over_the_selected_stack(
    dev: Project, arguments: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    del dev
    found, told = acting(*arguments, **environment)
    assert found.organization_id is None
    assert found.connection.profile == ("mine" if "--profile" in arguments else None)
    expected = f"using {said}; --stack dev uses that stack's configuration instead\n" if said else ""
    assert told == expected


def test_options_without_credentials_leave_those_to_the_stack(dev: Project) -> None:
    del dev
    found, told = acting(
        *("--organization-id", "o-otherorg99", "--region", "eu-west-1", "--forbidden-account-id", "2" * 12),
        AWS_REGION="eu-central-1",
    )
    forbidden = frozenset({"2" * 12})
    assert found == (Connection("management", "eu-west-1", forbidden_accounts=forbidden), "o-otherorg99")
    assert told == "using stack dev's configuration (aws:profile management)\n"


def test_an_option_stands_in_for_what_the_named_stack_says_of_the_same(project: Project) -> None:
    project.configures(
        "dev",
        {
            "aws:accessKey": "AKIAEXAMPLE",
            "aws:secretKey": "hidden",
            "aws:region": "eu-west-1",
            "aws:assumeRole": {"roleArn": ROLE},
            "aws:endpoints": [{"sts": URL}],
            "aws:allowedAccountIds": ["1" * 12],
            "aws:forbiddenAccountIds": ["3" * 12],
        },
    )
    found, said = acting("--stack", "dev")
    assert found.connection == Connection(
        region="eu-west-1",
        keys=StaticKeys("AKIAEXAMPLE", "hidden"),
        assume_roles=(AssumeRole(ROLE),),
        endpoints=Endpoints(sts=URL),
        allowed_accounts=frozenset({"1" * 12}),
        forbidden_accounts=frozenset({"3" * 12}),
    )
    assert f"(aws:accessKey, aws:assumeRole {ROLE}, aws:endpoints, aws:allowedAccountIds, aws:forb" in said
    assert "AKIAEXAMPLE" not in said

    another = ROLE.replace("organization", "another")
    options = ("--profile", "mine", "--assume-role", another, "--endpoint-url", URL)
    accounts = ("--allowed-account-id", "2" * 12, "--forbidden-account-id", "4" * 12)
    found, said = acting("--stack", "dev", *options, *accounts)
    assert found.connection == Connection(
        "mine",
        "eu-west-1",
        assume_roles=(AssumeRole(another),),
        endpoints=Endpoints(URL, URL, URL),
        allowed_accounts=frozenset({"2" * 12}),
        forbidden_accounts=frozenset({"3" * 12, "4" * 12}),
    )
    assert said == "using stack dev's configuration (aws:forbiddenAccountIds)\n"


@pytest.mark.parametrize(
    ("config", "profile", "key"),
    [
        ({"org-features:profile": "native"}, "native", "org-features:profile"),
        ({"aws:profile": "dynamic", "org-features:profile": "native"}, "native", "org-features:profile"),
        ({"aws:config:profile": "old"}, "old", "aws:profile"),
    ],
)
def test_the_native_providers_settings_win_over_pulumi_aws_s(
    dev: Project, config: dict[str, str], profile: str, key: str
) -> None:
    dev.configures("dev", config)
    found, said = acting()
    assert found.connection == Connection(profile)
    assert said == f"using stack dev's configuration ({key} {profile})\n"


@pytest.mark.parametrize(
    ("said", "ending"),
    [
        ("config:\n  aws:profile: management\n  organizationId: o-exampleorg1\n", "yaml"),
        ("config:\n  aws:profile: {value: management}\n  organizationId: {default: o-exampleorg1}\n", "yml"),
        ('"config": {"aws:profile": "management", "organizationId": "o-exampleorg1"}}', "json"),
    ],
)
def test_the_projects_settings_for_all_stacks_are_used(project: Project, said: str, ending: str) -> None:
    (project.folder / "Pulumi.yaml").unlink()
    project.says(('{"name": "fleet", ' if ending == "json" else "name: fleet\n") + said, ending)
    assert acting(PULUMI_STACK="dev") == (BY_DEV, SAID)


def test_the_environment_may_name_the_projects_folder(dev: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert acting(AWS_ORG_FEATURES_PROJECT=str(dev.folder)) == (BY_DEV, SAID)


@pytest.mark.parametrize("setting", ["stackConfigDir", "config"])
def test_stacks_files_may_be_in_a_folder_of_their_own(project: Project, setting: str) -> None:
    project.says(f"name: fleet\n{setting}: stacks\n")
    (project.folder / "stacks").mkdir()
    # As somebody types it: an id of an account is a text, which Pulumi itself takes for an octal number.
    (project.folder / "stacks" / "Pulumi.dev.yaml").write_text(
        "config:\n  aws:allowedAccountIds: [012345670123]\n  aws:profile:\n  organizationId: o-exampleorg1\n"
    )
    found, _ = acting(PULUMI_STACK="dev")
    assert found == (Connection(allowed_accounts=frozenset({"012345670123"})), "o-exampleorg1")


@pytest.mark.parametrize("organization", ["", "exampleorg1", "12345"])
def test_without_an_organizations_id_it_is_the_one_that_the_credentials_lead_to(
    dev: Project, organization: str
) -> None:
    dev.configures("dev", {"aws:profile": "management", "fleet:organizationId": organization})
    found, said = acting()
    assert found.organization_id is None
    assert said == "using stack dev's configuration (aws:profile management)\n"


def test_a_stack_without_settings_is_reported_only_if_it_is_named(project: Project) -> None:
    project.configures("dev", {"aws:defaultTags": {"tags": {"a": {"secure": "v1:x"}}}, "other:profile": "x"})
    project.selects({"stack": "dev"})
    assert acting() == (Acting(Connection(), None), "")
    assert acting("--stack", "dev")[1] == "stack dev's configuration has no credentials\n"


SECRETS: Final = {"aws:accessKey": "AKIAEXAMPLE", "aws:secretKey": {"secure": "v1:hidden"}}
TOLD: Final = {
    "aws:accessKey": {"value": "AKIAEXAMPLE", "secret": False},
    "aws:secretKey": {"value": "decrypted", "secret": True},
    "aws:assumeRoles": {"value": json.dumps([{"roleArn": ROLE, "externalId": "its-id"}]), "secret": True},
    "organizationId": {"value": "o-exampleorg1"},
}


@pytest.mark.parametrize(
    "others",
    [
        pytest.param({"config": SECRETS}, id="secrets"),
        pytest.param({"config": {}, "environment": ["aws/management"]}, id="an environment of Pulumi ESC"),
    ],
)
def test_pulumi_decrypts_and_what_it_says_is_never_printed(
    project: Project, tmp_path: Path, others: dict[str, Any]
) -> None:
    project.configures("dev", **others)
    project.selects({"stack": "organization/fleet/dev"})
    asked = pulumi(tmp_path, f"printf '%s' '{json.dumps(TOLD)}'")
    found, said = acting()
    assert found.connection.keys == StaticKeys("AKIAEXAMPLE", "decrypted")
    assert found.connection.assume_roles == (AssumeRole(ROLE, "its-id"),)
    assert said == (
        "using stack dev's configuration (aws:accessKey, aws:assumeRoles, "
        "fleet:organizationId o-exampleorg1)\n"
    )
    assert "decrypted" not in repr(found)
    assert asked.read_text() == (
        "config --json --show-secrets --stack organization/fleet/dev --non-interactive\n"
    )


@pytest.mark.parametrize(
    ("script", "reference", "told"),
    [
        pytest.param(None, "stack-unreadable", "`pulumi` isn't on PATH", id="no pulumi"),
        pytest.param(
            "echo 'error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or …' >&2; exit 255",
            "stack-passphrase-needed",
            "its passphrase isn't set. Set PULUMI_CONFIG_PASSPHRASE or ",
            id="no passphrase",
        ),
        pytest.param(
            "echo 'error: incorrect passphrase' >&2; exit 255",
            "stack-passphrase-needed",
            "its passphrase isn't the right one. Set PULUMI_CONFIG_PASSPHRASE or ",
            id="another passphrase",
        ),
        pytest.param(
            "echo \"error: no stack named 'dev' found\" >&2; exit 6",
            "stack-not-found",
            "Pulumi knows no stack dev in its present backend.",
            id="another backend",
        ),
        pytest.param(
            "echo 'error: a-canary' >&2; exit 3", "stack-unreadable", "`pulumi` failed", id="another error"
        ),
        pytest.param("exec sleep 60", "stack-unreadable", "gave no answer in 0.2 seconds", id="no answer"),
    ],
)
def test_settings_that_cant_be_decrypted_are_an_error_and_nobody_else_acts(
    dev: Project,
    org: Emulator,
    invoke_in: InvokeIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str | None,
    reference: str,
    told: str,
) -> None:
    dev.configures("dev", SECRETS)
    monkeypatch.setattr(ask, "SECONDS", 0.2 if script and "sleep" in script else 60)
    if script:
        pulumi(tmp_path, f'PATH="{os.defpath}"\n{script}')
    result = run(invoke_in, "status")
    found, text = error_of(result)
    assert (found, told in text) == (reference, True), text
    assert "canary" not in result.output
    assert org.calls == {}


def test_pulumi_never_prompts_for_a_secret(dev: Project, tmp_path: Path) -> None:
    dev.configures("dev", SECRETS)
    pulumi(tmp_path, f"read answer && printf %s canary || printf '%s' '{json.dumps(TOLD)}'")
    answers, typed = os.pipe()
    os.write(typed, b"yes\n")
    os.close(typed)
    before = os.dup(0)
    os.dup2(answers, 0)
    try:
        found, _ = acting()
    finally:
        os.dup2(before, 0)
        os.close(before)
        os.close(answers)
    assert found.connection.keys == StaticKeys("AKIAEXAMPLE", "decrypted")


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("Pulumi.dev.yaml", "config:\n  aws:secretKey: [a-canary", "it isn't YAML, "),
        ("Pulumi.yaml", "\t: a-canary", "it isn't YAML, "),
        ("Pulumi.json", "{'a-canary'", "it isn't JSON. "),
    ],
)
def test_a_file_that_cant_be_read_is_named_and_never_quoted(
    dev: Project, invoke_in: InvokeIn, file: str, text: str, told: str
) -> None:
    (dev.folder / file).write_text(text)
    result = run(invoke_in, "status")
    reference, said = error_of(result)
    assert (reference, f"{file} can't be read: {told}" in said) == ("stack-unreadable", True), said
    assert "canary" not in result.output


def test_a_missing_stack_is_reported_with_the_existing_ones(
    dev: Project, invoke_in: InvokeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    dev.configures("prod", {})
    reference, text = error_of(run(invoke_in, "status", "--stack", "prd"))
    assert reference == "stack-not-found"
    assert "Project fleet has no stack prd: there is no Pulumi.prd.yaml" in text
    assert "There are files of dev, prod." in text
    monkeypatch.chdir("/")
    reference, text = error_of(run(invoke_in, "status", "--stack", "dev"))
    assert (reference, "There is no Pulumi project here" in text) == ("stack-not-found", True)


@pytest.mark.parametrize(
    ("config", "arguments", "environment", "reference", "told"),
    [
        pytest.param(
            {"aws:profile": "gone"},
            (),
            {},
            "credentials-missing",
            "Set `aws:profile` in the configuration of stack dev, or AWS_PROFILE, to an existing one",
            id="a stack's profile",
        ),
        pytest.param(
            {"org-features:profile": "gone"},
            (),
            {},
            "credentials-missing",
            "Set `org-features:profile` in the configuration of stack dev, or AWS_PROFILE, to an existing",
            id="the native provider's profile",
        ),
        pytest.param(
            {"aws:profile": "gone"},
            (),
            {"AWS_PROFILE": "mine"},
            "credentials-missing",
            "Set --profile, or AWS_PROFILE, to an existing one",
            id="the environment's profile",
        ),
        pytest.param(
            {"fleet:organizationId": "o-otherorg99"},
            ("--stack", "dev"),
            {},
            "organization-mismatch",
            "but fleet:organizationId of stack dev says o-otherorg99. Use credentials of that organization's "
            "management account, or say --organization-id.",
            id="the project's organization",
        ),
        pytest.param(
            {"aws:region": "us-east-1", "aws:endpoints": [{"organizations": "http://127.0.0.1:9"}]},
            ("--stack", "dev"),
            {},
            "endpoint-unreachable",
            "and `aws:endpoints` of stack dev if you set it. Run the command again.",
            id="a stack's endpoint",
        ),
        pytest.param(
            {"aws:httpProxy": "http://127.0.0.1:9"},
            (),
            {},
            "configuration-unsupported",
            "The configuration of stack dev sets aws:httpProxy, which would change the credentials or "
            "the endpoint, and isn't supported here. Instead, set HTTP_PROXY in the environment; or give "
            "credentials with --profile.",
            id="a setting that isn't followed",
        ),
        pytest.param(
            {"org-features:profil": "mine"},
            (),
            {},
            "configuration-unsupported",
            "The configuration of stack dev sets org-features:profil, which pulumi-aws doesn't have. Did you "
            "mean org-features:profile?",
            id="a misspelled setting",
        ),
    ],
)
def test_an_error_speaks_of_where_the_setting_came_from(
    dev: Project,
    org: Emulator,
    invoke_in: InvokeIn,
    config: dict[str, Any],
    arguments: tuple[str, ...],
    environment: dict[str, str],
    reference: str,
    told: str,
) -> None:
    dev.configures("dev", config)
    keys = environment_of(org, org.management)
    acts = {} if environment or not arguments else {name: str(keys[name]) for name in NOBODY}
    found, text = error_of(run(invoke_in, "status", *arguments, **acts, **environment))
    assert (found, told in text) == (reference, True), text


def test_a_command_acts_by_the_stack_and_one_that_asks_aws_nothing_doesnt_look(
    dev: Project, org: Emulator, invoke_in: InvokeIn, tmp_path: Path
) -> None:
    keys = org.credentials(org.management)
    dev.configures(
        "dev",
        {
            "aws:accessKey": keys.access_key_id,
            "aws:secretKey": keys.secret_access_key,
            "aws:endpoints": [dict.fromkeys(("organizations", "sts", "iam"), org.endpoint)],
            "fleet:organizationId": org.organization_id,
        },
    )
    by_itself = {"AWS_ENDPOINT_URL": ""}
    said = (
        "using stack dev's configuration (aws:accessKey, aws:endpoints, fleet:organizationId o-exampleorg1)"
    )
    org.enable_all_features()
    for arguments, code in (
        (("status",), 3),
        (("report", "--markdown"), 0),
        (("approve", "--role-name", "AllFeaturesApprover"), 3),
        (("approval-kit", "--to", str(tmp_path / "kit")), 0),
        (("iam-policy", "--for", "member"), 0),
        (("plan", "--json"), 0),
        (("watch", "--until", "approved"), 6),
    ):
        if arguments[0] == "watch":
            org.approve_all()
        result = run(invoke_in, *arguments, **by_itself)
        assert (result.exit_code, result.stderr.partition("\n")[0]) == (code, said), result.output
        assert keys.secret_access_key not in result.output
    ids = ("--organization-id", "o-exampleorg1", "--management-account-id", org.management)
    assert run(invoke_in, "iam-policy", "--for", "member", *ids, **by_itself).stderr == ""
    assert "--stack" not in run(invoke_in, "evidence", "probe", "--help").output
