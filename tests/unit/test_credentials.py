"""ToolError with credentials, with real files, programs and endpoints: told by what failed, and it ends."""

from __future__ import annotations

import contextlib
import inspect
import json
import os
import shlex
import string
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore import credentials
from botocore import exceptions as bc

from aws_org_features.aws import AssumeRole, Connection, Organizations, account_guard
from aws_org_features.aws.clients import clients_of
from aws_org_features.aws.credential_errors import BY_NAME, NAMES, Source, trouble
from aws_org_features.common import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET: Final = "canary"  # noqa: S105 - to be searched for
ROLE: Final = "arn:aws:iam::111111111111:role/Admin"
DEVICE: Final = "arn:aws:iam::111111111111:mfa/somebody"
NOWHERE: Final = "http://127.0.0.1:9"
CONNECTION: Final = Connection(profile="mine", region="us-east-1")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the user's AWS configuration files."""
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    # No request leaves this machine.
    monkeypatch.setenv("AWS_ENDPOINT_URL", NOWHERE)
    clients_of.cache_clear()
    yield tmp_path
    clients_of.cache_clear()


def trouble_of(connection: Connection = CONNECTION) -> errors.OrgFeaturesError:
    """The error of the first call, which names no secret, and neither what was called with."""
    with pytest.raises(errors.OrgFeaturesError) as caught:
        Organizations(connection).organization()
    assert caught.value.reference.startswith("credentials-")
    with pytest.raises(errors.OrgFeaturesError) as again:
        Organizations(connection).organization()
    assert str(again.value) == str(caught.value), "the second time as the first"
    assert SECRET not in str(caught.value)
    assert caught.value.next_step
    return caught.value


def program(folder: Path, text: str) -> str:
    """A program of this Python, as a profile names it."""
    path = folder / "helper.py"
    path.write_text(text)
    return f"{shlex.quote(sys.executable)} {path} --key {SECRET}"


MISCONFIGURED: Final[dict[str, tuple[str | bytes, str, tuple[str, ...]]]] = {
    "no such profile": (
        "[profile other]\n",
        "credentials-missing",
        ("'mine'", "config and ", "credentials (doesn't exist)"),
    ),
    "no file": ("", "credentials-missing", ("'mine'",)),
    "UTF-16": ("[profile mine]\n".encode("utf-16"), "credentials-file-unreadable", ("config", "UTF-8")),
    "a byte order mark": (
        b"\xef\xbb\xbf[profile mine]\nregion = x\n",
        "credentials-file-unreadable",
        ("from line 1",),
    ),
    "no section": (f"aws_secret_access_key = {SECRET}\n", "credentials-file-unreadable", ("from line 1",)),
    "no setting": (f"[profile mine]\n{SECRET}\n", "credentials-file-unreadable", ("config", "from line 2")),
    "a section twice": ("[profile mine]\n[profile mine]\n", "credentials-file-unreadable", ("from line 2",)),
    "nested without a value": (
        f"[profile mine]\ns3 =\n  {SECRET}\n",
        "credentials-file-unreadable",
        ("config",),
    ),
    "no credentials": ("[profile mine]\nregion = us-east-1\n", "credentials-missing", ("AWS_PROFILE",)),
    "half a key": (
        "[profile mine]\naws_access_key_id = A\n",
        "credentials-missing",
        ("aws_secret", "'mine'"),
    ),
    "a role without a source": (
        f"[profile mine]\nrole_arn = {ROLE}\n",
        "credentials-missing",
        ("source_profile or credential_source", "'mine'"),
    ),
    "a source that isn't there": (
        f"[profile mine]\nrole_arn = {ROLE}\nsource_profile = gone\n",
        "credentials-profile-unusable",
        ('"gone"', '"mine"'),
    ),
    "a source without credentials": (
        f"[profile mine]\nrole_arn = {ROLE}\nsource_profile = base\n[profile base]\n",
        "credentials-profile-unusable",
        ('"base"', "'mine'"),
    ),
    "a loop": (
        f"[profile mine]\nrole_arn = {ROLE}\nsource_profile = b\n"
        f"[profile b]\nrole_arn = {ROLE}\nsource_profile = mine\n",
        "credentials-profile-unusable",
        ("Infinite loop", "mine", "'b'"),
    ),
    "two sources": (
        f"[profile mine]\nrole_arn = {ROLE}\nsource_profile = b\ncredential_source = Environment\n"
        "[profile b]\n",
        "credentials-profile-unusable",
        ("source_profile and credential_source",),
    ),
    "a source of no such name": (
        f"[profile mine]\nrole_arn = {ROLE}\ncredential_source = Moon\n",
        "credentials-profile-unusable",
        ('"Moon"', '"mine"'),
    ),
    "an empty environment as its source": (
        f"[profile mine]\nrole_arn = {ROLE}\ncredential_source = Environment\n",
        "credentials-source-failed",
        ("mine", "Environment"),
    ),
    "an sso-session that isn't there": (
        "[profile mine]\nsso_session = gone\nsso_account_id = 111111111111\nsso_role_name = Admin\n",
        "credentials-profile-unusable",
        ('"gone"', "'mine'", "aws sso login --profile mine"),
    ),
    "half a single sign-on": (
        "[profile mine]\nsso_account_id = 111111111111\n",
        "credentials-profile-unusable",
        ("sso_role_name", "sso_start_url"),
    ),
    "a single sign-on never signed in to": (
        "[profile mine]\nsso_session = s\nsso_account_id = 111111111111\nsso_role_name = Admin\n"
        "[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://nobody.example/start\n",
        "credentials-expired",
        ("'mine'", "aws sso login --profile mine"),
    ),
    "a single sign-on of old": (
        "[profile mine]\nsso_account_id = 111111111111\nsso_role_name = Admin\n"
        "sso_region = us-east-1\nsso_start_url = https://nobody.example/start\n",
        "credentials-expired",
        ("'mine'", "aws sso login --profile mine"),
    ),
    "a token file that isn't there": (
        f"[profile mine]\nrole_arn = {ROLE}\nweb_identity_token_file = /nowhere/token\n",
        "credentials-source-failed",
        ("/nowhere/token: No such file", "'mine'", "AWS_WEB_IDENTITY_TOKEN_FILE"),
    ),
    "a token file without a role": (
        "[profile mine]\nweb_identity_token_file = /nowhere/token\n",
        "credentials-profile-unusable",
        ("no role ARN", "'mine'"),
    ),
    "a program that isn't there": (
        f"[profile mine]\ncredential_process = /nowhere/helper --key {SECRET}\n",
        "credentials-source-failed",
        ("(/nowhere/helper)", "No such file", "'mine'"),
    ),
    "a program that may not run": (
        f"[profile mine]\ncredential_process = /dev/null --key {SECRET}\n",
        "credentials-source-failed",
        ("/dev/null", "Permission denied"),
    ),
    "a program in quotes without an end": (
        f'[profile mine]\ncredential_process = "helper {SECRET}\n',
        "credentials-source-failed",
        ("'mine'",),
    ),
    "no program": ("[profile mine]\ncredential_process =\n", "credentials-source-failed", ("no program",)),
    "a timeout that is no number": (
        f"[profile mine]\nmetadata_service_timeout = {SECRET}\n",
        "credentials-source-failed",
        ("'mine'", "AWS_METADATA_SERVICE_TIMEOUT or metadata_service_timeout isn't a number"),
    ),
    "an external id that is too short": (
        f"[profile mine]\nrole_arn = {ROLE}\nsource_profile = mine\nexternal_id = x\n"
        "aws_access_key_id = A\naws_secret_access_key = S\n",
        "credentials-source-failed",
        ("'mine'", "AWS rejects its ExternalId"),
    ),
    "a role for a code": (
        f"[profile mine]\nrole_arn = {ROLE}\nsource_profile = mine\nmfa_serial = {DEVICE}\n"
        "aws_access_key_id = A\naws_secret_access_key = S\n",
        "credentials-mfa-needed",
        ("'mine'", DEVICE, "aws sts get-session-token", "aws-vault"),
    ),
    "a role for a code, on the way": (
        f"[profile mine]\nrole_arn = {ROLE}\nsource_profile = b\n"
        f"[profile b]\nrole_arn = {ROLE}\nsource_profile = c\nmfa_serial = {DEVICE}\n"
        "[profile c]\naws_access_key_id = A\naws_secret_access_key = S\n",
        "credentials-mfa-needed",
        ("'mine'", DEVICE),
    ),
}


@pytest.mark.parametrize("roles", [(), (AssumeRole(ROLE),)])
@pytest.mark.parametrize("case", MISCONFIGURED)
def test_a_profile_that_gives_no_credentials(folder: Path, case: str, roles: tuple[AssumeRole, ...]) -> None:
    text, reference, words = MISCONFIGURED[case]
    (folder / "config").write_bytes(text if isinstance(text, bytes) else text.encode())
    found = trouble_of(Connection(profile="mine", region="us-east-1", assume_roles=roles))
    assert found.reference == reference, found
    for word in words:
        assert word in str(found)


PROGRAMS: Final = {
    "fails": (f"import sys; sys.stderr.write('{SECRET}'); sys.exit(3)", "exit status 3"),
    "is killed": ("import os; os.kill(os.getpid(), 9)", "exit status -9"),
    "prints nothing": ("", "isn't what credential_process takes"),
    "prints no JSON": (f"print('{SECRET}')", "isn't what credential_process takes"),
    "prints no text": (r"import sys; sys.stdout.buffer.write(b'\xff\xfe')", "isn't what credential_process"),
    "prints a list": (f"print('[\"{SECRET}\"]')", "isn't what credential_process takes"),
    "prints another version": (f'print(\'{{"Version": "{SECRET}"}}\')', "isn't what credential_process"),
    "prints half": (f'print(\'{{"Version": 1, "AccessKeyId": "{SECRET}"}}\')', "isn't what credential_"),
    "prints without end": ("while True: print('y' * 1000)", "more than 1,048,576 bytes"),
    "reads its input": ("input()", "exit status 1"),
    "asks at the terminal": ("open('/dev/tty').readline()", "exit status 1"),
}


@pytest.mark.parametrize("case", PROGRAMS)
def test_a_program_that_gives_no_credentials(folder: Path, case: str) -> None:
    text, why = PROGRAMS[case]
    (folder / "config").write_text(f"[profile mine]\ncredential_process = {program(folder, text)}\n")
    found = trouble_of()
    assert found.reference == "credentials-source-failed"
    assert f"credential_process of profile 'mine' ({sys.executable})" in found.what
    assert why in found.what


@pytest.mark.parametrize(
    "text",
    [
        "import time; time.sleep(99)",
        "import os; os.close(1); import time; time.sleep(99)",
        # A program that it started holds its output open.
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(99)', *sys.argv])",
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(99)",
    ],
)
def test_a_program_that_does_not_end_is_ended(
    folder: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(account_guard, "PROGRAM_SECONDS", 0.5)
    (folder / "config").write_text(f"[profile mine]\ncredential_process = {program(folder, text)}\n")
    began = time.monotonic()
    assert "didn't end within 0.5 seconds" in trouble_of().what
    assert time.monotonic() - began < 60, "it would have lasted 99 seconds"
    while any(bytes(folder) in line for line in _processes()):
        assert time.monotonic() - began < 90, "what it began has ended"
        time.sleep(0.05)


@pytest.mark.parametrize(("ends", "reference"), [(None, ""), ("2020-01-01T00:00:00Z", "credentials-expired")])
def test_a_program_gives_credentials(folder: Path, ends: str | None, reference: str) -> None:
    keys = {"Version": 1, "AccessKeyId": "AKIA", "SecretAccessKey": "S", "Expiration": ends}
    printing = program(folder, f"print({json.dumps(keys)!r})")
    (folder / "config").write_text(f"[profile mine]\ncredential_process = {printing}\n")
    if reference:
        found = trouble_of()
        assert found.reference == reference
        assert "'mine'" in found.what
    else:
        with pytest.raises(errors.EndpointUnreachableError):
            Organizations(CONNECTION).organization()


def _processes() -> list[bytes]:
    """The command lines of the processes that run, where the system tells them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(path.read_bytes())
    return found


class _Endpoint(BaseHTTPRequestHandler):
    answer: tuple[int, str] = 200, ""

    def do_GET(self) -> None:
        """Answer every request."""
        status, text = self.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    do_PUT = do_GET  # noqa: N815 - as the base class has it

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[tuple[str, type[_Endpoint]]]:
    """An endpoint on this machine, and what says its answers."""
    kind = type("Endpoint", (_Endpoint,), {})
    with HTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", kind
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((403, SECRET), "answered with status 403"),
        ((200, SECRET), "Unable to parse JSON"),
        ((200, f'["{SECRET}"]'), "it isn't valid"),
        ((200, f'{{"Message": "{SECRET}"}}'), "it isn't valid (KeyError)"),
    ],
)
def test_a_container_that_gives_no_credentials(
    monkeypatch: pytest.MonkeyPatch, endpoint: tuple[str, type[_Endpoint]], answer: tuple[int, str], why: str
) -> None:
    monkeypatch.setattr("botocore.utils.ContainerMetadataFetcher.SLEEP_TIME", 0)
    url, kind = endpoint
    kind.answer = answer
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{url}/?token={SECRET}")
    found = trouble_of(Connection(region="us-east-1"))
    assert found.reference == "credentials-source-failed"
    assert "The container's endpoint (AWS_CONTAINER_CREDENTIALS_FULL_URI)" in found.what
    assert why in found.what


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ({"FULL_URI": f"{NOWHERE}/?token={SECRET}"}, NOWHERE),
        ({"FULL_URI": "http://elsewhere.example/"}, "Unsupported host 'elsewhere.example'"),
        ({"FULL_URI": "nothing"}, "Unsupported host"),
    ],
)
def test_a_container_that_cannot_be_reached(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], why: str
) -> None:
    monkeypatch.setattr("botocore.utils.ContainerMetadataFetcher.SLEEP_TIME", 0)
    for name, value in variables.items():
        monkeypatch.setenv(f"AWS_CONTAINER_CREDENTIALS_{name}", value)
    assert why in trouble_of(Connection(region="us-east-1")).what


@pytest.mark.parametrize(
    ("token", "why"),
    [(None, "/token: No such file"), (f"{SECRET}\n", "not a legal header value"), ("caf\xe9", "isn't valid")],
)
def test_a_containers_token_that_cannot_be_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, token: str | None, why: str
) -> None:
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", NOWHERE)
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", str(folder / "token"))
    if token is not None:
        (folder / "token").write_bytes(token.encode("latin-1"))
    assert why in trouble_of(Connection(region="us-east-1")).what


@pytest.mark.parametrize(
    ("variables", "reference", "words"),
    [
        (
            {"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/token", "AWS_ROLE_ARN": ROLE},
            "credentials-source-failed",
            ("/nowhere/token: No such file",),
        ),
        (
            {"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/token"},
            "credentials-profile-unusable",
            ("AWS_ROLE_ARN",),
        ),
        ({"AWS_ACCESS_KEY_ID": "A"}, "credentials-missing", ("AWS_SECRET_ACCESS_KEY is missing",)),
        ({"AWS_CREDENTIAL_FILE": "/nowhere/file"}, "credentials-source-failed", ("/nowhere/file: No such",)),
        ({"AWS_PROFILE": "gone"}, "credentials-missing", ("'gone'",)),
        (
            {"AWS_EC2_METADATA_DISABLED": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "no address"},
            "credentials-profile-unusable",
            ("The machine's role", "AWS_EC2_METADATA_SERVICE_ENDPOINT"),
        ),
        ({"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv5"}, "credentials-profile-unusable", ("ipv5",)),
        (
            {"AWS_EC2_METADATA_DISABLED": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": NOWHERE},
            "credentials-missing",
            ("AWS_PROFILE",),
        ),
        ({"AWS_CONFIG_FILE": "/dev", "AWS_PROFILE": "gone"}, "credentials-missing", ("/dev and ",)),
        ({"BOTO_CONFIG": __file__}, "credentials-file-unreadable", (__file__,)),
    ],
)
def test_an_environment_that_gives_no_credentials(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], reference: str, words: tuple[str, ...]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    found = trouble_of(Connection(region="us-east-1"))
    assert found.reference == reference, found
    for word in words:
        assert word in str(found)


def test_a_file_that_may_not_be_read_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "config").write_text("[profile other]\n")
    monkeypatch.setattr(os, "access", lambda *_: False)  # the superuser may read all
    assert "config (not readable) and " in trouble_of().what


UNFIT: Final = {
    "defaults_mode = bogus": ("configuration-unsupported", ("invalid defaults mode: bogus", "'mine'")),
    "request_checksum_calculation = bogus": ("configuration-unsupported", ("got bogus", "'mine'")),
    f"endpoint_url = {SECRET}": ("configuration-unsupported", ("one of the addresses isn't valid", "'mine'")),
    "region = no region": ("configuration-unsupported", ("'no region'", "'mine'")),
    "ca_bundle = /nowhere.pem\nendpoint_url = https://127.0.0.1:9": (
        "configuration-unsupported",
        ("certificate file /nowhere.pem doesn't exist",),
    ),
    "services = gone": ("credentials-profile-unusable", ('"gone"', "Profile 'mine'")),
    "account_id_endpoint_mode = bogus": ("credentials-profile-unusable", ("'bogus'", "Profile 'mine'")),
    "api_versions = x": ("configuration-unsupported", ("'mine'",)),
}


@pytest.mark.parametrize("roles", [(), (AssumeRole(ROLE),)])
@pytest.mark.parametrize("setting", UNFIT)
def test_a_profiles_setting_that_cannot_be_followed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, setting: str, roles: tuple[AssumeRole, ...]
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    (folder / "config").write_text(
        f"[profile mine]\naws_access_key_id = A\naws_secret_access_key = S\n{setting}\n"
    )
    with pytest.raises(errors.OrgFeaturesError) as caught:
        Organizations(Connection(profile="mine", assume_roles=roles)).organization()
    reference, words = UNFIT[setting]
    assert caught.value.reference == reference, caught.value
    assert SECRET not in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_a_profiles_own_call_that_nobody_answers_is_about_credentials(folder: Path) -> None:
    (folder / "config").write_text(
        f"[profile mine]\nrole_arn = {ROLE}\nsource_profile = mine\n"
        "aws_access_key_id = A\naws_secret_access_key = S\n"
    )
    found = trouble_of()
    assert found.reference == "credentials-source-failed"
    assert "Profile 'mine' gave no credentials: Could not connect" in found.what


def _made(kind: type[bc.BotoCoreError]) -> bc.BotoCoreError:
    fields = {name for _, name, _, _ in string.Formatter().parse(kind.fmt) if name}
    more: dict[str, Any] = {"last_response": {}} if kind is bc.WaiterError else {}
    return kind(**dict.fromkeys(fields, "it"), **more)


KINDS: Final = {
    name: kind
    for name, kind in vars(bc).items()
    if inspect.isclass(kind) and issubclass(kind, bc.BotoCoreError)
}
ABOUT_CREDENTIALS: Final = (
    "Credential",
    "Login",
    "SSO",
    "Token",
    "MFA",
    "Profile",
    "Metadata",
    "IMDS",
    "Config",
)
NEWER: Final = {"LoginError", "LoginInsufficientPermissions", "login"}
"""Names that the oldest supported botocore doesn't have."""
NOT_OF_THEIRS: Final = {
    "InvalidChecksumConfigError": "a service's checksums",
    "InvalidEndpointConfigurationError": "S3's addresses",
    "InvalidEndpointDiscoveryConfigurationError": "how a client is made",
    "InvalidProxiesConfigError": "how a client is made",
    "InvalidRetryConfigurationError": "how a client is made",
    "InvalidS3UsEast1RegionalEndpointConfigError": "S3",
    "InvalidSTSRegionalEndpointsConfigError": "is set, always",
    "UnknownTokenProviderError": "bearer tokens, which no service of ours takes",
    "UnsupportedS3AccesspointConfigurationError": "S3",
    "UnsupportedS3ConfigurationError": "S3",
    "UnsupportedS3ControlConfigurationError": "S3",
    "WaiterConfigError": "waiters",
}


def test_every_credential_error_of_botocore_is_a_credential_error() -> None:
    assert set(BY_NAME) - set(KINDS) <= NEWER, "none that botocore doesn't have"
    for name, kind in KINDS.items():
        found = trouble(_made(kind), Source("mine"))
        if found is not None:
            assert found.reference.startswith("credentials-"), name
        elif any(word in name for word in ABOUT_CREDENTIALS):
            assert name in NOT_OF_THEIRS, f"{name} isn't mapped"


def test_every_source_of_credentials_has_a_name() -> None:
    methods = {
        kind.METHOD
        for kind in vars(credentials).values()
        if inspect.isclass(kind) and issubclass(kind, credentials.CredentialProvider) and kind.METHOD
    }
    assert methods <= set(NAMES)
    assert set(NAMES) - methods <= NEWER
    for method in methods:
        assert Source("mine", method).remedy


_OF_A_MACHINE: Final = {
    "/latest/api/token": "token",
    "/latest/meta-data/iam/security-credentials/": "its-role",
    "/latest/meta-data/iam/security-credentials/its-role": json.dumps(
        {
            "Code": "Success",
            "AccessKeyId": "AKIA",
            "SecretAccessKey": "S",
            "Token": "T",
            "Expiration": "2999-01-01T00:00:00Z",
        }
    ),
}


@pytest.mark.parametrize("source", ["", f"role_arn = {ROLE}\ncredential_source = Ec2InstanceMetadata\n"])
@pytest.mark.parametrize("skip", [False, True])
def test_the_machines_role_acts_unless_it_is_left_out(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    endpoint: tuple[str, type[_Endpoint]],
    source: str,
    skip: bool,
) -> None:
    url, kind = endpoint
    asked: list[str] = []

    def answer(self: _Endpoint) -> None:
        asked.append(self.path)
        self.answer = (200, _OF_A_MACHINE[self.path])
        _Endpoint.do_GET(self)

    monkeypatch.setattr(kind, "do_GET", answer)
    monkeypatch.setattr(kind, "do_PUT", answer)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "false")
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", url)
    (folder / "config").write_text(f"[profile mine]\n{source}")
    connection = Connection(profile="mine", region="us-east-1", skip_metadata=skip)
    if skip:
        assert trouble_of(connection).reference == (
            "credentials-source-failed" if source else "credentials-missing"
        )
        assert asked == []
    else:
        with pytest.raises(errors.OrgFeaturesError, match="Could not connect"):
            Organizations(connection).organization()
        assert asked == list(_OF_A_MACHINE)


EMPTIED: Final = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_CA_BUNDLE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_ORGANIZATIONS",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
    "AWS_METADATA_SERVICE_TIMEOUT",
    "AWS_MAX_ATTEMPTS",
    "AWS_RETRY_MODE",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "AWS_USE_FIPS_ENDPOINT",
)


@pytest.mark.parametrize("name", EMPTIED)
@pytest.mark.parametrize("profile", [None, "mine"])
def test_an_empty_variable_is_one_that_is_not_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, profile: str | None
) -> None:
    section = f"profile {profile}" if profile else "default"
    (folder / "config").write_text(
        f"[{section}]\naws_access_key_id = A\naws_secret_access_key = S\nca_bundle = {folder}/ca.pem\n"
        "region = eu-west-1\n"
    )
    (folder / "ca.pem").touch()
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv(name, "")
    made: Any = clients_of(Connection(profile=profile)).sts
    assert made.meta.endpoint_url == "https://sts.eu-west-1.amazonaws.com"
    assert made._request_signer._credentials.access_key == "A"
    assert made._endpoint.http_session._session._verify == f"{folder}/ca.pem"


def test_empty_settings_of_a_profile_are_none_either(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    (folder / "config").write_text(
        "[profile mine]\naws_access_key_id = A\naws_secret_access_key = S\nca_bundle =\nregion =\n"
    )
    made: Any = clients_of(Connection(profile="mine")).sts
    assert made.meta.region_name == "us-east-1"
    assert made._endpoint.http_session._session._verify is True, "not: everybody is trusted"


@pytest.mark.parametrize("name", ["AWS_METADATA_SERVICE_NUM_ATTEMPTS", "AWS_METADATA_SERVICE_TIMEOUT"])
def test_a_number_that_is_none_is_reported_by_its_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (folder / "config").write_text("[profile mine]\naws_access_key_id = A\naws_secret_access_key = S\n")
    monkeypatch.setenv(name, "soon")
    with pytest.raises(errors.CredentialsSourceError, match=f"'mine' .*{name} or .* isn't a number"):
        Organizations(Connection(profile="mine")).organization()
