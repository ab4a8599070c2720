"""The boto3 session of a connection: whose credentials, and by which profile's settings."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.aws.account_guard import guard
from aws_org_features.aws.credential_errors import Source, failed, profile_of, told_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import boto3
    import botocore.session
    from botocore.config import _RetryDict
    from botocore.credentials import Credentials

    from aws_org_features.aws.connection import AssumeRole, Connection

    MakeSts = Callable[[boto3.Session], Any]

DEFAULT_REGION: Final = "us-east-1"
"""botocore sends requests to the partition's own home of Organizations, even if given another region."""
CONNECT_SECONDS: Final = 4
# An address that doesn't answer is an error within 30 seconds: three attempts, and their pauses.
READ_SECONDS: Final = 8
RETRIES: Final[_RetryDict] = {"mode": "standard", "total_max_attempts": 3}


def start(connection: Connection, make_sts: MakeSts) -> boto3.Session:
    """A session that acts as a connection says.

    Args:
        connection: Who acts.
        make_sts: Makes a session's STS client, which assumes the connection's roles.
    """
    import boto3

    keys = connection.keys
    with told_of(Source(profile_of(connection.profile))):
        configured = _configured(connection)
        if keys is None:
            guard(configured, may_ask=connection.may_ask, skip_metadata=connection.skip_metadata)
        session = boto3.Session(
            botocore_session=configured,
            aws_access_key_id=keys.access_key if keys else None,
            aws_secret_access_key=keys.secret_key if keys else None,
            aws_session_token=keys.token if keys else None,
        )
    for role in connection.assume_roles:
        session = _assume(session, role, connection, make_sts)
    return session


def request(role: AssumeRole) -> dict[str, Any]:
    """Parameters of AssumeRole."""
    asked = {
        "RoleArn": role.role_arn,
        "RoleSessionName": role.session_name or "aws-org-features",
        "ExternalId": role.external_id,
        "DurationSeconds": role.duration_seconds,
    }
    return {key: value for key, value in asked.items() if value is not None}


def _configured(connection: Connection) -> botocore.session.Session:
    """A session with a connection's settings, and no credentials yet.

    Every link of a chain of roles has one: behind a role, too, the profile says how AWS is reached. Calls of
    STS stay in its region, not in botocore's own default.
    """
    from botocore.config import Config
    from botocore.session import get_session

    session = get_session()
    _unset_what_is_empty(session, connection.profile)
    # The clients that botocore makes by itself, to get credentials, would wait for minutes.
    session.set_default_client_config(
        Config(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries=RETRIES)
    )
    if connection.profile:
        session.set_config_variable("profile", connection.profile)
    session.set_config_variable("sts_regional_endpoints", "regional")
    # botocore itself reads AWS_DEFAULT_REGION only.
    region = connection.region or session.get_config_variable("region") or os.environ.get("AWS_REGION")
    session.set_config_variable("region", region or DEFAULT_REGION)
    parsers = session.get_component("response_parser_factory")
    parsers.set_parser_defaults(timestamp_parser=_timestamp)
    return session


def _unset_what_is_empty(session: botocore.session.Session, profile: str | None) -> None:
    """Treat an empty setting of the environment or of a profile as absent.

    botocore looks for a profile without a name, and trusts everybody where AWS_CA_BUNDLE is empty.
    """
    from botocore.configprovider import (
        BOTOCORE_DEFAUT_SESSION_VARIABLES,
        ChainProvider,
        ConfigChainFactory,
        ConstantProvider,
    )

    class NotEmpty(ChainProvider):
        def provide(self) -> Any:
            return super().provide() or None

    store = session.get_component("config_store")
    chains = ConfigChainFactory(session, {name: value for name, value in os.environ.items() if value})
    for name in _TEXTS:
        of_file, of_environment, default, _ = BOTOCORE_DEFAUT_SESSION_VARIABLES[name]
        found = chains.create_config_chain(name, of_environment, of_file)
        number = (
            functools.partial(_number, profile, f"{of_environment} or {name}") if name in _NUMBERS else None
        )
        chain = ChainProvider([NotEmpty([found]), ConstantProvider(default)], conversion_func=number)
        store.set_config_provider(name, chain)


_NUMBERS: Final = ("metadata_service_num_attempts", "metadata_service_timeout")
_TEXTS: Final = (
    *("ca_bundle", "config_file", "credentials_file", "profile", "region"),
    *("ec2_metadata_service_endpoint", "ec2_metadata_service_endpoint_mode"),
    *_NUMBERS,
)


def _number(profile: str | None, where: str, text: Any) -> int:
    """A setting that is a number.

    Raises:
        CredentialsSourceError: It is none; botocore wouldn't say which one.
    """
    try:
        return int(text)
    except ValueError:
        raise failed(Source(profile_of(profile)), f"{where} isn't a number") from None


def _assume(
    session: boto3.Session, role: AssumeRole, connection: Connection, make_sts: MakeSts
) -> boto3.Session:
    """A session whose credentials are fetched when first needed, and again before they end."""
    import boto3
    from botocore.credentials import (
        AssumeRoleCredentialFetcher,
        DeferredRefreshableCredentials,
    )

    asked = request(role)

    def make_client(service: str, **overrides: Any) -> Any:
        # The fetcher passes frozen source credentials; ours come with the session.
        del service, overrides
        return make_sts(session)

    fetcher = AssumeRoleCredentialFetcher(
        client_creator=make_client,
        source_credentials=_source(session),
        role_arn=asked.pop("RoleArn"),
        extra_args=asked,
    )
    inner = _configured(connection)
    # botocore offers no public way to give a session refreshable credentials.
    inner._credentials = DeferredRefreshableCredentials(  # type: ignore[attr-defined]  # noqa: SLF001
        method="assume-role", refresh_using=fetcher.fetch_credentials
    )
    return boto3.Session(botocore_session=inner)


def _timestamp(value: Any) -> datetime:
    """A time in an answer; what botocore raises of one that is none tells it from nothing else.

    Raises:
        ResponseParserError: It is no time.
    """
    from botocore.parsers import ResponseParserError
    from botocore.utils import parse_timestamp

    try:
        return parse_timestamp(value)
    except (ArithmeticError, AttributeError, OSError, RuntimeError, TypeError, ValueError) as error:
        raise ResponseParserError("a time in it is none") from error


def _source(session: boto3.Session) -> Credentials:
    from botocore.exceptions import NoCredentialsError

    credentials = session.get_credentials()
    if credentials is None:
        raise NoCredentialsError
    return credentials
