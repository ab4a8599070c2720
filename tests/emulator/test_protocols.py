"""Services that the emulator hasn't: each is refused in the form of its own protocol."""

from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from aws_org_emulator import Emulator
from aws_org_emulator.clients import REGION, isolated_session

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "account": ("get_account_information", {}),
    "cloudwatch": ("list_metrics", {}),
    "controltower": ("list_landing_zones", {}),
    "dynamodb": ("list_tables", {}),
    "ec2": ("describe_regions", {}),
    "lambda": ("list_functions", {}),
    "route53": ("list_hosted_zones", {}),
    "s3": ("list_buckets", {}),
    "sns": ("list_topics", {}),
    "sqs": ("list_queues", {}),
    "cloudformation": ("list_stacks", {}),
    "ram": ("get_resource_shares", {"resourceOwner": "SELF"}),
}


def refused(emulator: Emulator, service: str, call: str, **values: Any) -> Any:
    credentials = emulator.credentials(emulator.management)
    client: Any = isolated_session().create_client(
        service,
        region_name=REGION,
        endpoint_url=emulator.endpoint,
        aws_access_key_id=credentials.access_key_id,
        aws_secret_access_key=credentials.secret_access_key,
        config=Config(retries={"total_max_attempts": 1}, proxies={}),
    )
    with pytest.raises(ClientError) as caught:
        getattr(client, call)(**values)
    client.close()
    return caught.value.response


@pytest.mark.parametrize("service", CALLS)
def test_a_client_of_another_service_can_read_the_refusal(emulator: Emulator, service: str) -> None:
    call, values = CALLS[service]
    answer = refused(emulator, service, call, **values)
    assert answer["Error"]["Code"] == "NotImplemented"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert "organizations" in answer["Error"]["Message"]


def test_no_account_has_a_support_plan(emulator: Emulator) -> None:
    answer = refused(emulator, "support", "describe_severity_levels")
    assert answer["Error"]["Code"] == "SubscriptionRequiredException"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
