"""Exported events: what is taken over, what is left out, and what is refused."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest

from aws_org_features.common.errors import EvidenceUnusableError
from aws_org_features.views.report import Evidence, evidence_of
from tests.documents import ODD, places, replaced

SECRETS = {"AKIAEXAMPLE", "a-token", "192.0.2.7", "aws-cli/2.0", "2026-03-01T08:00:00Z"}


def record(**more: Any) -> dict[str, Any]:
    """An event as a trail writes it: the shape is that of the CloudTrail User Guide."""
    return {
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:jane",
            "arn": "arn:aws:sts::222222222222:assumed-role/Admin/jane",
            "accountId": "222222222222",
            "accessKeyId": "AKIAEXAMPLE",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "arn": "arn:aws:iam::222222222222:role/Admin",
                    "accountId": "222222222222",
                },
                "attributes": {"creationDate": "2026-03-01T08:00:00Z", "mfaAuthenticated": "true"},
                "sessionToken": "a-token",
            },
        },
        "eventTime": "2026-03-01T09:00:00Z",
        "eventSource": "organizations.amazonaws.com",
        "eventName": "AcceptHandshake",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.7",
        "userAgent": "aws-cli/2.0",
        "requestParameters": {"handshakeId": "h-child0000"},
        "responseElements": {
            "handshake": {
                "id": "h-child0000",
                "state": "ACCEPTED",
                "resources": [
                    {
                        "type": "ORGANIZATION",
                        "value": "o-exampleorg1",
                        "resources": [{"type": "PARENT_HANDSHAKE", "value": "parent0001"}],
                    }
                ],
            }
        },
        "eventID": "0a1b2c3d-0000-4000-8000-000000000001",
        "recipientAccountId": "222222222222",
        **more,
    }


def records(*found: Any) -> str:
    return json.dumps({"Records": found})


def looked_up(*found: Any) -> str:
    events = [{"EventName": "AnyEvent", "CloudTrailEvent": json.dumps(each)} for each in found]
    return json.dumps({"Events": events, "NextToken": "more"})


@pytest.mark.parametrize("written", [records, looked_up])
def test_the_call_with_its_caller_time_and_role(written: Any) -> None:
    (event,) = evidence_of(written(record()), "events.json").events
    assert asdict(event) == {
        "id": "0a1b2c3d-0000-4000-8000-000000000001",
        "name": "AcceptHandshake",
        "at": datetime(2026, 3, 1, 9, tzinfo=UTC),
        "account_id": "222222222222",
        "principal": "arn:aws:sts::222222222222:assumed-role/Admin/jane",
        "role": "arn:aws:iam::222222222222:role/Admin",
        "error": "",
        "handshake_id": "h-child0000",
        "parent_id": "h-parent0001",
        "source": "events.json",
    }
    assert not [secret for secret in SECRETS if secret in repr(event)]


ROOT = {"type": "Root", "arn": "arn:aws:iam::222222222222:root", "accountId": "222222222222"}
BEGUN = {"handshake": {"id": "h-parent0001", "resources": []}}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            record(eventName="EnableAllFeatures", requestParameters=None, responseElements=BEGUN),
            {"name": "EnableAllFeatures", "handshake_id": "h-parent0001", "parent_id": ""},
        ),
        (
            record(errorCode="AccessDenied", errorMessage="no", responseElements=None),
            {"error": "AccessDenied", "handshake_id": "h-child0000", "parent_id": ""},
        ),
        (record(userIdentity=ROOT), {"principal": "arn:aws:iam::222222222222:root", "role": ""}),
        (record(userIdentity={"type": "AWSService", "invokedBy": "ram"}), {"principal": "ram", "role": ""}),
        (record(userIdentity=None, recipientAccountId=None), {"principal": "", "account_id": ""}),
        (record(recipientAccountId="<b>"), {"account_id": ""}),
        (record(requestParameters={"handshakeId": "<script>"}, responseElements=None), {"handshake_id": ""}),
        (record(eventTime="2026-03-01T10:00:00+01:00"), {"at": datetime(2026, 3, 1, 9, tzinfo=UTC)}),
    ],
)
def test_the_texts_that_vary(given: dict[str, Any], told: dict[str, Any]) -> None:
    (event,) = evidence_of(records(given), "events.json").events
    assert {name: value for name, value in asdict(event).items() if name in told} == told


def test_other_calls_and_other_services_are_left_out() -> None:
    others: tuple[Any, ...] = (
        record(eventName="ListAccounts"),
        record(eventSource="sts.amazonaws.com"),
        {"eventName": 1},
        {},
    )
    assert evidence_of(records(*others), "events.json") == Evidence(("events.json",))


def test_an_event_in_two_files_counts_once_and_the_oldest_is_first() -> None:
    early = record(eventID="early", eventTime="2026-02-01T09:00:00Z")
    found = evidence_of(records(record()), "a.json") + evidence_of(records(record(), early), "b.json")
    assert found.files == ("a.json", "b.json")
    assert [(event.id[:5], event.source) for event in found.events] == [
        ("early", "b.json"),
        ("0a1b2", "a.json"),
    ]


@pytest.mark.parametrize("written", [records, looked_up])
@pytest.mark.parametrize("event_id", ["0a1b2c3d", None])
def test_an_event_that_a_file_has_twice_counts_once(written: Any, event_id: str | None) -> None:
    later = record(eventID=event_id, eventTime="2026-03-02T09:00:00Z")
    twice = written(record(eventID=event_id), later, record(eventID=event_id), later)
    found = evidence_of(twice, "a.json") + evidence_of(records(later), "b.json")
    assert [event.at.day for event in found.events] == ([1] if event_id else [1, 2])
    assert {event.source for event in found.events} == {"a.json"}


# Accounts that came or went

DEPARTED = {
    "accountId": "222222222222",
    "departureMethod": "REMOVED",
    "departureTime": "2026-03-01T08:59:00Z",
}
JOINED = {"accountId": "222222222222", "joinedMethod": "INVITED", "joinedTime": "2026-03-01T08:59:00Z"}


def moved(details: Any = DEPARTED, name: str = "AccountDepartedOrganization", **more: Any) -> dict[str, Any]:
    """An event as AWS's documentation has it; where the details stand, it doesn't say."""
    return {
        "eventVersion": "1.11",
        "userIdentity": {"accountId": "111111111111", "invokedBy": "organizations.amazonaws.com"},
        "eventTime": "2026-03-01T09:00:00Z",
        "eventSource": "organizations.amazonaws.com",
        "eventName": name,
        "eventType": "AwsServiceEvent",
        "requestParameters": None,
        "responseElements": None,
        "serviceEventDetails": details,
        "eventID": "0a1b2c3d-0000-4000-8000-000000000002",
        "recipientAccountId": "111111111111",
        **more,
    }


@pytest.mark.parametrize("written", [records, looked_up])
def test_the_accounts_that_left_with_time_and_method(written: Any) -> None:
    found = evidence_of(written(moved(), record()), "events.json")
    assert [asdict(each) for each in found.moves] == [
        {
            "id": "0a1b2c3d-0000-4000-8000-000000000002",
            "joined": False,
            "at": datetime(2026, 3, 1, 9, tzinfo=UTC),
            "account_id": "222222222222",
            "method": "REMOVED",
            "management_account_id": "111111111111",
            "source": "events.json",
        }
    ]
    assert len(found.events) == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (moved(JOINED, "AccountJoinedOrganization"), (True, "222222222222", "INVITED")),
        (
            moved({**JOINED, "joinedMethod": "Created"}, "AccountJoinedOrganization"),
            (True, "222222222222", "CREATED"),
        ),
        (
            moved({"accountId": "222222222222", "departedMethod": "Left"}),
            (False, "222222222222", "LEFT"),
        ),
        (moved({"account": {"id": "222222222222"}, "how": [DEPARTED]}), (False, "222222222222", "REMOVED")),
        (moved(None, additionalEventData=DEPARTED), (False, "222222222222", "REMOVED")),
        (moved(None, responseElements=DEPARTED), (False, "222222222222", "REMOVED")),
        (moved({**DEPARTED, "managementAccountId": "111111111111"}), (False, "222222222222", "REMOVED")),
        (moved({**DEPARTED, "inviterAccountId": "888888888888"}), (False, "222222222222", "REMOVED")),
        (moved({"member": "222222222222", "departureMethod": "LEFT"}), (False, "222222222222", "LEFT")),
        (moved({"accountId": "222222222222"}), (False, "222222222222", "")),
        (moved({**DEPARTED, "departureMethod": "<b>`"}), (False, "222222222222", "")),
        (moved({**DEPARTED, "departureMethod": ["REMOVED"]}), (False, "222222222222", "REMOVED")),
        (moved({**DEPARTED, "departureMethod": 1}), (False, "222222222222", "")),
    ],
)
def test_an_account_and_its_method_are_found_wherever_they_stand(
    given: dict[str, Any], told: tuple[bool, str, str]
) -> None:
    (found,) = evidence_of(records(given), "events.json").moves
    assert (found.joined, found.account_id, found.method) == told


@pytest.mark.parametrize(
    "given",
    [
        moved(None),
        moved({}),
        moved({"accountId": "111111111111", "departureMethod": "LEFT"}),
        moved({"accountId": "<b>", "departureMethod": "LEFT"}),
        moved({"from": "222222222222", "to": "333333333333", "departureMethod": "LEFT"}),
        moved(eventSource="sts.amazonaws.com"),
    ],
)
def test_an_event_with_no_account_or_several_is_ignored(given: dict[str, Any]) -> None:
    assert evidence_of(records(given), "events.json") == Evidence(("events.json",))


def test_a_move_in_two_files_counts_once_and_the_oldest_is_first() -> None:
    early = moved(eventID="early", eventTime="2026-02-01T09:00:00Z")
    found = evidence_of(records(moved()), "a.json") + evidence_of(records(moved(), early), "b.json")
    assert [(each.id[:5], each.source) for each in found.moves] == [("early", "b.json"), ("0a1b2", "a.json")]


KINDS: dict[type, str] = {bool: "true or false", dict: "an object", list: "a list", str: "a text"}
READ: dict[tuple[Any, ...], type] = {
    ("eventSource",): str,
    ("eventName",): str,
    ("eventID",): str,
    ("eventTime",): str,
    ("recipientAccountId",): str,
    ("userIdentity",): dict,
    ("userIdentity", "arn"): str,
    ("userIdentity", "sessionContext"): dict,
    ("userIdentity", "sessionContext", "sessionIssuer"): dict,
    ("userIdentity", "sessionContext", "sessionIssuer", "arn"): str,
    ("userIdentity", "sessionContext", "sessionIssuer", "type"): str,
    ("requestParameters",): dict,
    ("requestParameters", "handshakeId"): str,
    ("responseElements",): dict,
    ("responseElements", "handshake"): dict,
    ("responseElements", "handshake", "resources"): list,
    ("responseElements", "handshake", "resources", 0): dict,
    ("responseElements", "handshake", "resources", 0, "type"): str,
    ("responseElements", "handshake", "resources", 0, "resources"): list,
    ("responseElements", "handshake", "resources", 0, "resources", 0): dict,
    ("responseElements", "handshake", "resources", 0, "resources", 0, "type"): str,
    ("responseElements", "handshake", "resources", 0, "resources", 0, "value"): str,
    ("errorCode",): str,
}


@pytest.mark.parametrize("written", [records, looked_up])
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:9])
def test_a_value_of_another_kind_is_refused_by_its_path(written: Any, odd: Any) -> None:
    sound = record(errorCode="AccessDenied")
    for path in places(sound):
        refused = refusal(written(record(), replaced(sound, path, odd)))
        kind = READ.get(path)
        if kind is None or odd is None or isinstance(odd, kind):
            # The time must be one, and a list's items are objects.
            assert not refused or path in {(), ("eventTime",)} or (odd and isinstance(odd, list)), path
        else:
            dotted = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
            assert f"event 2 has {KINDS.get(type(odd), 'a number')} as `{dotted[1:]}`, which must" in refused


def refusal(text: str) -> str:
    """The problem of a file; empty if it is taken."""
    try:
        evidence_of(text, "the-file")
    except EvidenceUnusableError as error:
        return error.what
    return ""


@pytest.mark.parametrize("document", ODD, ids=lambda odd: repr(odd)[:9])
def test_a_document_of_another_kind_is_refused(document: Any) -> None:
    for whole in (document, {"Records": document}, {"Events": document}, {"Events": [document]}):
        if whole in ({"Records": []}, {"Events": []}, {"Records": [{}]}, {"Records": [{"a": {}}]}):
            assert not evidence_of(json.dumps(whole), "the-file").events
            continue
        with pytest.raises(EvidenceUnusableError):
            evidence_of(json.dumps(whole), "the-file")


def test_a_parent_is_found_however_deep_it_lies() -> None:
    resource: dict[str, Any] = {"type": "PARENT_HANDSHAKE", "value": "parent0001"}
    for _ in range(200):
        resource = {"type": "ORGANIZATION", "value": "o-exampleorg1", "resources": [resource]}
    given = record(responseElements={"handshake": {"id": "h-child0000", "resources": [resource]}})
    (event,) = evidence_of(records(given), "events.json").events
    assert event.parent_id == "h-parent0001"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it isn't JSON"),
        ("[" * 100_000, "it isn't JSON"),
        ("[]", "neither `Events` nor `Records`"),
        ('{"digestStartTime": "2026"}', "neither `Events` nor `Records`"),
        ('{"Records": {}}', "neither `Events` nor `Records`"),
        ('{"Records": [1]}', "event 1 is no object"),
        ('{"Events": [{}]}', "event 1 has no record in `CloudTrailEvent`"),
        ('{"Events": [{"CloudTrailEvent": "{"}]}', "event 1 has no record in `CloudTrailEvent`"),
        ('{"Events": [{"CloudTrailEvent": "[]"}]}', "the record of event 1 is no object"),
        (records(record(), record(eventTime=None)), "event 2, an AcceptHandshake, has no time"),
        (records(record(eventTime="0001-01-01T00:00:00+10:00")), "event 1, an AcceptHandshake, has no time"),
        (
            records(record(), record(eventName=["AcceptHandshake"])),
            "event 2 has a list as `eventName`, which must be a text.",
        ),
        (
            records(record(responseElements={"handshake": {"resources": [{}, 1]}})),
            "event 1 has a number as `responseElements.handshake.resources[1]`, which must be an object.",
        ),
        (records(record(eventTime="yesterday")), "event 1, an AcceptHandshake, has no time"),
        (records(moved(eventTime=None)), "event 1, an AccountDepartedOrganization, has no time"),
        (
            records(moved([DEPARTED])),
            "event 1 has a list as `serviceEventDetails`, which must be an object.",
        ),
    ],
)
def test_a_file_that_isnt_an_export_is_refused_by_name(text: str, told: str) -> None:
    with pytest.raises(EvidenceUnusableError) as refused:
        evidence_of(text, "the-file")
    assert refused.value.what.startswith("The file the-file can't be taken as evidence: ")
    assert told in refused.value.what
