"""Ownership of a handshake: its fields right, missing or foreign, in every topology, form and order."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

from aws_org_features.aws.parse import handshake
from aws_org_features.common import errors
from aws_org_features.common.ownership import Part, Sought, Verdict, Whose, judge, refuse_unless_ours
from aws_org_features.member_account.decide import decide, is_approval_of
from aws_org_features.model.approval import NO_APPROVAL
from aws_org_features.model.organizations import Handshake, Organization

if TYPE_CHECKING:
    from collections.abc import Iterator

ORGANIZATION: Final = "o-exampleorg1"
MANAGEMENT: Final = "111111111111"
MINE: Final = "222222222222"
PARENT: Final = "h-parent0001"
FOREIGN_ORGANIZATION: Final = "o-foreignorg1"
FOREIGN_ACCOUNT: Final = "999999999999"
FOREIGN_PARENT: Final = "h-foreign0001"
ROLE: Final = "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE"
TOPOLOGIES: Final = {
    "A": {Part.PARENT: "ENABLE_ALL_FEATURES", Part.APPROVAL: "APPROVE_ALL_FEATURES"},
    "B": {Part.PARENT: "APPROVE_ALL_FEATURES", Part.APPROVAL: "ENABLE_ALL_FEATURES"},
}
SIDES: Final = {
    "management, the parent": Sought(Part.PARENT, ORGANIZATION, MANAGEMENT),
    "management, an approval": Sought(Part.APPROVAL, ORGANIZATION, MANAGEMENT, parent_id=PARENT),
    "approver": Sought(Part.APPROVAL, ORGANIZATION, MANAGEMENT, MINE),
    "member": Sought(Part.APPROVAL, ORGANIZATION, MANAGEMENT, MINE),
    "member that may not describe the organization": Sought(Part.APPROVAL, ORGANIZATION, None, MINE),
}


@dataclass(frozen=True)
class Says:
    """Statements of a handshake: each value `right`, `foreign`, or None where it is missing."""

    party: str | None = "right"
    resource: str | None = "right"
    arn: str | None = "right"
    account_party: str | None = "right"
    account_resource: str | None = "right"
    parent: str | None = "right"

    @property
    def foreign(self) -> bool:
        """Return whether something is another's."""
        fields = (self.party, self.resource, self.account_party, self.account_resource, self.parent)
        return "foreign" in fields or self.arn not in {"right", None}

    @property
    def named(self) -> bool:
        """Return whether the organization is named."""
        return "right" in {self.party, self.resource, self.arn}


ARNS: Final = ("right", None, "foreign organization", "foreign management", "foreign", "of an invitation")
VALUES: Final = ("right", None, "foreign")


def made(says: Says, action: str, *, prefixed: bool, reverse: bool, partition: str = "aws") -> Handshake:
    """The handshake, read as AWS answers it."""
    organizations = {"right": ORGANIZATION, "foreign": FOREIGN_ORGANIZATION}
    accounts = {"right": MINE, "foreign": FOREIGN_ACCOUNT}
    parents = {"right": PARENT, "foreign": FOREIGN_PARENT}
    parties: list[dict[str, Any]] = []
    resources: list[dict[str, Any]] = []
    if says.parent:
        link = parents[says.parent]
        resources.append({"Type": "PARENT_HANDSHAKE", "Value": link if prefixed else link[2:]})
    if says.party:
        id_ = organizations[says.party]
        parties.append({"Type": "ORGANIZATION", "Id": id_ if prefixed else id_[2:]})
    if says.resource:
        resources.append({"Type": "ORGANIZATION", "Value": organizations[says.resource]})
    if says.account_party:
        parties.append({"Type": "ACCOUNT", "Id": accounts[says.account_party]})
    if says.account_resource:
        resources.append({"Type": "ACCOUNT", "Value": accounts[says.account_resource]})
    whole = says.arn == "foreign"
    sender = FOREIGN_ACCOUNT if whole or says.arn == "foreign management" else MANAGEMENT
    organization = FOREIGN_ORGANIZATION if whole or says.arn == "foreign organization" else ORGANIZATION
    kind = "invite" if says.arn == "of an invitation" else action.lower()[:32]
    arn = f"arn:{partition}:organizations::{sender}:handshake/{organization}/{kind}/h-child0001"
    shape = {
        "Id": "h-child0001",
        "Arn": arn if says.arn else "",
        "State": "OPEN",
        "Action": action,
        "Parties": parties[::-1] if reverse else parties,
        "Resources": resources[::-1] if reverse else resources,
    }
    return handshake(shape)  # type: ignore[arg-type]  # a plain dictionary


def forms() -> Iterator[dict[str, Any]]:
    """All forms: with and without prefixes, in either order, in each partition."""
    for prefixed, reverse, partition in itertools.product(
        (False, True), (False, True), ("aws", "aws-us-gov", "aws-cn")
    ):
        yield {"prefixed": prefixed, "reverse": reverse, "partition": partition}


def parents() -> Iterator[Says]:
    for party, resource, arn in itertools.product(VALUES, VALUES, ARNS):
        yield Says(party, resource, arn, None, None, None)


def approvals() -> Iterator[Says]:
    for values in itertools.product(VALUES, VALUES, ARNS, VALUES, VALUES, VALUES):
        says = Says(*values)
        if says.account_party or says.account_resource or says.parent:
            yield says


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_a_parent_is_ours_only_if_all_that_it_says_agrees(topology: str) -> None:
    action, tried = TOPOLOGIES[topology][Part.PARENT], 0
    for says, form in itertools.product(parents(), forms()):
        verdict = judge(made(says, action, **form), SIDES["management, the parent"])
        assert (verdict.whose is Whose.OURS) is (says.named and not says.foreign), says
        assert bool(verdict.why) is (verdict.whose is Whose.UNCLEAR), says
        tried += 1
    assert tried == 3 * 3 * 6 * 12


@pytest.mark.parametrize("side", [side for side in SIDES if side != "management, the parent"])
@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_an_approval_is_ours_only_if_all_that_it_says_agrees(topology: str, side: str) -> None:
    action, sought = TOPOLOGIES[topology][Part.APPROVAL], SIDES[side]
    for says, form in itertools.product(approvals(), itertools.islice(forms(), 0, None, 5)):
        verdict = judge(made(says, action, **form), sought)
        assert bool(verdict.why) is (verdict.whose is Whose.UNCLEAR), says
        assert (verdict.whose is Whose.OURS) is _is_clear(says, sought), (says, verdict)


def _is_clear(says: Says, sought: Sought) -> bool:
    """Say what must be accepted, and nothing else; in other words than the judgment's own."""
    foreign = [says.party, says.resource, says.account_party, says.account_resource].count("foreign")
    arns = {"right", None}
    named = says.named
    if sought.account_id is None:
        # Management isn't one of the accounts: whose the request is, is all that it is shown.
        both = {says.account_party, says.account_resource} - {None}
        foreign = [says.party, says.resource].count("foreign") + (len(both) > 1)
        named = named or says.parent == "right"
    elif sought.management_account_id is None:
        arns = {"right", None, "foreign management"}
        named = named or says.arn == "foreign management"
    linked = says.parent != "foreign" or sought.parent_id is None
    return foreign == 0 and says.arn in arns and named and linked


CHANGED: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "a foreign ORGANIZATION party": ({"party": "foreign"}, FOREIGN_ORGANIZATION),
    "a foreign ORGANIZATION resource": ({"resource": "foreign"}, FOREIGN_ORGANIZATION),
    "another organization in the ARN": ({"arn": "foreign organization"}, FOREIGN_ORGANIZATION),
    "another management account in the ARN": ({"arn": "foreign management"}, FOREIGN_ACCOUNT),
    "a foreign ARN": ({"arn": "foreign"}, FOREIGN_ORGANIZATION),
    "the ARN of an invitation": ({"arn": "of an invitation"}, "invite"),
    "a foreign ACCOUNT party": ({"account_party": "foreign"}, FOREIGN_ACCOUNT),
    "a foreign ACCOUNT resource": ({"account_resource": "foreign"}, FOREIGN_ACCOUNT),
}


@pytest.mark.parametrize("side", ["approver", "member"])
@pytest.mark.parametrize("name", CHANGED)
def test_a_contradiction_is_reported_with_both_sides(name: str, side: str) -> None:
    changes, value = CHANGED[name]
    verdict = judge(made(Says(**changes), "APPROVE_ALL_FEATURES", prefixed=False, reverse=False), SIDES[side])
    assert verdict.whose is Whose.UNCLEAR
    assert value in verdict.why


def shape(**changes: Any) -> dict[str, Any]:
    """An approval as the worked examples have it."""
    arn = f"arn:aws:organizations::{MANAGEMENT}:handshake/{ORGANIZATION}/approve_all_features/h-child0001"
    return {
        "Id": "h-child0001",
        "Arn": arn,
        "State": "OPEN",
        "Action": "APPROVE_ALL_FEATURES",
        "Parties": [{"Type": "ORGANIZATION", "Id": "exampleorg1"}, {"Type": "ACCOUNT", "Id": MINE}],
        "Resources": [
            {"Type": "PARENT_HANDSHAKE", "Value": "parent0001"},
            {"Type": "ORGANIZATION", "Value": ORGANIZATION},
            {"Type": "ACCOUNT", "Value": MINE},
        ],
        **changes,
    }


def judged(side: str = "member", **changes: Any) -> Verdict:
    return judge(handshake(shape(**changes)), SIDES[side])  # type: ignore[arg-type]  # a plain dictionary


def _typed(kind: str, value: str, key: str = "Id", **more: Any) -> dict[str, Any]:
    return {"Type": kind, key: value, **more}


_RIGHT_PARTIES: Final = [_typed("ORGANIZATION", "exampleorg1"), _typed("ACCOUNT", MINE)]
_RIGHT_RESOURCES: Final = shape()["Resources"]
_ARN: Final = shape()["Arn"]

ODD: Final[dict[str, dict[str, Any]]] = {
    "two ORGANIZATION parties": {"Parties": [*_RIGHT_PARTIES, _typed("ORGANIZATION", "foreignorg1")]},
    "the other one first": {"Parties": [_typed("ORGANIZATION", "foreignorg1"), *_RIGHT_PARTIES]},
    "two ACCOUNT parties": {"Parties": [*_RIGHT_PARTIES, _typed("ACCOUNT", FOREIGN_ACCOUNT)]},
    "two ORGANIZATION resources": {
        "Resources": [*_RIGHT_RESOURCES, _typed("ORGANIZATION", FOREIGN_ORGANIZATION, "Value")]
    },
    "two parents": {"Resources": [*_RIGHT_RESOURCES, _typed("PARENT_HANDSHAKE", FOREIGN_PARENT, "Value")]},
    "itself for a parent": {
        "Resources": [*_RIGHT_RESOURCES[1:], _typed("PARENT_HANDSHAKE", "child0001", "Value")]
    },
    "another organization within a resource": {
        "Resources": [
            *_RIGHT_RESOURCES,
            _typed("NOTES", "", "Value", Resources=[_typed("ORGANIZATION", FOREIGN_ORGANIZATION, "Value")]),
        ]
    },
    "another management account as a resource": {
        "Resources": [*_RIGHT_RESOURCES, _typed("MANAGEMENT_ACCOUNT", FOREIGN_ACCOUNT, "Value")]
    },
    "a transfer's resource": {
        "Resources": [*_RIGHT_RESOURCES, _typed("RESPONSIBILITY_TRANSFER", "rt-12345678", "Value")]
    },
    "an ARN that is none": {"Arn": "arn:aws:iam::111111111111:role/x"},
    "the ARN of a role request": {"Arn": _ARN.replace("approve_all_features", "add_organizations_x")},
    "the action of an invitation": {"Action": "INVITE"},
    "the action of a transfer": {"Action": "TRANSFER_RESPONSIBILITY"},
    "no action": {"Action": ""},
    "no organization": {"Arn": "", "Parties": [], "Resources": [_RIGHT_RESOURCES[0], _RIGHT_RESOURCES[2]]},
    "the organization within a resource alone": {
        "Arn": "",
        "Parties": [],
        "Resources": [{**_RIGHT_RESOURCES[2], "Resources": [_typed("ORGANIZATION", ORGANIZATION, "Value")]}],
    },
    "the management account asked": {
        "Parties": [_typed("ORGANIZATION", "exampleorg1"), _typed("ACCOUNT", MANAGEMENT)],
        "Resources": _RIGHT_RESOURCES[:2],
    },
}


@pytest.mark.parametrize("side", ["approver", "member"])
@pytest.mark.parametrize("name", ODD)
def test_a_malformed_handshake_is_never_ours(name: str, side: str) -> None:
    verdict = judged(side, **ODD[name])
    assert verdict.whose is Whose.UNCLEAR, verdict
    assert verdict.why
    received = handshake(shape(**ODD[name]))  # type: ignore[arg-type]  # a plain dictionary
    answer = decide(ORGANIZATION, MINE, NO_APPROVAL, [received], MANAGEMENT)
    assert (answer.accept, answer.approval, len(answer.unclear)) == ((), NO_APPROVAL, 1)
    assert answer.obstructed


_INVITATION: Final = {"Action": "INVITE", "Arn": _ARN.replace("approve_all_features", "invite")}
_FOREIGN: Final = {
    "Arn": _ARN.replace(ORGANIZATION, FOREIGN_ORGANIZATION).replace(MANAGEMENT, FOREIGN_ACCOUNT),
    "Parties": [_typed("ACCOUNT", MINE), _typed("ORGANIZATION", "foreignorg1")],
    "Resources": [_typed("ORGANIZATION", FOREIGN_ORGANIZATION, "Value"), _typed("ACCOUNT", MINE, "Value")],
}

OTHERS: Final[dict[str, dict[str, Any]]] = {
    "an invitation": _INVITATION,
    "an invitation of somebody else": {**_FOREIGN, **_INVITATION, "Arn": _FOREIGN["Arn"]}
    | {"Arn": str(_FOREIGN["Arn"]).replace("approve_all_features", "invite")},
    "a transfer": {
        "Action": "TRANSFER_RESPONSIBILITY",
        "Arn": _ARN.replace("approve_all_features", "transfer"),
    },
    "another organization's request": _FOREIGN,
    "another account's": {
        "Parties": [_RIGHT_PARTIES[0], _typed("ACCOUNT", "333333333333")],
        "Resources": [*_RIGHT_RESOURCES[:2], _typed("ACCOUNT", "333333333333", "Value")],
    },
    "the migration's own": {"Parties": _RIGHT_PARTIES[:1], "Resources": _RIGHT_RESOURCES[1:2]},
    "a role request outside a migration": {
        "Action": ROLE,
        "Arn": "",
        "Resources": _RIGHT_RESOURCES[1:],
    },
}


@pytest.mark.parametrize("name", OTHERS)
def test_somebody_elses_handshake_is_ignored_silently(name: str) -> None:
    assert judged(**OTHERS[name]) == Verdict(Whose.OTHERS)


LEFT_OUT: Final[dict[str, dict[str, Any]]] = {
    "parties": {"Parties": []},
    "resources": {"Resources": []},
    "the ARN": {"Arn": ""},
    "parties and the ARN": {"Parties": [], "Arn": ""},
    "all but the ARN and the parent": {"Parties": [], "Resources": _RIGHT_RESOURCES[:1]},
}


@pytest.mark.parametrize("side", ["management, an approval", "approver", "member"])
@pytest.mark.parametrize("name", LEFT_OUT)
def test_missing_fields_contradict_nothing(name: str, side: str) -> None:
    assert judged(side, **LEFT_OUT[name]).whose is Whose.OURS


@pytest.mark.parametrize("kind", ["add_organizations_service_linked_role", ROLE.lower()[:32]])
def test_a_request_for_the_lost_role_is_ours_in_a_migration(kind: str) -> None:
    arn = _ARN.replace("approve_all_features", kind)
    assert judged(Action=ROLE, Arn=arn).whose is Whose.OURS


@pytest.mark.parametrize("kind", ["enable_all_features", "approve_all_features"])
@pytest.mark.parametrize("action", ["ENABLE_ALL_FEATURES", "APPROVE_ALL_FEATURES"])
def test_the_action_in_an_arn_decides_nothing(action: str, kind: str) -> None:
    assert judged(Action=action, Arn=_ARN.replace("approve_all_features", kind)).whose is Whose.OURS


def test_a_handshake_that_was_not_read_from_aws_is_judged_by_its_links() -> None:
    asked = Handshake(
        "h-child0001", "", "APPROVE_ALL_FEATURES", "OPEN", None, None, MINE, PARENT, ORGANIZATION
    )
    assert is_approval_of(asked, ORGANIZATION, MINE)
    assert not is_approval_of(asked, FOREIGN_ORGANIZATION, MINE)
    assert not is_approval_of(asked, ORGANIZATION, FOREIGN_ACCOUNT)


@pytest.mark.parametrize("change", [{}, {"resource": "foreign"}, {"arn": "foreign", "resource": "foreign"}])
@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_management_writes_to_nothing_but_its_migration(topology: str, change: dict[str, Any]) -> None:
    says = Says(**{**dict.fromkeys(("account_party", "account_resource", "parent")), **change})
    parent = made(says, TOPOLOGIES[topology][Part.PARENT], prefixed=False, reverse=False)
    organization = Organization(ORGANIZATION, "arn:aws:organizations::x", MANAGEMENT, "CONSOLIDATED_BILLING")
    if not change:
        refuse_unless_ours(parent, organization)
        return
    with pytest.raises(errors.HandshakeUnclearError, match=r"^Handshake h-child0001 .*o-foreignorg1"):
        refuse_unless_ours(parent, organization)
