"""What one run of the engine remembers of feature sets. Small: runs that ask AWS nothing load it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_org_features.aws import Connection
    from aws_org_features.model.migration import Observation
    from aws_org_features.model.steps import Steps


class Run:
    """What one run of the engine remembers; a preview and the `up` after it are two runs.

    Attributes:
        seen: The last look at each organization, so that a diff after a read asks AWS nothing.
        created: Organizations that a create of this run took on.
        present: The resources, by URN, that this run has met and keeps, for each organization.
        announced: Steps that a person has been told of.
        canceled: Migrations that a delete of this run canceled.
        foreseen: What a diff of this run has announced, for each resource, by URN.
        unclear: Handshakes that a person has been told are left alone, as they contradict themselves.
    """

    def __init__(self) -> None:
        self.seen: dict[tuple[Connection, str], Observation] = {}
        self.created: set[str] = set()
        self.present: dict[str, set[str]] = {}
        self.announced: set[str] = set()
        self.canceled: set[str] = set()
        self.foreseen: dict[str, Steps] = {}
        self.unclear: set[str] = set()

    def keeps(self, organization_id: str, urn: str) -> None:
        """Remember that a resource stays in the program."""
        self.present.setdefault(organization_id, set()).add(urn)

    def is_kept_by_another(self, organization_id: str, urn: str) -> bool:
        """Whether an organization's migration is another resource's as well: a rename costs nothing."""
        others = self.present.get(organization_id, set()) - {urn}
        return organization_id in self.created or bool(others)
