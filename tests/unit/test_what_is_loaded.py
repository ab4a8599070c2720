"""Modules that aren't loaded where they aren't needed: a run with nothing to do adds little to Pulumi."""

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
_COMPONENT: Final = {"aws_org_features.plugin.construct", "pulumi.runtime.proto.resource_pb2"}
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
_NATIVE: Final = """
from aws_org_features.plugin import server, resources, schema, wire
from aws_org_features.lifecycle.resource import Call, Settings
from aws_org_features.lifecycle.run_caches import RunCaches

features = resources.begin(schema.FEATURE_SET)
call = Call("urn", None, Settings(lambda _: None), RunCaches())
declared = wire.write({"organizationId": "o-exampleorg1"})
steps = {"none": "all features are enabled"}
before = wire.merged(declared, ("organizationId",), {"goal": "ENABLED", "steps": steps})
inputs, problems = features.check(call, before, declared)
assert not problems
kept = wire.merged(inputs, tuple(inputs.fields), {"status": "ENABLED"})
assert not features.diff(call, kept, before, inputs).properties
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
        pytest.param(_NATIVE, _AWS | _CORE | _COMPONENT, id="the native provider, with nothing to do"),
        pytest.param(_HELPED, _AWS | _CORE | {"pulumi", "rich"}, id="the command's help"),
        pytest.param(_BEGUN, _AWS | {"jinja2", "pulumi", "rich"}, id="status, before its first call"),
    ],
)
def test_modules_that_are_not_loaded(code: str, unneeded: set[str]) -> None:
    ran = subprocess.run([sys.executable, "-c", code + _TOLD], capture_output=True, text=True, check=True)
    loaded = set(json.loads(ran.stdout.splitlines()[-1]))
    assert not unneeded & loaded
