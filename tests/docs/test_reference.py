"""Names, defaults, errors and the lifecycle on the pages are those of the code."""

from __future__ import annotations

import inspect
import itertools
import re
from typing import TYPE_CHECKING

import pytest

from aws_org_features import (
    AllFeaturesOrganization,
    ApproverArgs,
    ConnectionArgs,
    FeatureSetApproval,
    OrganizationFeatureSet,
    RootPolicyType,
    TrustedService,
)
from aws_org_features.cli.exit_codes import BY_STATUS, Exit
from aws_org_features.cli.render.approve_json import FIELDS
from aws_org_features.common import errors
from aws_org_features.member_account import state as member
from aws_org_features.migration.decide import decide
from aws_org_features.migration.state import OUTPUTS
from aws_org_features.model.approval import ApprovalStatus
from aws_org_features.model.migration import Action, Approvals, Assessment, Desired, Recorded, Status, Waiting
from aws_org_features.model.on_off import OnDestroy
from aws_org_features.model.policy_types import PolicyTypeStatus
from aws_org_features.model.trusted_services import TrustedServiceStatus
from aws_org_features.policy_types import state as root
from aws_org_features.trusted_services import state as trusted
from aws_org_features.trusted_services.services import OWN
from aws_org_features.views.iam_policies import PURPOSES, Purpose, policy_for
from tests.docs import pages
from tests.unit import values

if TYPE_CHECKING:
    from enum import StrEnum
    from pathlib import Path

    from pulumi.dynamic import Resource

STATUS = pages.ROOT / "docs" / "status.md"

_VERBS = {"starts": Action.START, "finalizes": Action.ACCEPT, "cancels": Action.CANCEL}
_EDGE = re.compile(r"^ +(\S+) --> (\S+?)(?:: (.+))?$", re.MULTILINE)


@pytest.mark.parametrize(
    ("page", "resource"),
    [
        (pages.FEATURE_SET, OrganizationFeatureSet),
        (pages.MEMBER, FeatureSetApproval),
        (pages.POLICY_TYPES, RootPolicyType),
        (pages.TRUSTED_SERVICES, TrustedService),
    ],
    ids=["feature set", "approval", "policy type", "trusted service"],
)
def test_the_table_of_inputs(page: Path, resource: type[Resource]) -> None:
    parameters = dict(inspect.signature(resource.__init__).parameters)
    for name in ("self", "resource_name", "opts"):
        del parameters[name]
    listed = {pages.ticked(row[0])[0]: row for row in pages.rows(pages.section(page, "Inputs"))}
    assert list(listed) == list(parameters)
    for name, parameter in parameters.items():
        default = parameter.default
        told = listed[name][1]
        if default is parameter.empty:
            assert told == "", name
        else:
            assert told == as_told(default), name
    described = re.search(r"ConnectionArgs\(([^)]+)\)", listed["connection"][2])
    assert described is not None
    assert described[1].split(", ") == list(inspect.signature(ConnectionArgs).parameters)


def as_told(default: object) -> str:
    """A default, as the pages write it."""
    return f'`"{default}"`' if isinstance(default, str) else f"`{default}`"


def test_the_tables_of_the_component() -> None:
    own = inspect.signature(AllFeaturesOrganization.__init__).parameters
    added = [
        name for name in own if name not in inspect.signature(OrganizationFeatureSet.__init__).parameters
    ]
    inputs, attributes = pages.section(pages.LANDING_ZONE, "The component").split("| attribute |")
    listed = {pages.ticked(row[0])[0]: row for row in pages.rows(inputs)}
    assert list(listed) == added
    for name in added:
        assert listed[name][1] == as_told(own[name].default), name
    listed = {pages.ticked(row[0])[0]: row for row in pages.rows("| attribute |" + attributes)}
    assert list(listed) == list(AllFeaturesOrganization.__annotations__)


def test_the_table_of_outputs() -> None:
    rows = pages.rows(pages.section(pages.FEATURE_SET, "Outputs"))
    assert [name for row in rows for name in pages.ticked(row[0])] == list(OUTPUTS)
    fields = {pages.ticked(row[0])[0]: pages.ticked(row[1]) for row in rows}
    assert fields["approvals"] == list(Approvals.__dataclass_fields__)
    assert fields["waiting_for"] == list(Waiting.__dataclass_fields__)


@pytest.mark.parametrize(
    ("page", "outputs", "statuses"),
    [
        (pages.MEMBER, member.OUTPUTS, ApprovalStatus),
        (pages.POLICY_TYPES, root.OUTPUTS, PolicyTypeStatus),
        (pages.TRUSTED_SERVICES, trusted.OUTPUTS, TrustedServiceStatus),
    ],
    ids=["approval", "policy type", "trusted service"],
)
def test_the_tables_of_outputs_and_statuses(
    page: Path, outputs: tuple[str, ...], statuses: type[StrEnum]
) -> None:
    listed = pages.rows(pages.section(page, "Outputs"))
    assert [pages.ticked(row[0])[0] for row in listed] == list(outputs)
    listed = pages.rows(pages.section(page, "Statuses"))
    assert [pages.ticked(row[0])[0] for row in listed] == list(statuses)


_ON_OFF = pytest.mark.parametrize(
    "page", [pages.POLICY_TYPES, pages.TRUSTED_SERVICES], ids=["policy type", "trusted service"]
)


@_ON_OFF
def test_the_tables_of_what_a_destroy_does_and_of_what_goes_wrong(page: Path) -> None:
    listed = pages.rows(pages.section(page, "On destroy"))
    assert [pages.ticked(row[0])[0] for row in listed] == list(OnDestroy)
    references = {kind.reference for kind in errors.OrgFeaturesError.__subclasses__()}
    listed = pages.rows(pages.section(page, "Errors"))
    assert {pages.ticked(row[0])[0] for row in listed} <= references


def test_the_services_with_a_way_of_their_own() -> None:
    listed = pages.rows(pages.section(pages.TRUSTED_SERVICES, "Which services"))
    told = {principal: row[1] for row in listed for principal in pages.ticked(row[0])}
    own = {principal: known.enable for principal, known in OWN.items() if known.enable}
    assert told.keys() == own.keys()
    for principal, how in own.items():
        command = next(iter(pages.ticked(told[principal])), None)
        assert (command is None) is (not how.startswith("run ")), principal
        assert command is None or f"run `{command}" in how


@_ON_OFF
def test_the_permissions_are_those_of_the_calls_and_of_the_policy(page: Path) -> None:
    purpose: Purpose = "policy-types" if page == pages.POLICY_TYPES else "trusted-services"
    rows = pages.rows(pages.section(page, "Permissions"))
    listed = {action for row in rows for action in pages.ticked(row[0])}
    called = _actions_of_the_calls_in(purpose.replace("-", "_"))
    assert listed == {"organizations:DescribeOrganization", *called}
    policy = policy_for(
        purpose,
        partition="aws",
        organization_id="o-exampleorg1",
        management_account_id="111111111111",
    )
    assert listed == {action for statement in policy["Statement"] for action in statement["Action"]}


@pytest.mark.parametrize(
    ("page", "heading", "modules"),
    [
        (pages.ORGANIZATION, "Permissions", ("calls", "organizations")),
        (pages.MEMBER, "Permissions", ("calls", "member_account")),
    ],
    ids=["management", "member"],
)
def test_the_permissions_are_those_of_the_calls_that_are_made(
    page: Path, heading: str, modules: tuple[str, ...]
) -> None:
    rows = pages.rows(pages.section(page, heading))
    assert {pages.ticked(row[0])[0] for row in rows} == _actions_of_the_calls_in(*modules)


def _actions_of_the_calls_in(*modules: str) -> set[str]:
    texts = [(pages.ROOT / f"provider/aws_org_features/aws/{name}.py").read_text() for name in modules]
    called = re.compile(r'"((?:Describe|List|Enable|Disable|Accept|Cancel|Decline)[A-Z]\w+)"')
    return {f"organizations:{name}" for text in texts for name in called.findall(text)}


_TYPED = re.compile(r"\baws (organizations|cloudtrail|iam|sts) ([a-z]+(?:-[a-z]+)+)")
_BY_ANYBODY = {"sts:GetCallerIdentity"}
_BY_ADMINISTRATORS = {"organizations:CreateOrganization", "organizations:EnableAwsServiceAccess"}
"""Actions that this project's people don't take: making an organization, and trusting a service."""


@pytest.mark.parametrize(
    "page",
    [page for page in pages.PAGES if page.stem != "performance"],  # which measures others' commands
    ids=pages.name,
)
def test_a_policy_allows_each_command_on_a_page_or_the_page_names_the_permission(
    page: Path,
) -> None:
    where = {"organization_id": "o-exampleorg1", "management_account_id": "111111111111"}
    policies = [policy_for(purpose, partition="aws", **where) for purpose in PURPOSES]
    allowed = {action for each in policies for rule in each["Statement"] for action in rule["Action"]}
    text = page.read_text()
    for service, operation in _TYPED.findall(text):
        action = f"{service}:{operation.title().replace('-', '')}"
        known = action in allowed | _BY_ANYBODY | _BY_ADMINISTRATORS
        assert known or f"`{action}`" in text, f"{operation} takes {action}"


def test_every_status_is_explained() -> None:
    listed = pages.rows(pages.section(pages.ROOT / "docs" / "concepts.md", "Statuses"))
    assert [pages.ticked(row[0])[0] for row in listed] == list(Status)


def test_every_error_is_explained_and_nothing_else() -> None:
    page = (pages.ROOT / "docs" / "errors.md").read_text()
    explained = re.findall(r"^### `([a-z-]+)`$", page, re.MULTILINE)
    references = {kind.reference for kind in errors.OrgFeaturesError.__subclasses__()}
    assert len(explained) == len(set(explained))
    raised = {"credentials-in-plain", "plain-values-needed", "policy-types-invalid", "provider-ignored"}
    raised |= {"import-unsupported", "provider-unconfigured", "trusted-services-invalid"}
    assert set(explained) == references | raised


def test_the_fields_of_what_approve_says_as_json() -> None:
    section = pages.section(pages.ROOT / "docs" / "approvals.md", "From the management account")
    table = section.partition("### As JSON")[2].partition("### ")[0]
    told = {name: row[1] for row in pages.rows(table) for name in pages.ticked(row[0])}
    for mode, fields in FIELDS.items():
        assert {name for name, modes in told.items() if modes == "all" or mode in modes} == set(fields)


def test_the_exit_codes_of_approve() -> None:
    section = pages.section(pages.ROOT / "docs" / "approvals.md", "From the management account")
    rows = pages.rows(section.partition("### How it ends")[2])
    assert {row[0] for row in rows} == {
        f"{code.value} `{code.name}`"
        for code in (Exit.DONE, Exit.FAILED, Exit.PENDING, Exit.DECLINED, Exit.UNREACHED)
    }


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name)
def test_exit_codes_have_their_names(page: Path) -> None:
    for number, name in re.findall(r"\b(\d+) `([A-Z_]+)`", pages.prose(page)):
        assert Exit(int(number)).name == name


def test_a_pipeline_branches_on_the_codes_of_status() -> None:
    (example,) = [b for b in pages.blocks("sh", (STATUS,)) if "case $?" in b.text]
    done = {int(code): act for code, act in re.findall(r"^  (\d)\) (.+) ;;$", example.text, re.MULTILINE)}
    assert done.keys() == {Exit.PENDING, Exit.DECLINED, Exit.TO_FINALIZE}
    assert done[Exit.TO_FINALIZE] == "pulumi up --yes"
    assert set(BY_STATUS.values()) == {*done, Exit.DONE, Exit.NOT_IN_FLIGHT}


@pytest.fixture
def edges() -> list[tuple[str, str, str]]:
    (diagram,) = pages.blocks("mermaid", (pages.README,))
    return [(a, b, label) for a, b, label in _EDGE.findall(diagram.text) if "[*]" not in (a, b)]


def test_the_diagram_knows_every_status(edges: list[tuple[str, str, str]]) -> None:
    assert {status for edge in edges for status in edge[:2]} == set(Status)
    for status in Status:
        assert status is Status.NOT_STARTED or any(edge[1] == status for edge in edges), status


def _actions(status: Status, *, raised: bool, finalize: bool) -> set[Action]:
    """Actions that the provider may take at once in a status, with a record of an earlier run or without."""
    parents = [values.parent(state) for state in ("REQUESTED", "OPEN", "EXPIRED", "DECLINED", "CANCELED")]
    desired = Desired("o-exampleorg1", finalize=finalize, attempt=2 if raised else 1)
    records = (Recorded(), values.record(Status.AWAITING_APPROVALS, values.parent()))
    return {
        decide(desired, recorded, Assessment(status, parent, listed=listed)).action
        for parent, listed, recorded in itertools.product([*parents, None], [True, False], records)
    } - {Action.NONE}


@pytest.mark.parametrize("status", Status)
def test_the_diagram_shows_what_the_provider_does(status: Status, edges: list[tuple[str, str, str]]) -> None:
    labels = [label for start, _, label in edges if start == status and label.startswith("pulumi up")]
    shown = {_VERBS[verb] for label in labels for verb in _VERBS if verb in label.split(",")[0]}
    assert shown == _actions(status, raised=True, finalize=True)

    conditions = {
        "if attempt is raised": _actions(status, raised=False, finalize=True),
        "unless finalize=False": _actions(status, raised=True, finalize=False),
    }
    for condition, without in conditions.items():
        needed = any(condition in label for label in labels)
        assert without == (set() if needed else shown), condition


APPROVALS = pages.ROOT / "docs" / "approvals.md"


def test_the_settings_of_an_approver() -> None:
    section = pages.section(APPROVALS, "In a program")
    listed = [pages.ticked(row[0])[0] for row in pages.rows(section.partition("Each `pulumi up`")[0])]
    assert listed == list(inspect.signature(ApproverArgs).parameters)


def test_the_reasons_of_an_approver() -> None:
    section = pages.section(APPROVALS, "In a program").partition("| reason |")[2]
    listed = {pages.ticked(row[0])[0] for row in pages.rows("| reason |" + section)}
    package = pages.ROOT / "provider" / "aws_org_features"
    core = (path for folder in ("approver", "migration") for path in (package / folder).glob("*.py"))
    source = "".join(path.read_text() for path in core)
    own = set(re.findall(r'"([a-z]+(?:-[a-z]+)+): ', source))
    known = {kind.reference for kind in errors.OrgFeaturesError.__subclasses__()}
    assert own <= listed
    assert listed <= own | known
