"""Per-run cache of migrations. Small: runs that ask AWS nothing load it too."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aws_org_features.common.provider_processes import CANCELS, Fact
from aws_org_features.common.run_cache import RunCache

if TYPE_CHECKING:
    from aws_org_features.model.migration import Observation
    from aws_org_features.model.steps import Steps

    _Base = RunCache[Observation]
else:
    _Base = RunCache  # without what it holds, which only an observation loads


@dataclass(slots=True)
class MigrationCache(_Base):
    """Per-run cache of migrations.

    Attributes:
        foreseen: What a diff of this run has announced, for each resource, by URN.
        unclear: Handshakes reported as left alone, because they contradict themselves.
    """

    foreseen: dict[str, Steps] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)

    def cancels(self, organization_id: str, handshake_id: str) -> None:
        """Remember that a delete of this run canceled a migration."""
        self.tell(Fact(CANCELS, organization_id, handshake_id))

    def canceled(self, organization_id: str) -> set[str]:
        """An organization's migrations that a delete of this run canceled, in any process."""
        return self.which(CANCELS, organization_id)
