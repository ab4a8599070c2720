"""Status of an organization, for a program to decide by; no resource records it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_org_features.lifecycle.inputs import connection_problems, organization_id_problems
from aws_org_features.migration.assess import assess
from aws_org_features.migration.observe import observe
from aws_org_features.migration.state import carry, outputs
from aws_org_features.model.migration import NOTHING_RECORDED, Desired

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_features.aws import Organizations
    from aws_org_features.lifecycle.resource import Problem

_OF_A_RECORD: Final = ("attempt_recorded", "started_by_this_resource")


def find_problems(organization_id: Any, connection: Any) -> Iterator[Problem]:
    """Problems with the question."""
    yield from organization_id_problems({}, organization_id)
    yield from connection_problems(connection)


def look(api: Organizations, organization_id: str) -> dict[str, Any]:
    """The answer: the resource's outputs, but for what tells of a record. Writes nothing.

    Raises:
        OrgFeaturesError: The organization's status is unknown.
    """
    desired = Desired(organization_id)
    seen = observe(api, desired, NOTHING_RECORDED)
    now = assess(NOTHING_RECORDED, seen)
    found = outputs(desired, seen.organization, carry(desired, NOTHING_RECORDED, now))
    answer = {name: value for name, value in found.items() if name not in _OF_A_RECORD}
    return {"organization_id": organization_id, **answer}
