"""AWS as a configuration reaches it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from tests.fake_pulumi_aws.errors import Refused, telling

if TYPE_CHECKING:
    from types_boto3_organizations import OrganizationsClient

    from tests.fake_pulumi_aws.configuration import Configuration, Role

_CLIENTS = Config(connect_timeout=10, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 5})


@dataclass(frozen=True)
class Aws:
    """The clients that resources work with.

    Attributes:
        organizations: A client; calls may come from several threads.
        account_id: Who calls.
        default_tags: Given to all resources that take tags.
    """

    organizations: OrganizationsClient
    account_id: str
    default_tags: dict[str, str]


def connect(configuration: Configuration) -> Aws:
    """Open a connection, and see who it acts as.

    Raises:
        Refused: It leads nowhere, or to an account that must not be touched.
    """
    with telling("configuring the provider"):
        session = boto3.Session(
            aws_access_key_id=configuration.access_key,
            aws_secret_access_key=configuration.secret_key,
            aws_session_token=configuration.token,
            profile_name=configuration.profile,
            region_name=configuration.region,
        )
    if session.region_name is None:
        raise Refused("missing required configuration key aws:region")
    for role in configuration.roles:
        with telling(f"assuming IAM Role ({role.arn})"):
            session = _assume(session, role, configuration)
    with telling("validating provider credentials"):
        account_id = _client(session, "sts", configuration).get_caller_identity()["Account"]
    if account_id in configuration.forbidden or (
        configuration.allowed and account_id not in configuration.allowed
    ):
        raise Refused(f"AWS account ID not allowed: {account_id}")
    return Aws(_client(session, "organizations", configuration), account_id, dict(configuration.default_tags))


def _assume(session: boto3.Session, role: Role, configuration: Configuration) -> boto3.Session:
    more: dict[str, Any] = {"ExternalId": role.external_id, "DurationSeconds": role.seconds}
    got = _client(session, "sts", configuration).assume_role(
        RoleArn=role.arn,
        RoleSessionName=role.session_name,
        **{name: value for name, value in more.items() if value is not None},
    )["Credentials"]
    return boto3.Session(
        aws_access_key_id=got["AccessKeyId"],
        aws_secret_access_key=got["SecretAccessKey"],
        aws_session_token=got["SessionToken"],
        region_name=session.region_name,
    )


def _client(session: boto3.Session, service: str, configuration: Configuration) -> Any:
    endpoint = configuration.endpoints.get(service)
    return session.client(service, endpoint_url=endpoint, config=_CLIENTS)  # type: ignore[call-overload]  # by name
