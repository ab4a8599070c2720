"""Credentials of the native provider, from wherever they come: none in what a stack leaves or prints."""

from __future__ import annotations

import copy
import os
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.engine.processes import until
from tests.engine.test_secrets import EXTERNAL_ID, SECRET_KEY, SECTION, TOKEN, issued
from tests.engine.test_state import make_role
from tests.harness.yaml_project import YamlProject

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_org_emulator import Emulator

    Counted = Callable[[str, str, int], None]
    Settings = dict[str, Any]

OF_THE_APPROVER: Final = "canary-external-id-of-the-approver"
SERVICE: Final = "inspector2.amazonaws.com"
NAMES: Final = {
    "OrganizationFeatureSet": "organization",
    "TrustedService": "inspector",
    "RootPolicyType": "tags",
    "AllFeaturesOrganization": "component",
}


class Stack(YamlProject):
    """A stack with a resource of each kind, all of whose output is kept.

    Args:
        folder: For the project, its state, and who acts.
        org: The organization.
    """

    def __init__(self, folder: Path, org: Emulator) -> None:
        super().__init__(folder)
        self.org = org
        self.printed: dict[str, str] = {}
        self.set_environment(
            AWS_CONFIG_FILE=os.devnull, AWS_ENDPOINT_URL=org.endpoint, AWS_REGION="us-east-1"
        )

    def has(self, connection: Settings | None = None, options: Settings | None = None) -> Stack:
        """Declare them, as they are reached in this way."""
        approver = {"roleName": "Approve", "externalId": OF_THE_APPROVER}
        of_its_own = {"connection": connection} if connection else {}
        given: dict[str, Settings] = {
            "OrganizationFeatureSet": {"approver": approver},
            "TrustedService": {"servicePrincipal": SERVICE},
            "RootPolicyType": {"policyType": "TAG_POLICY"},
            "AllFeaturesOrganization": {"approver": approver, "trustedServices": [SERVICE]},
        }
        for kind, name in NAMES.items():
            # Copies, for what stands twice would be written as a YAML alias.
            self.declare_one(
                kind, name, self.org, copy.deepcopy(options), **copy.deepcopy({**given[kind], **of_its_own})
            )
        self.outputs = {"message": "${organization.message}", "approver": "${organization.approver}"}
        return self

    def says(self, *arguments: str, fails: bool | None = False, name: str = "") -> None:
        """Run a command; what it prints is kept. With None it may fail, or not."""
        told = self.command(*arguments)
        self.printed[name or " ".join(arguments)] = told.text
        assert fails in {None, told.failed}, told.text

    def goes_its_way(self) -> None:
        """From the beginning to the end, with what can go wrong, and an import."""
        org = self.org
        self.says("preview", "--diff")
        org.fail("*", error="ExpiredTokenException", status=403, times=99)
        self.says("up", "--yes", "--skip-preview", fails=True, name="up whose session expires")
        org.clear_faults()
        # The gate of the component is closed.
        self.says("up", "--yes", "--skip-preview", "--diff", fails=True, name="up that begins")
        self.says("refresh", "--yes", "--diff")
        org.approve_all()
        # Of the two feature sets, one may look while AWS enables what the other has finalized.
        self.says("up", "--yes", "--diff", fails=None, name="up that finalizes")
        until(lambda: org.feature_set == "ALL", "AWS enables all features")
        self.says("up", "--yes", "--diff", name="up that opens the gate")
        self.says("stack", "output", "--json")
        self.says("stack", "export", name="export")
        assert all(f'"org-features:index:{kind}"' in self.stored() for kind in NAMES)
        self.says("destroy", "--yes", "--skip-preview")
        if "explicit" not in self.resources:
            imported = ("org-features:index:OrganizationFeatureSet", "organization", org.organization_id)
            self.says("import", *imported, "--yes")
            self.says("stack", "export", name="export of what was imported")

    def places(self) -> dict[str, bytes]:
        """All that it left to be read, by its name."""
        left = (path for path in (self.folder / ".pulumi").rglob("*") if path.is_file())
        return {
            **{f"what {name} printed": text.encode() for name, text in self.printed.items()},
            **{path.relative_to(self.folder).as_posix(): path.read_bytes() for path in left},
        }


def by_the_environment(stack: Stack, role: Settings) -> None:
    """Keys of the environment, then a role that each resource's connection names."""
    keys = stack.org.credentials(stack.org.management)
    stack.set_environment(
        AWS_ACCESS_KEY_ID=keys.access_key_id, AWS_SECRET_ACCESS_KEY=SECRET_KEY, AWS_SESSION_TOKEN=TOKEN
    )
    stack.has(connection={"assumeRoles": [role]})


def by_a_profile(stack: Stack, role: Settings) -> None:
    """A profile with a role to assume, of the provider's settings."""
    keys, profiles = stack.org.credentials(stack.org.management), stack.folder / "profiles"
    profiles.write_text(
        f"[profile migrator]\nrole_arn = {role['roleArn']}\nexternal_id = {role['externalId']}\n"
        f"source_profile = user\n[profile user]\naws_access_key_id = {keys.access_key_id}\n"
        f"aws_secret_access_key = {SECRET_KEY}\naws_session_token = {TOKEN}\n"
    )
    stack.set_environment(AWS_CONFIG_FILE=str(profiles))
    stack.has().says("config", "set", "org-features:profile", "migrator")


def by_the_configuration(stack: Stack, role: Settings) -> None:
    """Keys and a role of the stack's configuration, as secrets."""
    keys = stack.org.credentials(stack.org.management)
    stack.has().says("config", "set", "org-features:accessKey", keys.access_key_id)
    for name, value in {"secretKey": SECRET_KEY, "token": TOKEN}.items():
        stack.says("config", "set", f"org-features:{name}", value, "--secret", name=name)
    of_role = "org-features:assumeRoles[0]"
    stack.says("config", "set", "--path", f"{of_role}.roleArn", role["roleArn"], name="role")
    external_id = ("--path", f"{of_role}.externalId", role["externalId"])
    stack.says("config", "set", "--secret", *external_id, name="external id")


def by_an_explicit_provider(stack: Stack, role: Settings) -> None:
    """Keys and a role of a provider that the program declares, in plain."""
    options = stack.declare_provider("explicit", stack.org)
    stack.resources["explicit"]["properties"].update(secretKey=SECRET_KEY, token=TOKEN, assumeRoles=[role])
    stack.has(options=options)


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)  # seven runs of the engine
@pytest.mark.parametrize(
    "way", [by_the_environment, by_a_profile, by_the_configuration, by_an_explicit_provider]
)
def test_no_credential_is_left_anywhere(
    tmp_path: Path, org: Emulator, way: Callable[[Stack, Settings], None], counted: Counted
) -> None:
    role = {"roleArn": f"arn:aws:iam::{org.management}:role/Migrator", "externalId": EXTERNAL_ID}
    make_role(org, role["roleArn"], EXTERNAL_ID)
    stack = Stack(tmp_path, org)
    way(stack, role)

    stack.goes_its_way()

    of_sessions = issued(org)
    assert of_sessions, "a role was assumed"
    canaries, places = {SECRET_KEY, TOKEN, EXTERNAL_ID, OF_THE_APPROVER, *of_sessions}, stack.places()
    for canary in canaries:
        found = [name for name, data in places.items() if canary.encode() in data]
        assert not found, f"{canary}: {found}"
    assert any("history" in name for name in places), [*places]
    counted(SECTION, "canaries searched for: none found", len(canaries))
    counted(SECTION, "places searched", len(places))
    counted(SECTION, "bytes in them", sum(map(len, places.values())))
