"""A program with our resources in a user's unit test: Pulumi's mocks answer, and AWS isn't asked."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from aws_org_features import (
    AllFeaturesOrganization,
    AssumeRoleArgs,
    ConnectionArgs,
    FeatureSetApproval,
    get_organization_feature_set,
    get_organization_feature_set_output,
)
from aws_org_features.resources.get_feature_set import FUNCTION

if TYPE_CHECKING:
    from collections.abc import Callable

ORGANIZATION = "o-exampleorg1"
ROLE = "arn:aws:iam::111111111111:role/organization"


class Answering(pulumi.runtime.Mocks):
    """Answers what it is given.

    Attributes:
        asked: What it was called with.
        made: The types of what was made.
    """

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        self.asked: list[tuple[str, dict[Any, Any]]] = []
        self.made: list[str] = []

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[Any, Any]]:
        self.made.append(args.typ.rpartition(":")[2])
        return args.name, {**args.inputs, **self.answer}

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        self.asked.append((args.token, args.args))
        return self.answer, []


@pytest.fixture(autouse=True)
def _nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection, even with credentials that work."""

    def connect(*_: object) -> None:
        raise AssertionError("somebody was asked over the network")

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "somebody's own")
    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", connect)


@pytest.fixture
def answering(request: pytest.FixtureRequest) -> Any:
    """A program without an engine, whose mock answers the test's parameter."""
    mocks = Answering(getattr(request, "param", {"status": "ENABLED", "enabled": True}))
    pulumi.runtime.set_mocks(mocks)
    yield mocks
    pulumi.runtime.settings.reset_options()


def _run(program: Callable[[], object]) -> Any:
    """Run a program as `pulumi.runtime.test` does; gives what its output was known as."""
    told: list[Any] = []

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def test() -> pulumi.Output[Any]:
        return pulumi.Output.from_input(program()).apply(told.append)

    test()
    return told[0]


def test_the_mock_answers(answering: Answering) -> None:
    found = get_organization_feature_set(organization_id=ORGANIZATION)
    assert (found.status, found.enabled, found.organization_id) == ("ENABLED", True, ORGANIZATION)
    assert found.handshake is None, "of what the mock said nothing"
    assert answering.asked == [(FUNCTION, {"organization_id": ORGANIZATION})]


def test_the_mock_answers_what_is_asked_by_outputs(answering: Answering) -> None:
    connection = ConnectionArgs(assume_roles=[AssumeRoleArgs(role_arn=ROLE)])

    def program() -> pulumi.Output[Any]:
        organization = AllFeaturesOrganization("organization", organization_id=ORGANIZATION)
        asked = get_organization_feature_set_output(
            organization_id=pulumi.Output.from_input(ORGANIZATION),
            connection=connection,
            opts=pulumi.InvokeOutputOptions(depends_on=[organization]),
        )
        return asked.apply(lambda found: [found.status, found.enabled])

    assert _run(program) == ["ENABLED", True]
    ((token, asked),) = answering.asked
    assert (token, asked["organization_id"]) == (FUNCTION, ORGANIZATION)
    assert asked["connection"]["assume_roles"][0]["role_arn"] == ROLE


@pytest.mark.parametrize("answering", [{}], indirect=True)
def test_a_mock_that_says_nothing_is_not_enabled(answering: Answering) -> None:
    assert not get_organization_feature_set(organization_id=ORGANIZATION).enabled
    assert answering.asked


@pytest.mark.parametrize("answering", [{"currentFeatureSet": "ALL"}], indirect=True)
@pytest.mark.usefixtures("answering")
def test_an_answer_that_there_is_no_field_for_is_reported() -> None:
    with pytest.raises(pulumi.RunError, match=r"answers currentFeatureSet, which .* current_feature_set"):
        get_organization_feature_set(organization_id=ORGANIZATION)


def test_resources_are_the_mocks_as_well(answering: Answering) -> None:
    def program() -> pulumi.Output[Any]:
        organization = AllFeaturesOrganization(
            "organization",
            organization_id=ORGANIZATION,
            policy_types=["TAG_POLICY"],
            trusted_services=["ram.amazonaws.com"],
        )
        FeatureSetApproval("approval", organization_id=ORGANIZATION)
        return organization.feature_set.status

    assert _run(program) == "ENABLED"
    assert sorted(answering.made) == [
        "AllFeaturesGate",
        "AllFeaturesOrganization",
        "FeatureSetApproval",
        "OrganizationFeatureSet",
        "RootPolicyType",
        "TrustedService",
    ]
