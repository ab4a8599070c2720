"""What one run of the engine remembers of migrations. Small: runs that ask AWS nothing load it too."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aws_org_features.common.run_cache import RunCache

if TYPE_CHECKING:
    from aws_org_features.common.provider_processes import Siblings
    from aws_org_features.model.migration import Observation
    from aws_org_features.model.steps import Steps

    _Base = RunCache[Observation]
else:
    _Base = RunCache  # without what it holds, which only an observation loads


@dataclass(slots=True)
class MigrationCache(_Base):
    """What one run remembers of migrations.

    Attributes:
        siblings: The other processes of the run; None where an edge has but one.
        canceled: Migrations that a delete of this run canceled.
        foreseen: What a diff of this run has announced, for each resource, by URN.
        unclear: Handshakes that a person has been told are left alone, as they contradict themselves.
    """

    siblings: Siblings | None = None
    canceled: set[str] = field(default_factory=set)
    foreseen: dict[str, Steps] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)

    def keeps(self, what: str, urn: str) -> None:
        """Remember that a resource stays in the program, and tell the other processes."""
        _Base.keeps(self, what, urn)
        if self.siblings is not None:
            self.siblings.keeps(what, urn)

    def is_kept_by_another(self, what: str, urn: str) -> bool:
        """Whether a migration is another resource's as well, in whichever process."""
        if _Base.is_kept_by_another(self, what, urn):
            return True
        return self.siblings is not None and self.siblings.is_kept_by_another(what, urn)
