"""Pulumi's own options, as their page has them: on the engine, and by its script for dynamic providers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pulumi
import pytest

from aws_org_features import OrganizationFeatureSet
from aws_org_features.lifecycle.aws_settings import FOLLOWED
from tests.docs import pages
from tests.stacks import ORGANIZATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_emulator import Emulator
    from tests.stacks import Project

PAGE = pages.ROOT / "docs" / "pulumi-options.md"
VENV = pages.ROOT / ".venv"


def _program() -> None:
    (block,) = [each for each in pages.blocks("python", (PAGE,)) if "ProviderResource" in each.text]
    exec(compile(block.text, str(PAGE), "exec"), {})  # noqa: S102 - our own page


def _with_a_bare_provider() -> None:
    provider = pulumi.ProviderResource("pulumi-python", "bare", {})
    opts = pulumi.ResourceOptions(provider=provider)
    OrganizationFeatureSet("org", organization_id=ORGANIZATION, opts=opts)


def test_the_page_hands_over_all_that_is_followed() -> None:
    (block,) = [each for each in pages.blocks("python", (PAGE,)) if "ProviderResource" in each.text]
    assert [name for name in FOLLOWED if f'"{name}"' not in block.text] == []


def test_with_all_default_providers_disabled_an_explicit_one_is_handed_the_configuration(
    project: Project, org: Emulator
) -> None:
    project.configure_with({"pulumi:disable-default-providers": ["*"], "test:organizationId": ORGANIZATION})
    project.declare_feature_set()
    without = project.preview()
    assert without.failed
    assert "Default provider for 'pulumi-python' disabled" in without.text

    project.configure_with({"aws:forbiddenAccountIds": [org.management]})
    project.declare(_with_a_bare_provider)
    refused = project.up()
    assert (
        "provider-unconfigured: the provider of org wasn't given aws:accessKey and aws:endp" in refused.text
    )
    assert "aws:forbiddenAccountIds" in refused.text
    assert org.calls == {}

    project.declare(_program)
    assert "`aws:forbiddenAccountIds` (or --forbidden-account-id) rules out" in project.up().text
    assert org.writes == {}

    project.configure_with({"aws:forbiddenAccountIds": None})
    ran = project.up()
    assert not ran.failed, ran.text
    assert org.migrations_started == 1
    stored = project.stored()
    assert '"aws:secretKey": "' not in stored.replace("\n", ""), "recorded as a secret alone"


def _with_a_providers_transform() -> None:
    provider = pulumi.ProviderResource("pulumi-python", "bare", {})

    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if not args.type_.startswith("pulumi-python:"):
            return None
        opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(provider=provider))
        return pulumi.ResourceTransformResult(args.props, opts)

    pulumi.runtime.register_resource_transform(transform)
    OrganizationFeatureSet("org", organization_id=ORGANIZATION)


def test_a_provider_that_a_transform_of_the_engines_gives_is_looked_at_as_well(
    project: Project, org: Emulator
) -> None:
    keys = org.credentials(org.management)
    project.set_environment(
        AWS_ENDPOINT_URL=org.endpoint,
        AWS_ACCESS_KEY_ID=keys.access_key_id,
        AWS_SECRET_ACCESS_KEY="any",  # noqa: S106 - the emulator takes any
    )
    project.configure_with({"aws:forbiddenAccountIds": [org.management]})
    project.declare(_with_a_providers_transform)
    ran = project.up()
    assert "provider-unconfigured: the provider of org wasn't given aws:accessKey" in ran.text
    assert org.writes == {}


def _bare_python(folder: Path) -> Path:
    """A folder with a `python3` that has no packages."""
    program = folder / "bin" / "python3"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nexec '{Path(sys.executable).resolve()}' -S \"$@\"\n")
    program.chmod(0o755)
    return program.parent


def _start(folder: Path, options: Mapping[str, str]) -> tuple[bool, str]:
    """Start the provider as the engine does; gives whether it came up, and what it said."""
    script = shutil.which("pulumi-resource-pulumi-python")
    assert script is not None
    clean = {name: text for name, text in os.environ.items() if not name.startswith(("VIRTUAL", "PULUMI"))}
    with subprocess.Popen(
        [script, "127.0.0.1:1"],
        cwd=folder,
        env={
            **clean,
            "PATH": f"{_bare_python(folder)}:/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
            **options,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        if first:
            os.killpg(process.pid, 9)
        said = process.stderr.read()
    return first.strip().isdecimal(), said


@pytest.mark.parametrize(
    ("at", "options", "missing"),
    [
        ("project/.venv", {"PULUMI_RUNTIME_TOOLCHAIN": "uv"}, None),
        (".venv", {"PULUMI_RUNTIME_TOOLCHAIN": "uv"}, "doesn't exist"),
        (".venv", {"PULUMI_RUNTIME_TOOLCHAIN": "uv", "PULUMI_RUNTIME_VIRTUALENV": "../.venv"}, None),
        ("project/.venv", {"PULUMI_RUNTIME_VIRTUALENV": ".venv"}, None),
        ("project/.venv", {}, "No module named 'pulumi'"),
        ("project/.venv", {"PULUMI_PYTHON_CMD": str(VENV / "bin" / "python")}, None),
    ],
)
def test_the_providers_python_is_the_one_that_the_page_says(
    tmp_path: Path, at: str, options: dict[str, str], missing: str | None
) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / at).symlink_to(VENV)
    came_up, said = _start(tmp_path / "project", options)
    assert came_up is (missing is None), said
    assert missing is None or missing in said


@pytest.mark.exhaustive  # what the engine prints
def test_a_saved_plan_holds_the_session_token_and_does_not_print_it(project: Project, tmp_path: Path) -> None:
    project.declare_feature_set(observe="refresh")
    plan = str(tmp_path / "plan.json")
    project.configure_secretly("aws:token", "an-earlier-session")
    assert not project.up().failed
    project.configure_secretly("aws:token", "the-first-session")
    assert not project.preview(plan=plan).failed
    project.configure_secretly("aws:token", "the-second-session")
    ran = project.up(plan=plan)
    assert ran.failed
    assert "violates plan: properties changed: ~~aws:token[{[secret]}!={[secret]}]" in ran.text
    assert "-session" not in ran.text
