"""The landing zones of `examples`, as their own files have them, on the real engine, from beginning to end.

What both are held to is tried with both: the one in Python, which has the dynamic resources, and the one in
TypeScript, which has the native provider.
"""

from __future__ import annotations

import functools
import json
import re
import subprocess
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.docs import pages
from tests.engine.test_state import EXTERNAL_ID, make_role
from tests.landing_zone.conftest import landing_zone_environment
from tests.landing_zone.typescript import EXAMPLE as IN_TYPESCRIPT
from tests.landing_zone.typescript import TypeScriptStack
from tests.resources.test_guards import assert_clean, without_an_interrupted_program
from tools.landing_zone import EXAMPLE, STEPS
from tools.venvs import LANDING_ZONE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.landing_zone.conftest import Stack
    from tests.stacks import CommandResult

UNITS = {"Security", "Infrastructure", "Workloads", "Sandbox", "PolicyStaging"}
TYPES = {"INSPECTOR_POLICY", "SERVICE_CONTROL_POLICY", "TAG_POLICY"}
OWN = {"baseline", "cost-tags", "scanning"}
INSPECTOR = "inspector2.amazonaws.com"


@pytest.fixture
def in_python(copy_of: Callable[[Path], Stack], org: Emulator) -> Stack:
    """A stack of the example in Python."""
    stack = copy_of(EXAMPLE)
    stack.configure_with(configuration(org))
    return stack


@pytest.fixture
def in_typescript(tmp_path: Path, org: Emulator, plugin: int, with_npms_packages: None) -> TypeScriptStack:  # noqa: ARG001
    """A stack of the example in TypeScript."""
    stack = TypeScriptStack.from_project(IN_TYPESCRIPT, tmp_path / "copy", org, plugin=plugin)
    stack.configure_with(configuration(org))
    return stack


@pytest.fixture(params=["in_python", "in_typescript"])
def zone(request: pytest.FixtureRequest) -> Stack:
    """A stack of the example in each language."""
    made: Stack = request.getfixturevalue(request.param)
    return made


def configuration(org: Emulator) -> dict[str, Any]:
    """The example's configuration."""
    return {
        "landing-zone:organizationId": org.organization_id,
        "landing-zone:securityAccountId": org.created[0],
    }


class Aws:
    """The view of the organization's management account."""

    def __init__(self, org: Emulator) -> None:
        org.clock.advance(seconds=10)
        self._client = org.client("organizations", org.management)
        self.root = self._client.list_roots()["Roots"][0]

    @property
    def types(self) -> set[str]:
        return {each["Type"] for each in self.root["PolicyTypes"]}

    @property
    def units(self) -> dict[str, str]:
        listed = self._client.list_organizational_units_for_parent(ParentId=self.root["Id"])
        return {each["Name"]: each["Id"] for each in listed["OrganizationalUnits"]}

    @property
    def administrators(self) -> dict[str, list[str]]:
        """The administrators for each service that is trusted."""
        trusted = self._client.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
        listed = self._client.list_delegated_administrators
        return {
            name: [each["Id"] for each in listed(ServicePrincipal=name)["DelegatedAdministrators"]]
            for name in (each["ServicePrincipal"] for each in trusted)
        }

    def policies(self) -> set[str]:
        """The customer's policies of the types that are on."""
        return self._own(self._client.list_policies)

    def in_force(self, unit: str) -> set[str]:
        """The customer's policies that are attached to a unit."""
        return self._own(functools.partial(self._client.list_policies_for_target, TargetId=self.units[unit]))

    def _own(self, listed: Callable[..., Any]) -> set[str]:
        found = [each for kind in TYPES & self.types for each in listed(Filter=kind)["Policies"]]
        return {each["Name"] for each in found if not each["AwsManaged"]}


def previewed(zone: Stack) -> dict[str, int]:
    """The changes that a preview announces, which never replace anything."""
    preview = zone.preview()
    assert not preview.failed, preview.text
    assert not [op for op in preview.ops if "replace" in op], preview.text
    return preview.ops


def errors(ran: CommandResult) -> set[str]:
    """The beginnings of the errors that a person reads."""
    found = set(re.findall(r"error: ([^:\n]+)", without_an_interrupted_program(ran.text)))
    # A program that the engine ends once a run has failed may still say so.
    return found - {"Resource monitor has terminated, shutting down"}


def test_without_pulumi_aws_it_goes_from_the_gate_to_all_in_force_and_down_again(
    lean: Callable[[Path], Stack], org: Emulator
) -> None:
    zone = lean(EXAMPLE)
    zone.configure_with(configuration(org))
    assert previewed(zone) == {"create": 20, "import": 1}
    assert_clean(zone.up(), "feature-set-not-enabled", "0 of 3 approved")
    assert set(Aws(org).units) == UNITS, "which take no features"
    org.approve_all()
    ran = zone.up()
    assert not ran.failed, ran.text
    aws = Aws(org)
    assert (aws.types, aws.policies()) == (TYPES, OWN)
    assert (aws.in_force("PolicyStaging"), aws.in_force("Sandbox")) == (OWN, set())
    assert aws.administrators == {INSPECTOR: [org.created[0]]}

    org.reset_calls()
    assert not zone.up(expect_no_changes=True).failed
    assert set(org.calls) <= {"GetCallerIdentity"}, "which the stand-in asks as it is configured"

    destroyed = zone.destroy()
    assert not destroyed.failed, destroyed.text
    aws = Aws(org)
    assert (aws.types, aws.units, aws.administrators) == (set(), {}, {})
    writes = [entry.call.operation for entry in org.entries if entry.call.writes]
    assert writes.index("DeregisterDelegatedAdministrator") < writes.index("DisableAWSServiceAccess")


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)  # a dozen runs of the engine
def test_several_ups_converge_to_policies_in_force(zone: Stack, org: Emulator) -> None:
    writes = Counter(org.writes)
    assert previewed(zone) == {"create": 20, "import": 1}
    assert org.writes == writes
    first = zone.up()
    assert_clean(first, "feature-set-not-enabled", "0 of 3 approved")
    assert errors(first) == {"feature-set-not-enabled", "update failed"}
    assert set(Aws(org).units) == UNITS, "which take no features"
    org.approve(org.invited[0])
    assert previewed(zone) == {"create": 12, "update": 1, "same": 8}
    assert_clean(zone.up(), "feature-set-not-enabled", "1 of 3 approved")
    for account in org.invited[1:]:
        org.approve(account)
    assert previewed(zone) == {"create": 12, "update": 1, "same": 8}
    ran = zone.up()
    assert not ran.failed, ran.text
    aws = Aws(org)
    assert ran.outputs.keys() == {"status", "message", "root", *UNITS}
    assert (aws.types, aws.policies()) == (TYPES, OWN)
    assert {unit: aws.in_force(unit) for unit in UNITS} == {
        **{unit: set() for unit in UNITS},
        "PolicyStaging": OWN,
    }

    zone.configure_with({"landing-zone:guardrailsOn": ["PolicyStaging", "Sandbox"]})
    assert previewed(zone) == {"create": 3, "same": 21}
    assert not zone.up().failed
    assert Aws(org).in_force("Sandbox") == OWN
    for command in (zone.preview, zone.refresh, zone.preview, zone.up):
        assert not command(expect_no_changes=True).failed
    assert org.writes["EnableAllFeatures"] == 1

    destroyed = zone.destroy()
    assert not destroyed.failed, destroyed.text
    assert org.feature_set == "ALL"
    aws = Aws(org)
    assert (aws.types, aws.units) == (set(), {}), "nothing of its own is left"
    assert org.writes["DeleteOrganization"] == 0


@pytest.mark.exhaustive
def test_what_somebody_disables_by_hand_is_shown_and_mended(zone: Stack, org: Emulator) -> None:
    org.enable_all_features()
    org.approve_all()
    assert not zone.up().failed
    org.client("organizations", org.management).disable_policy_type(
        RootId=Aws(org).root["Id"], PolicyType="TAG_POLICY"
    )
    assert Aws(org).in_force("PolicyStaging") == OWN - {"cost-tags"}
    preview = zone.preview(refresh=True, expect_no_changes=True)
    assert preview.failed
    assert "somebody disabled TAG_POLICY on root" in preview.text
    fixed = zone.up(refresh=True)
    assert fixed.ops == {"create": 1, "update": 1, "same": 19}, fixed.text
    assert Aws(org).in_force("PolicyStaging") == OWN

    # While somebody else's policy is attached, its type stays enabled; everything else is deleted.
    client = org.client("organizations", org.management)
    made = client.create_policy(Name="theirs", Description="", Type="TAG_POLICY", Content='{"tags": {}}')
    client.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=org.invited[0])
    assert_clean(zone.destroy(), "policy-type-in-use", "theirs", org.invited[0])
    assert "TAG_POLICY" in Aws(org).types


@pytest.mark.exhaustive
def test_one_configuration_drives_both(in_python: Stack, org: Emulator, tmp_path: Path) -> None:
    zone = in_python
    role = f"arn:aws:iam::{org.management}:role/LandingZone"
    make_role(org, role, EXTERNAL_ID)
    keys = org.credentials(org.management)
    (tmp_path / "aws-config").write_text(
        f"[profile management]\naws_access_key_id = {keys.access_key_id}\n"
        f"aws_secret_access_key = {keys.secret_access_key}\n"
    )
    zone.stack.workspace.env_vars = {
        **zone.stack.workspace.env_vars,
        "AWS_CONFIG_FILE": str(tmp_path / "aws-config"),
    }
    # The profile is of this stack's environment: the engine must start the plugin in it.
    del zone.stack.workspace.env_vars["PULUMI_DEBUG_PROVIDERS"]
    zone.configure_with(
        {
            "aws:accessKey": None,
            "aws:secretKey": None,
            "aws:profile": "management",
            "aws:assumeRole": {"roleArn": role},
        }
    )
    zone.configure_secretly("aws:assumeRole.externalId", EXTERNAL_ID, path=True)
    org.enable_all_features()
    org.approve_all()
    org.reset_calls()
    ran = zone.up()
    assert not ran.failed, ran.text
    assert org.calls["AssumeRole"] >= 2
    assert Aws(org).in_force("PolicyStaging") == OWN
    assert org.writes["AcceptHandshake"] == 1


@pytest.mark.exhaustive
def test_a_unit_that_there_is_not_is_refused_by_name(zone: Stack) -> None:
    zone.configure_with({"landing-zone:guardrailsOn": ["PolicyStagin"]})
    preview = zone.preview()
    assert preview.failed
    assert "error: guardrailsOn names 'PolicyStagin', but there are Security, " in preview.text
    assert "Traceback" not in preview.text


@pytest.mark.exhaustive
def test_the_compiler_finds_nothing_in_the_one_in_typescript(in_typescript: TypeScriptStack) -> None:
    assert in_typescript.check() == ""
    units = in_typescript.folder / "units.ts"
    units.write_text(units.read_text().replace("parentId", "parent"))
    assert "error TS" in in_typescript.check(), "it looks"


def test_both_have_the_same_policies() -> None:
    first, second = (
        {path.name: path.read_text() for path in (example / "policies").iterdir()}
        for example in (EXAMPLE, IN_TYPESCRIPT)
    )
    assert first == second


_MOCKED = """
import json, runpy, sys
import pulumi

class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        made.append({"type": args.typ, "name": args.name, "inputs": args.inputs})
        roots = {"roots": [{"id": "r-mock", "arn": "", "name": "Root", "policyTypes": []}]}
        return f"{args.name}-id", {**args.inputs, **(roots if args.typ.endswith(":Organization") else {})}

    def call(self, args):
        raise AssertionError(args.token)

made = []
pulumi.runtime.set_mocks(Mocks(), project="landing-zone")
pulumi.runtime.set_all_config({
    "landing-zone:organizationId": "o-exampleorg1", "landing-zone:securityAccountId": "333333333333",
    "landing-zone:guardrailsOn": json.dumps(["PolicyStaging"])
})

@pulumi.runtime.test
def program():
    sys.path.insert(0, ".")
    runpy.run_path("__main__.py")

program()
print(json.dumps(made))
"""


@pytest.mark.exhaustive
@pytest.mark.usefixtures("with_pulumi_aws")
def test_with_pulumis_mocks_it_declares_what_aws_would_take() -> None:
    told = subprocess.run(
        [LANDING_ZONE.path / "bin" / "python", "-c", _MOCKED],
        cwd=EXAMPLE,
        env={**landing_zone_environment(), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    made: list[dict[str, Any]] = json.loads(told.stdout)
    policies = {each["name"]: each["inputs"] for each in made if each["type"].endswith(":Policy")}
    assert {each["type"] for each in policies.values()} == TYPES
    for inputs in policies.values():
        # Quotas of the User Guide: 5,120 characters of a service control policy, 10,000 of a tag policy.
        assert len(json.dumps(json.loads(inputs["content"]))) < 5120
    attached = {
        (each["inputs"]["policyId"], each["inputs"]["targetId"])
        for each in made
        if each["type"].endswith(":PolicyAttachment")
    }
    assert attached == {(f"{name}-id", "PolicyStaging-id") for name in OWN}
    (feature_set,) = (each for each in made if each["type"].endswith(":OrganizationFeatureSet"))
    assert feature_set["inputs"]["organization_id"] == "o-exampleorg1"


@pytest.mark.parametrize("example", [EXAMPLE, IN_TYPESCRIPT], ids=["python", "typescript"])
def test_its_page_says_how_to_run_it(example: Path) -> None:
    typed = pages.commands(example / "README.md")
    shown = " && ".join(step.command for step in STEPS)
    for line in typed:
        known = (
            line in {"pulumi install", "pulumi stack init production", "pulumi up"} or "config set " in line
        )
        assert known or line.removeprefix("pulumi up ") in shown, line
    settings = yaml.safe_load((example / "Pulumi.yaml").read_text())["config"]
    assert {name for name in settings if f"pulumi config set {name} " in "\n".join(typed)} >= {
        name for name, setting in settings.items() if "default" not in setting
    }, "what must be set"
