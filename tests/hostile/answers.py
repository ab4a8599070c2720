"""An AWS of fixed answers, in the process: what is read can be anything, and quickly.

It stands where the network begins, so that everything of ours and of botocore's is passed on the way. What it
answers otherwise is a migration in progress, in the shapes that the emulator has.
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.httpsession import URLLib3Session

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

ORGANIZATION: Final = "o-exampleorg1"
MANAGEMENT: Final = "111111111111"
INVITED: Final = ("222222222222", "222222222223", "222222222224")
CREATED: Final = "333333333333"
PARENT: Final = "h-0000000000"
REQUESTED, EXPIRES = 1_793_696_400, 1_801_472_400
_ARN: Final = f"arn:aws:organizations::{MANAGEMENT}"


def _account(account_id: str, joined: str) -> dict[str, Any]:
    return {
        "Id": account_id,
        "Arn": f"{_ARN}:account/{ORGANIZATION}/{account_id}",
        "Email": f"aws-{account_id}@example.com",
        "Name": f"name-{account_id}",
        "Status": "ACTIVE",
        "State": "ACTIVE",
        "JoinedMethod": joined,
        "JoinedTimestamp": REQUESTED,
    }


def _handshake(handshake_id: str, action: str, state: str, account_id: str | None = None) -> dict[str, Any]:
    parties = [{"Id": ORGANIZATION.removeprefix("o-"), "Type": "ORGANIZATION"}]
    resources = [{"Value": ORGANIZATION, "Type": "ORGANIZATION"}]
    if account_id is not None:
        parties.append({"Id": account_id, "Type": "ACCOUNT"})
        resources.append({"Value": PARENT.removeprefix("h-"), "Type": "PARENT_HANDSHAKE"})
    return {
        "Id": handshake_id,
        "Arn": f"{_ARN}:handshake/{ORGANIZATION}/{action.lower()}/{handshake_id}",
        "Parties": parties,
        "State": state,
        "RequestedTimestamp": REQUESTED,
        "ExpirationTimestamp": EXPIRES,
        "Action": action,
        "Resources": resources,
    }


_PARENT: Final = _handshake(PARENT, "ENABLE_ALL_FEATURES", "REQUESTED")
_CHILDREN: Final = [
    _handshake("h-0000000001", "APPROVE_ALL_FEATURES", "OPEN", INVITED[0]),
    _handshake("h-0000000002", "APPROVE_ALL_FEATURES", "DECLINED", INVITED[1]),
    _handshake("h-0000000003", "APPROVE_ALL_FEATURES", "ACCEPTED", INVITED[2]),
    _handshake("h-0000000004", "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE", "OPEN", CREATED),
]
_INVITATION: Final = {
    **_handshake("h-0000000009", "INVITE", "OPEN"),
    "Parties": [{"Id": "somebody@example.com", "Type": "EMAIL"}],
}
_ROOT: Final = {
    "Id": "r-tm1i",
    "Arn": f"{_ARN}:root/{ORGANIZATION}/r-tm1i",
    "Name": "Root",
    "PolicyTypes": [{"Type": "TAG_POLICY", "Status": "ENABLED"}],
}

ANSWERS: Final[dict[str, dict[str, Any]]] = {
    "DescribeOrganization": {
        "Organization": {
            "Id": ORGANIZATION,
            "Arn": f"{_ARN}:organization/{ORGANIZATION}",
            "FeatureSet": "CONSOLIDATED_BILLING",
            "MasterAccountArn": f"{_ARN}:account/{ORGANIZATION}/{MANAGEMENT}",
            "MasterAccountId": MANAGEMENT,
            "MasterAccountEmail": "master@example.com",
        }
    },
    "ListAccounts": {
        "Accounts": [
            _account(MANAGEMENT, "INVITED"),
            *(_account(each, "INVITED") for each in INVITED),
            _account(CREATED, "CREATED"),
        ]
    },
    "ListHandshakesForAccount": {"Handshakes": [_CHILDREN[0]]},
    "EnableAllFeatures": {"Handshake": _PARENT},
    "AcceptHandshake": {"Handshake": _CHILDREN[0] | {"State": "ACCEPTED"}},
    "CancelHandshake": {"Handshake": _PARENT | {"State": "CANCELED"}},
    "ListRoots": {"Roots": [_ROOT]},
    "EnablePolicyType": {"Root": _ROOT},
    "DisablePolicyType": {"Root": _ROOT | {"PolicyTypes": []}},
    "ListAWSServiceAccessForOrganization": {
        "EnabledServicePrincipals": [{"ServicePrincipal": "ram.amazonaws.com"}]
    },
    "EnableAWSServiceAccess": {},
    "DisableAWSServiceAccess": {},
    "ListDelegatedAdministrators": {
        "DelegatedAdministrators": [{"Id": INVITED[0], "Name": "administrator", "State": "ACTIVE"}]
    },
    "ListPolicies": {
        "Policies": [{"Id": "p-examplepolicy", "Name": "mine", "Type": "TAG_POLICY", "AwsManaged": False}]
    },
    "ListTargetsForPolicy": {"Targets": [{"TargetId": INVITED[0], "Name": "target", "Type": "ACCOUNT"}]},
}
"""Answers of AWS Organizations, but for `ListHandshakesForOrganization`, which depends on what is asked."""

_LISTED: Final = {
    "ENABLE_ALL_FEATURES": [_PARENT],
    "APPROVE_ALL_FEATURES": _CHILDREN,
    "INVITE": [_INVITATION],
}
_QUERY: Final = {
    "GetCallerIdentity": "<Arn>{who}</Arn><Account>{caller}</Account>",
    "AssumeRole": "<Credentials><AccessKeyId>AKIAEXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
    "<SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>",
    "GetRole": f"<Role><Arn>arn:aws:iam::{MANAGEMENT}:role/Jane</Arn></Role>",
    "SimulatePrincipalPolicy": "<EvaluationResults/><IsTruncated>false</IsTruncated>",
}


@dataclass
class FixedAws:
    """Answers everything that botocore sends, until the test is over.

    Attributes:
        begun: Whether the migration is in progress; else there is an invitation.
        caller: The account that asks.
        who: The ARN of who asks, but for the account.
        usual: Makes the usual answer of an operation's, where the way takes another.
        change: Makes another answer of that.
        refused: The operations that are refused, with code and message.
        asked: The operations that were called.
        bodies: Status and whole body by operation, instead of answers.
    """

    begun: bool = True
    caller: str = MANAGEMENT
    who: str = "arn:aws:iam::{caller}:user/jane"
    usual: Callable[[str, Any], Any] = lambda _operation, answer: answer
    change: Callable[[str, Any], Any] = lambda _operation, answer: answer
    asked: list[str] = field(default_factory=list)
    refused: dict[str, tuple[str, str]] = field(default_factory=dict)
    bodies: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def stand_in(self, monkeypatch: pytest.MonkeyPatch) -> FixedAws:
        """Answer in the network's place, to keys that are nobody's."""
        monkeypatch.setattr(URLLib3Session, "send", lambda _session, request: self._answer(request))
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
            monkeypatch.delenv(name, raising=False)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        return self

    def _answer(self, request: Any) -> AWSResponse:
        target = request.headers.get("X-Amz-Target")
        if target is None:
            asked = {name: values[0] for name, values in parse_qs(_text(request.body)).items()}
            return self._by_query(request.url, asked["Action"])
        operation = _text(target).rpartition(".")[2]
        self.asked.append(operation)
        if operation in self.bodies:
            return _response(request.url, *self.bodies[operation])
        if operation in self.refused:
            code, message = self.refused[operation]
            return _response(request.url, 400, _json({"__type": code, "Message": message}))
        usual = deepcopy(self._told(operation, json.loads(_text(request.body))))
        answer = self.change(operation, self.usual(operation, usual))
        return _response(request.url, 200, _json(answer))

    def _told(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        if operation != "ListHandshakesForOrganization":
            return ANSWERS[operation]
        chosen = asked["Filter"]
        if not self.begun:
            return {"Handshakes": _LISTED["INVITE"] if chosen.get("ActionType") == "INVITE" else []}
        if "ParentHandshakeId" in chosen:
            return {"Handshakes": _CHILDREN}
        return {"Handshakes": _LISTED.get(chosen["ActionType"], [])}

    def _by_query(self, url: str, operation: str) -> AWSResponse:
        self.asked.append(operation)
        if operation in self.bodies:
            return _response(url, *self.bodies[operation])
        if operation in self.refused:
            code, message = map(_xml, self.refused[operation])
            error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
            return _response(url, 400, f"<ErrorResponse>{error}</ErrorResponse>".encode())
        told = _QUERY[operation].replace("{who}", self.who).replace("{caller}", self.caller)
        result = f"<{operation}Result>{told}</{operation}Result>"
        return _response(url, 200, f"<{operation}Response>{result}</{operation}Response>".encode())


def _response(url: str, status: int, body: bytes) -> AWSResponse:
    answer: Any = AWSResponse(url, status, HTTPHeaders(), None)
    answer._content = body
    return answer  # type: ignore[no-any-return]  # botocore's, filled as botocore does


def _json(value: Any) -> bytes:
    # In ASCII, so that lone surrogates are carried as JSON can.
    return json.dumps(value).encode()


def _xml(text: str) -> str:
    """A text as XML can carry it."""
    kept = (
        c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c < "\ufffe" or c > "\uffff"
    )
    return escape("".join(kept))


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value or "")
