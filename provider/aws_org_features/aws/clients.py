"""The clients of a connection: each made once, with requests that end."""

from __future__ import annotations

import functools
import json
import os
import threading
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, overload

from aws_org_features.aws.bounded_requests import Bounded
from aws_org_features.aws.credential_errors import Source, profile_of, told_of_settings
from aws_org_features.aws.endpoints import refuse_unencrypted
from aws_org_features.aws.gc_pause import gc_paused
from aws_org_features.aws.session import CONNECT_SECONDS, READ_SECONDS, RETRIES, request, start
from aws_org_features.common.errors import ConfigurationError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import boto3
    from types_boto3_iam import IAMClient
    from types_boto3_organizations import OrganizationsClient
    from types_boto3_sts import STSClient

    from aws_org_features.aws.connection import AssumeRole, Connection
    from aws_org_features.aws.recorder import Recorder

RECORD: Final = "AWS_ORG_FEATURES_RECORD"
"""The environment variable with the file that answers of Organizations are recorded to."""
_READ_WHOLE_SECONDS: Final = 9

# A write that got no answer is looked up, never repeated on a guess.
_WRITE_SECONDS: Final = 60
_WRITE_WHOLE_SECONDS: Final = 64
_WRITE_ATTEMPTS: Final = 1
_OF_A_PARTITION: Final = frozenset({"iam", "organizations"})
"""Services with one address for a partition; STS has one for each region, and is signed for that."""


@functools.lru_cache(maxsize=32)
def clients_of(connection: Connection) -> Clients:
    """A connection's clients, for the whole process: making one takes a tenth of a second."""
    return Clients(connection)


class Clients:
    """Makes a connection's clients. Not shared between connections; each client is made once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._session: boto3.Session | None = None
        self._made: dict[tuple[str, bool], Any] = {}
        self._told = False

    def untold(self) -> str | None:
        """Notes on where requests go, each given once; empty if there is nothing unusual.

        Of the recording as well, if one is made.
        """
        recorder = _recorder(self._connection)
        found = recorder.untold() if recorder else None
        with self._lock:
            if self._told:
                return found
            self._told = True
            with self._told_of_settings():
                elsewhere = _left_at_aws(self._started(), self._connection)
            return " ".join(filter(None, (elsewhere, found))) or None

    @property
    def organizations(self) -> OrganizationsClient:
        """The Organizations client."""
        return self._client("organizations")

    @property
    def writer(self) -> OrganizationsClient:
        """An Organizations client that is patient, and tries only once."""
        return self._client("organizations", writes=True)

    @property
    def sts(self) -> STSClient:
        """The STS client, acting as the last role of the chain."""
        return self._client("sts")

    @property
    def iam(self) -> IAMClient:
        """The IAM client."""
        return self._client("iam")

    def assumed(self, role: AssumeRole) -> Assumed:
        """The clients of a session in a role (`sts:AssumeRole`), which nothing here keeps.

        Raises:
            ClientError: AWS refuses it.
        """
        answer = self.sts.assume_role(**request(role))
        keys = answer["Credentials"]
        with self._lock:
            client = _make(
                self._started(),
                "organizations",
                self._connection,
                writes=True,
                account_id=role.role_arn.split(":")[4],
                aws_access_key_id=keys["AccessKeyId"],
                aws_secret_access_key=keys["SecretAccessKey"],
                aws_session_token=keys["SessionToken"],
            )
        return Assumed(client)

    @overload
    def _client(self, service: Literal["organizations"], *, writes: bool = False) -> OrganizationsClient: ...
    @overload
    def _client(self, service: Literal["sts"]) -> STSClient: ...
    @overload
    def _client(self, service: Literal["iam"]) -> IAMClient: ...
    def _client(self, service: Literal["iam", "organizations", "sts"], *, writes: bool = False) -> Any:
        with self._lock:
            if (service, writes) not in self._made:
                with gc_paused(), self._told_of_settings():
                    made = _make(self._started(), service, self._connection, writes=writes)
                self._made[service, writes] = made
            return self._made[service, writes]

    def _told_of_settings(self) -> AbstractContextManager[None]:
        return told_of_settings(Source(profile_of(self._connection.profile)))

    def _started(self) -> boto3.Session:
        """The session that all clients are made with, which isn't safe for threads: hold the lock."""
        if self._session is None:
            self._session = start(self._connection, lambda made: _make(made, "sts", self._connection))
        return self._session


class Assumed:
    """The clients of a session in another account: one, for reading and writing, that tries only once.

    How a call is repeated is its caller's business, who keeps to a pace.
    """

    def __init__(self, client: OrganizationsClient) -> None:
        self.organizations = self.writer = client

    def close(self) -> None:
        """Forget the session."""
        self.organizations.close()


def _make(
    session: boto3.Session,
    service: str,
    connection: Connection,
    *,
    writes: bool = False,
    account_id: str = "",
    **credentials: str,
) -> Any:
    from botocore.config import Config

    client = session.client(  # type: ignore[call-overload]  # the service's name is a variable
        service,
        **credentials,
        region_name=_home(session, service),
        endpoint_url=getattr(connection.endpoints, service),
        config=Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=_WRITE_SECONDS if writes else READ_SECONDS,
            retries={**RETRIES, "total_max_attempts": _WRITE_ATTEMPTS} if writes else RETRIES,
            user_agent_extra="aws-org-features",
        ),
    )
    url = client.meta.endpoint_url
    refuse_unencrypted(service, url, _proxies(url))
    _refuse_missing_certificates(session, url)
    whole = _WRITE_WHOLE_SECONDS if writes else _READ_WHOLE_SECONDS
    endpoint = client._endpoint  # noqa: SLF001 - botocore bounds no request as a whole
    endpoint.http_session = Bounded(endpoint.http_session, whole)
    if service == "organizations":
        client.meta.events.register("before-parse.organizations", _refuse_what_is_no_json)
    recorder = _recorder(connection)
    if recorder is not None:
        roles = connection.assume_roles
        acts_as = account_id or (roles[-1].role_arn.split(":")[4] if roles else "")
        recorder.attach(client, service, (connection, account_id), acts_as)
    return client


def _recorder(connection: Connection) -> Recorder | None:
    """The recorder of the answers, if there is one; not even imported otherwise."""
    path = connection.record or os.environ.get(RECORD)
    if not path:
        return None
    from aws_org_features.aws.recorder import recorder_of

    return recorder_of(str(Path(path).absolute()))


def _refuse_missing_certificates(session: boto3.Session, url: str) -> None:
    """Report a missing file of certificates; the connection would fail without naming it."""
    path = session._session.get_config_variable("ca_bundle")  # noqa: SLF001 - as botocore's own clients do
    if path and url.startswith("https:") and not Path(path).is_file():
        raise ConfigurationError(
            f"The certificate file {path} doesn't exist.",
            "Check AWS_CA_BUNDLE in the environment, and ca_bundle of the profile.",
        )


def _home(session: boto3.Session, service: str) -> str | None:
    """The region that requests to a service are signed for, where its partition has one for all regions.

    botocore looks it up for AWS's own addresses alone. AWS refuses what is signed for another region, and a
    proxy or an interface endpoint hands on what it is given.
    """
    from botocore.utils import validate_region_name

    validate_region_name(session.region_name)
    inner: Any = session._session  # noqa: SLF001 - as botocore makes its own clients
    resolver = inner._get_internal_component("endpoint_resolver")  # noqa: SLF001
    found = resolver.construct_endpoint(service, session.region_name) if service in _OF_A_PARTITION else None
    home: str | None = (found or {}).get("credentialScope", {}).get("region")
    return home or session.region_name


def _proxies(url: str) -> dict[str, str]:
    from botocore.utils import get_environ_proxies

    return dict(get_environ_proxies(url)) if url.startswith("http:") else {}


def _left_at_aws(session: boto3.Session, connection: Connection) -> str | None:
    """Services that stay at AWS though Organizations' address is another one."""
    elsewhere = {service: _configured(session, connection, service) for service in ("organizations", "sts")}
    if not elsewhere["organizations"] or elsewhere["sts"]:
        return None
    return (
        "The endpoint of organizations is overridden and that of sts isn't: credentials are checked, and "
        "roles assumed, at AWS's own address. Override sts as well if you don't want that."
    )


def _configured(session: boto3.Session, connection: Connection, service: str) -> str | None:
    """The address of a service that a resource, the environment or a profile names."""
    from botocore.configprovider import ConfiguredEndpointProvider

    found: str | None = getattr(connection.endpoints, service)
    if found:
        return found
    inner = session._session  # noqa: SLF001 - as botocore's own clients do
    if inner.get_config_variable("ignore_configured_endpoint_urls"):
        return None
    provider = ConfiguredEndpointProvider(
        full_config=inner.full_config, scoped_config=inner.get_scoped_config(), client_name=service
    )
    given: str | None = provider.provide()
    return given


def _refuse_what_is_no_json(response_dict: dict[str, Any], **_: Any) -> None:
    """Reject a proxy's page, or half an answer, where botocore would read an empty answer.

    It would mean an organization without accounts, a migration without approvals.
    """
    from botocore.parsers import ResponseParserError

    try:
        found = json.loads(response_dict["body"])
    except ValueError:
        found = None
    if not isinstance(found, dict) and response_dict["status_code"] == HTTPStatus.OK:
        raise ResponseParserError("the body isn't a JSON object")
