"""Services that the emulator hasn't: each is refused in the form of its own protocol."""

import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import create_parser

from aws_org_emulator import Emulator
from aws_org_emulator.people.clients import REGION, isolated_session

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


def test_a_request_in_cbor_is_refused_in_cbor(emulator: Emulator) -> None:
    scope = f"EMULATOR{emulator.management}/20260101/us-east-1/monitoring/aws4_request"
    request = urllib.request.Request(  # noqa: S310 - the emulator's own address
        f"{emulator.endpoint}/service/GraniteServiceVersion20100801/operation/ListMetrics",
        data=b"\xa0",
        headers={
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
            "Content-Type": "application/cbor",
            "Smithy-Protocol": "rpc-v2-cbor",
        },
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)  # noqa: S310 - the same
    answer = {"status_code": 501, "headers": caught.value.headers, "body": caught.value.read()}
    model = isolated_session().get_service_model("cloudwatch").operation_model("ListMetrics")
    assert model.output_shape is not None
    parsed = create_parser("smithy-rpc-v2-cbor").parse(answer, model.output_shape)
    assert parsed["Error"]["Code"] == "NotImplemented"
    assert "organizations" in parsed["Error"]["Message"]
