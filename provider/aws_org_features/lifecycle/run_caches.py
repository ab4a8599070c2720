"""What the resources of one run share: one process of a provider serves one run of the engine."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from aws_org_features.common.run_cache import RunCache
from aws_org_features.migration.run_cache import MigrationCache

if TYPE_CHECKING:
    from aws_org_features.common.provider_processes import Siblings
    from aws_org_features.member_account.observe import Seen
    from aws_org_features.policy_types.run_cache import PolicyTypeCache


class RunCaches:
    """What one run remembers, by concept. A write to an organization has the others forget it.

    Args:
        siblings: The other processes of the run; None where an edge has but one.
    """

    def __init__(self, siblings: Siblings | None = None) -> None:
        self.migrations = MigrationCache(siblings=siblings)
        self.approvals: RunCache[Seen] = RunCache()

    @functools.cached_property
    def policy_types(self) -> PolicyTypeCache:
        """Loaded once somebody asks: it brings rates of calls along."""
        from aws_org_features.policy_types.run_cache import PolicyTypeCache

        return PolicyTypeCache()
