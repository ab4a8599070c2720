"""The options that subcommands share: who acts, and where."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from aws_org_emulator import Member, Scenario
from aws_org_features.aws import AssumeRole, Connection, Endpoints, bounded_requests, clients
from aws_org_features.cli.exit_codes import Exit
from aws_org_features.cli.options import connected
from aws_org_features.cli.render import output
from aws_org_features.common import errors
from tests.cli.conftest import error_of

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.cli.conftest import Invoke

FIRST = "222222222222"
ROLES = tuple(f"arn:aws:iam::{n}:role/organization" for n in ("111111111111", "222222222222"))


@pytest.mark.parametrize(
    ("arguments", "account", "reference"),
    [
        (("--organization-id", "o-otherorg99"), None, "organization-mismatch"),
        ((), FIRST, "not-management-account"),
        (("--profile", "nobody"), None, "credentials-missing"),
        (("--endpoint-url", "http://127.0.0.1:9"), None, "endpoint-unreachable"),
        (("--assume-role", "arn:aws:iam::222222222222:role/Nobody"), None, "role-not-assumed"),
    ],
)
def test_an_error_that_a_person_can_fix_is_one_line(
    org: Emulator,
    invoke: Invoke,
    tmp_path: Path,
    arguments: tuple[str, ...],
    account: str | None,
    reference: str,
) -> None:
    org.enable_all_features()
    result = invoke("approval-kit", "--to", str(tmp_path / "kit"), *arguments, account=account)
    assert error_of(result)[0] == reference
    assert not (tmp_path / "kit").exists()


def made_of(*arguments: str, **environment: str) -> Connection:
    """The connection that options make."""
    made: list[Connection] = []

    @click.command()
    @connected
    def keep(connection: Connection) -> None:
        made.append(connection)

    result = CliRunner().invoke(keep, arguments, env=environment)
    assert result.exit_code == 0, result.output
    return made[0]


def test_options_make_the_connection() -> None:
    assert made_of() == Connection()
    assert made_of("--profile", "p", "--region", "eu-west-1") == Connection("p", "eu-west-1")
    url = "https://127.0.0.1:4599"
    assert made_of("--endpoint-url", url) == Connection(endpoints=Endpoints(url, url, url))


@pytest.mark.parametrize(
    ("variables", "external_ids"),
    [
        ((), (None, None)),
        (("FIRST",), ("one", None)),
        (("FIRST", "SECOND"), ("one", "two")),
        (("", "SECOND"), (None, "two")),
    ],
)
def test_external_ids_come_from_the_environment_alone(
    variables: tuple[str, ...], external_ids: tuple[str | None, ...]
) -> None:
    roles = [word for arn in ROLES for word in ("--assume-role", arn)]
    named = [word for name in variables for word in ("--external-id-env", name)]
    made = made_of(*roles, *named, FIRST="one", SECOND="two")
    assert made.assume_roles == tuple(map(AssumeRole, ROLES, external_ids))


def test_an_external_id_that_isnt_there_is_reported_by_its_name() -> None:
    command = click.command()(connected(lambda connection: connection))
    result = CliRunner().invoke(command, ["--assume-role", ROLES[0], "--external-id-env", "NO_SUCH_NAME"])
    assert (result.exit_code, "NO_SUCH_NAME" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    "scenario",
    [Scenario(members=(Member("666666666666", access_role="Reader", external_id="a-secret-id"),))],
)
def test_a_role_is_assumed_and_its_external_id_shows_nowhere(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    role = ("--assume-role", "arn:aws:iam::666666666666:role/Reader", "--external-id-env", "EXTERNAL_ID")
    policy = invoke("iam-policy", "--for", "member", *role, EXTERNAL_ID="a-secret-id")
    assert policy.exit_code == 0, policy.output
    assert org.log == [("AssumeRole", org.management), ("DescribeOrganization", "666666666666")]
    wrong = invoke("iam-policy", "--for", "member", *role, EXTERNAL_ID="another-secret-id")
    assert error_of(wrong)[0] == "role-not-assumed"
    org.enable_all_features()
    kit = invoke("approval-kit", "--to", str(tmp_path), "--json", *role, EXTERNAL_ID="a-secret-id")
    assert error_of(kit)[0] == "not-management-account"
    assert "secret" not in policy.output + wrong.output + kit.output


DEAD = ("--endpoint-url", "http://someone:a-password@127.0.0.1:9")


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_it_says_early_on_that_nothing_answers_and_speaks_of_the_command(
    invoke: Invoke, as_json: tuple[str, ...]
) -> None:
    result = invoke("status", *DEAD, *as_json)
    assert result.exit_code == Exit.FAILED
    first, second = result.stderr.splitlines()
    assert first == "no answer from 127.0.0.1:9 yet: still trying"
    assert second.startswith("error: endpoint-unreachable: DescribeOrganization got no response: ")
    assert second.endswith("Check your network, and --endpoint-url if you set it. Run the command again.")
    assert "pulumi" not in result.output
    assert "a-password" not in first


def test_it_says_that_it_waits_where_something_listens_and_never_answers(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_requests, "SOON", 0.1)
    monkeypatch.setattr(clients, "_READ_WHOLE_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        result = invoke("status", "--endpoint-url", f"http://{address}")
    assert result.stderr.splitlines()[0] == f"no answer from {address} yet: still trying"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            errors.ThrottledError("Too many.", "Run `pulumi up` again: it continues where this one stopped."),
            "",
        ),
        (errors.CredentialsExpiredError("It ended.", "Sign in again, and run `pulumi up` again."), ""),
        (errors.EndpointUnreachableError("Nothing.", "Look at `aws:endpoints`."), "Look at --endpoint-url."),
    ],
)
def test_an_error_speaks_of_the_command(
    error: errors.OrgFeaturesError, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output.tell(error, as_json=True)
    told = capsys.readouterr()
    for text in (told.err, json.loads(told.out)["error"]["next_step"]):
        assert (said or "un the command again.") in text
        assert "pulumi" not in text
