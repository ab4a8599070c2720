"""Shared memory of one run's resources: a process of a provider serves one run of the engine."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from aws_org_features.common.run_cache import KnownOrganizations, OnOffCache, RunCache
from aws_org_features.migration.run_cache import MigrationCache

if TYPE_CHECKING:
    from aws_org_features.aws import Paces
    from aws_org_features.common.provider_processes import Siblings
    from aws_org_features.member_account.observe import Seen
    from aws_org_features.model import policy_types, trusted_services


class RunCaches:
    """Per-run caches, by concept. A write to an organization makes the others forget it.

    Args:
        siblings: The other processes of the run; None where there are none.
    """

    def __init__(self, siblings: Siblings | None = None) -> None:
        self.migrations = MigrationCache(siblings=siblings)
        self.approvals: RunCache[Seen] = RunCache()
        organizations = KnownOrganizations()
        self.policy_types: OnOffCache[policy_types.Seen] = OnOffCache(
            siblings=siblings, organizations=organizations
        )
        self.trusted_services: OnOffCache[trusted_services.Seen] = OnOffCache(
            siblings=siblings, organizations=organizations
        )

    @functools.cached_property
    def paces(self) -> Paces:
        """The rates at which AWS is asked about what is on or off. Loaded once somebody asks."""
        from aws_org_features.aws import Paces

        return Paces()

    def forget_before_all_features(self, organization_id: str) -> None:
        """Forget what was looked at before an organization's features may have changed."""
        self.policy_types.forget(organization_id)
        self.trusted_services.forget(organization_id)
