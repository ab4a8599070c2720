"""The command `aws-org-emulator` as users have it, and the AWS CLI pointed at it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from aws_org_emulator import Emulator, cli
from aws_org_emulator.cli.commands import main
from aws_org_emulator.people.clients import Clients
from tests.emulator.conftest import Start
from tests.harness.signals import printed_until_sigterm

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(emulator: Emulator) -> Any:
    """Runs a subcommand against the emulator."""

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "--endpoint", emulator.endpoint])

    return call


def test_approving_says_a_line_for_each_account(emulator: Emulator, run: Any) -> None:
    assert run("approve", "--all").output == "nobody is asked\n"
    emulator.enable_all_features()
    first, *others = emulator.invited
    one = run("approve", first)
    assert (one.exit_code, one.output) == (0, f"{first} approved {emulator.children[0]['Id']}\n")
    rest = run("approve", "--all")
    assert rest.exit_code == 0
    assert [line.split()[:2] for line in rest.output.splitlines()] == [[each, "approved"] for each in others]
    assert not emulator.calls
    emulator.finalize()
    assert emulator.feature_set == "ALL"


def test_requests_that_cannot_be_approved_are_reported_and_the_others_approved(
    emulator: Emulator, run: Any
) -> None:
    emulator.enable_all_features()
    result = run("approve", "999999999999", emulator.created[0], emulator.invited[0])
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{emulator.invited[0]} approved h-")
    unknown, nothing = result.stderr.splitlines()
    assert unknown.startswith("999999999999 not approved: UnrecognizedClientException: ")
    assert nothing == "333333333333 not approved: 333333333333 has nothing pending to answer"


@pytest.mark.parametrize("arguments", [(), ("222222222222", "--all")])
def test_approve_wants_accounts_or_all(run: Any, arguments: tuple[str, ...]) -> None:
    result = run("approve", *arguments)
    assert result.exit_code == 2
    assert "Name accounts, or say --all." in result.output


def test_declining_and_canceling(emulator: Emulator, run: Any) -> None:
    nothing = run("cancel")
    assert nothing.exit_code == 1
    assert nothing.output == "Error: 111111111111 has nothing pending to answer\n"
    parent = emulator.enable_all_features()
    assert run("decline", emulator.invited[1]).output.startswith(f"{emulator.invited[1]} declined h-")
    assert emulator.children[1]["State"] == "DECLINED"
    assert run("cancel").output == f"canceled {parent['Id']}\n"
    assert emulator.children[2]["State"] == "CANCELED"


def test_status_and_time(emulator: Emulator, run: Any) -> None:
    assert "migration: none yet" in run("status").output
    parent = emulator.enable_all_features()
    shown = run("status").output
    assert f"organization {emulator.organization_id}: CONSOLIDATED_BILLING" in shown
    assert f"migration: {parent['Id']} REQUESTED" in shown
    for child in emulator.children:
        assert child["Id"] in shown
    assert run("advance", "--days", "90").output.startswith("it is now ")
    assert f"{parent['Id']} EXPIRED" in run("status").output
    assert run("advance", "--days", "-1").exit_code == 2


def test_nobody_there_is_one_plain_line() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: refuses
        endpoint = f"http://127.0.0.1:{unused.getsockname()[1]}"
        result = CliRunner().invoke(main, ["status", "--endpoint", endpoint])
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: no emulator answers at {endpoint}: ")
    assert len(result.output.splitlines()) == 1


def test_an_endpoint_that_is_no_url_is_one_plain_line() -> None:
    result = CliRunner().invoke(main, ["status", "--endpoint", "file:///etc/passwd"])
    assert (result.exit_code, result.output) == (1, "Error: file:///etc/passwd is no http URL\n")


@pytest.mark.parametrize("wrong", [("--organization-id", "x"), ("--management-id", "1"), ("--invited", "-1")])
def test_a_scenario_that_makes_no_sense_is_one_plain_line(wrong: tuple[str, str]) -> None:
    result = CliRunner().invoke(main, [*wrong, "--port", "0"])
    assert result.exit_code in {1, 2}
    assert "Traceback" not in result.output
    assert wrong[1] in result.output


# As processes of their own


@pytest.fixture
def serving() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command on a free port, and its endpoint."""
    options = ["--port", "0", "--created", "1", "--handshake-actions", "model", "--no-children-shown"]
    program = [str(BIN / "aws-org-emulator"), *options]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        endpoint = process.stdout.readline().split()[-1]
        try:
            yield process, endpoint
        finally:
            process.kill()


def printed_by(process: subprocess.Popen[str]) -> str:
    """The rest of what a process that is ending prints; communicate() would miss what was read ahead."""
    assert process.stdout is not None
    printed = process.stdout.read()
    process.wait(timeout=60)
    return printed


def aws(home: Path, profile: str, *arguments: str) -> Any:
    """The AWS CLI's answer, with an emulator's config file and nothing else."""
    environment = {key: each for key, each in os.environ.items() if not key.startswith("AWS_")}
    environment |= {"AWS_CONFIG_FILE": str(home / "config"), "HOME": str(home)}
    program = [str(BIN / "aws"), "organizations", *arguments, "--profile", profile, "--output", "json"]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_aws_cli_sees_what_the_command_serves(
    serving: tuple[subprocess.Popen[str], str], tmp_path: Path
) -> None:
    process, endpoint = serving
    config = CliRunner().invoke(main, ["aws-config", "--endpoint", endpoint])
    (tmp_path / "config").write_text(config.output)
    profiles = [line for line in config.output.splitlines() if line.startswith("[")]
    accounts = ("management", "222222222222", "222222222223", "222222222224", "333333333333")
    assert profiles == [f"[profile {each}]" for each in accounts]

    parent = aws(tmp_path, "management", "enable-all-features")["Handshake"]
    assert (parent["Action"], parent["State"]) == ("APPROVE_ALL_FEATURES", "REQUESTED")
    (child,) = aws(tmp_path, "222222222222", "list-handshakes-for-account")["Handshakes"]
    assert (child["Action"], child["State"]) == ("ENABLE_ALL_FEATURES", "OPEN")
    CliRunner().invoke(main, ["approve", "--all", "--endpoint", endpoint])
    aws(tmp_path, "management", "accept-handshake", "--handshake-id", parent["Id"])
    described = aws(tmp_path, "222222222223", "describe-organization")["Organization"]
    assert (described["Id"], described["FeatureSet"]) == ("o-exampleorg1", "ALL")

    assert CliRunner().invoke(main, ["stop", "--endpoint", endpoint]).output == "stopping\n"
    printed = printed_by(process)
    assert process.returncode == 0
    assert "EMULATOR222222222222" in printed
    assert "200  111111111111  EnableAllFeatures" in printed
    assert "200  222222222222  AcceptHandshake" in printed
    assert printed.endswith("stopped\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_cleanly(serving: tuple[subprocess.Popen[str], str], number: signal.Signals) -> None:
    process, endpoint = serving
    taken = CliRunner().invoke(main, ["--port", endpoint.rpartition(":")[2]])
    assert taken.exit_code == 1
    assert taken.output.startswith("Error: can't listen on 127.0.0.1:")
    process.send_signal(number)
    printed = printed_by(process)
    assert (process.returncode, printed.endswith("stopped\n")) == (0, True)


@pytest.mark.parametrize("line", range(12))
def test_a_signal_ends_it_at_each_line_before_it_waits(line: int) -> None:
    load = "from aws_org_emulator.cli import commands, output"
    call = "commands.main(['--port', '0', '--quiet'])"
    assert printed_until_sigterm(line, load, "output, 'show'", call).endswith("stopped\n")


def test_it_listens_on_this_machine_alone_unless_configured(start: Start) -> None:
    assert start().endpoint.startswith("http://127.0.0.1:")


def test_the_container_is_made_of_what_is_there() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copied = [word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]]
    assert copied
    assert all((ROOT / each).exists() for each in copied)
    (base,) = [line for line in lines if line.startswith("FROM")]
    assert re.fullmatch(r"FROM python:3\.\d+\.\d+-slim-\w+@sha256:[0-9a-f]{64}", base), (
        "pinned, as the tag may move"
    )
    # Each installation either requires the sums of what it fetches, or fetches nothing.
    installs = [line.partition("pip install")[2].split() for line in lines if "pip install" in line]
    assert installs
    for options in installs:
        assert "--require-hashes" in options or {"--no-deps", "--no-build-isolation"} <= set(options)
    entry = json.loads(next(line for line in lines if line.startswith("ENTRYPOINT")).partition(" ")[2])
    assert CliRunner().invoke(main, [*entry[1:], "--help"]).exit_code == 0


@pytest.mark.parametrize("name", ["click", "flask", "flask_cors", "moto", "rich", "yaml"])
def test_a_missing_extra_is_one_line_with_the_command_to_type(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(SystemExit) as ended:
        cli.main(["status"])
    assert (
        ended.value.code == f"error: aws-org-emulator needs {name}: pip install 'aws-org-features[emulator]'"
    )


def test_the_program_and_the_package_say_it_without_a_traceback() -> None:
    missing = "import sys\nsys.modules['moto'] = None\n"
    started = python(missing + "from aws_org_emulator.cli import main\nmain()")
    told = "error: aws-org-emulator needs moto: pip install 'aws-org-features[emulator]'\n"
    assert (started.returncode, started.stderr) == (1, told)
    imported = python(missing + "from aws_org_emulator import Emulator")
    assert imported.stderr.endswith(
        "aws_org_emulator.Emulator needs moto: pip install 'aws-org-features[emulator]'\n"
    )


def python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("redirected", "code", "told"),
    [
        (">&-", 0, ""),
        (">/dev/full", 1, "Error: can't write to standard output: No space left on device\n"),
        ("2>/dev/full", 0, ""),
        (">&- 2>&-", 0, ""),
    ],
)
@pytest.mark.parametrize("command", ["status", "aws-config"])
def test_standard_output_that_cannot_be_written(
    emulator: Emulator, command: str, redirected: str, code: int, told: str
) -> None:
    shell = f'"$0" {command} --endpoint {emulator.endpoint} {redirected}'
    ran = subprocess.run(
        ["sh", "-c", shell, BIN / "aws-org-emulator"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (code, told)


def test_a_reader_that_has_gone_gets_no_message(emulator: Emulator) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    arguments = [str(BIN / "aws-org-emulator"), "status", "--endpoint", emulator.endpoint]
    ran = subprocess.run(arguments, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (141, "")


def test_it_serves_on_when_nobody_reads_its_log() -> None:
    serving = subprocess.Popen(
        [BIN / "aws-org-emulator", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert serving.stdout is not None
    assert serving.stderr is not None
    endpoint = serving.stdout.readline().split()[-1]
    serving.stdout.close()
    client = Clients(endpoint, by_people=False).get("organizations", "111111111111")
    for _ in range(3):
        assert client.describe_organization()["Organization"]["FeatureSet"] == "CONSOLIDATED_BILLING"
    serving.terminate()
    assert (serving.wait(), serving.stderr.read()) == (0, "")
    serving.stderr.close()
