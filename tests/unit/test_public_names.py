"""The package's public names, and the cost of importing it."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import aws_org_features

HEAVY = {"boto3", "botocore", "grpc", "moto", "pulumi"}


@pytest.mark.parametrize("name", aws_org_features.__all__)
def test_every_public_name_can_be_had(name: str) -> None:
    assert getattr(aws_org_features, name).__name__ == name
    assert name in dir(aws_org_features)


def test_type_checkers_see_the_real_names() -> None:
    tree = ast.parse(Path(aws_org_features.__file__).read_text())
    seen = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("aws_org_features.")
        for alias in node.names
    }
    assert sorted(seen) == sorted(aws_org_features.__all__)
    for name, module in seen.items():
        assert getattr(import_module(str(module)), name) is getattr(aws_org_features, name)


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'OrganisationFeatureSet'"):
        aws_org_features.OrganisationFeatureSet  # type: ignore[attr-defined]  # noqa: B018 - misspelled on purpose


@pytest.mark.parametrize(
    "statement", ["import aws_org_features", "from aws_org_features.common import errors"]
)
def test_the_core_is_imported_without_pulumi_or_aws(statement: str) -> None:
    program = f"import sys; {statement}; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not HEAVY & {module.partition(".")[0] for module in done.stdout.split()}
