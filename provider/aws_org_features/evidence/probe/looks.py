"""Calls that fit any organization."""

from __future__ import annotations

from typing import Final

from aws_org_features.evidence.probe.step import Kind, Step, Who, provoke

NOBODYS_HANDSHAKE: Final = "h-00000000"
_NOBODYS: Final = {"HandshakeId": NOBODYS_HANDSHAKE}

LOOKS: Final = (
    Step("organization", Who.MANAGEMENT, "DescribeOrganization", kind=Kind.PROVOKE, tells=("feature_set",)),
    provoke("roots", "ListRoots"),
    provoke("accounts", "ListAccounts", request={"MaxResults": 20}),
    provoke("handshakes", "ListHandshakesForOrganization"),
    provoke("invitations", "ListHandshakesForOrganization", request={"Filter": {"ActionType": "INVITE"}}),
    provoke(
        "migrations",
        "ListHandshakesForOrganization",
        request={"Filter": {"ActionType": "ENABLE_ALL_FEATURES"}},
    ),
    provoke(
        "approvals",
        "ListHandshakesForOrganization",
        request={"Filter": {"ActionType": "APPROVE_ALL_FEATURES"}},
    ),
    provoke("received", "ListHandshakesForAccount"),
    provoke("describe nobody's", "DescribeHandshake", request=_NOBODYS),
    provoke("accept nobody's", "AcceptHandshake", request=_NOBODYS),
    provoke("decline nobody's", "DeclineHandshake", request=_NOBODYS),
    provoke("cancel nobody's", "CancelHandshake", request=_NOBODYS),
    provoke(
        "below nobody's",
        "ListHandshakesForOrganization",
        request={"Filter": {"ParentHandshakeId": NOBODYS_HANDSHAKE}},
    ),
    provoke(
        "two filters",
        "ListHandshakesForOrganization",
        request={"Filter": {"ActionType": "INVITE", "ParentHandshakeId": NOBODYS_HANDSHAKE}},
    ),
    provoke("no such page", "ListHandshakesForOrganization", request={"NextToken": "bad"}),
    provoke("start on all features", "EnableAllFeatures", only_all=True),
)
"""Steps that only read, or only provoke refusals: they fit any organization."""
