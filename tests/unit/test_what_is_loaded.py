"""What isn't loaded where it isn't needed: a run with nothing to do adds next to nothing to Pulumi."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Final

import pytest

_CORE: Final = {
    "aws_org_features.approver.approve",
    "aws_org_features.migration.messages",
    "aws_org_features.migration.reconcile",
    "aws_org_features.model.migration",
    "aws_org_features.views.plan",
}
_AWS: Final = {"boto3", "botocore", "tenacity"}

_DECLARED: Final = """
from aws_org_features import OrganizationFeatureSet
"""
_PROVIDED: Final = """
from aws_org_features.resources.feature_set import OrganizationFeatureSetProvider

inputs = dict(
    organization_id="o-exampleorg1", feature_set="ALL", finalize=True, attempt=1, approver=None,
    wait_until="requested", timeout="30m", on_destroy="leave", observe="diff", connection=None,
    goal="ENABLED", steps={"none": "all features are enabled"},
)
kept = {**inputs, "status": "ENABLED"}
provider = OrganizationFeatureSetProvider()
assert not provider.check(kept, inputs).failures
assert not provider.diff("o-exampleorg1", kept, inputs).changes
"""
_HELPED: Final = """
from aws_org_features.cli import main

try:
    main(["--help"])
except SystemExit:
    pass
"""
_BEGUN: Final = """
from aws_org_features.cli import status
from aws_org_features.cli.render import heading
"""
_TOLD: Final = """
import json, sys
print("\\n" + json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize(
    ("code", "unneeded"),
    [
        pytest.param(_DECLARED, _AWS | _CORE, id="a program that declares it"),
        pytest.param(_PROVIDED, _AWS | _CORE, id="the provider, with nothing to do"),
        pytest.param(_HELPED, _AWS | _CORE | {"pulumi", "rich"}, id="the command's help"),
        pytest.param(_BEGUN, _AWS | {"jinja2", "pulumi", "rich"}, id="status, before its first call"),
    ],
)
def test_what_is_not_loaded(code: str, unneeded: set[str]) -> None:
    ran = subprocess.run([sys.executable, "-c", code + _TOLD], capture_output=True, text=True, check=True)
    loaded = set(json.loads(ran.stdout.splitlines()[-1]))
    assert not unneeded & loaded
