"""What one run of the engine remembers of policy types."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aws_org_features.aws import Paces
from aws_org_features.common.run_cache import RunCache

if TYPE_CHECKING:
    from aws_org_features.common.run_cache import Key
    from aws_org_features.model.organizations import Organization
    from aws_org_features.model.policy_types import Seen

    _Base = RunCache[Seen]
else:
    _Base = RunCache  # without what it holds, which only an observation loads


@dataclass(slots=True)
class PolicyTypeCache(_Base):
    """What one run remembers of policy types.

    Attributes:
        known: Organizations that have all features, which they keep.
        paces: How fast AWS is asked.
        locks: One for each organization.
    """

    known: dict[Key, Organization] = field(default_factory=dict)
    paces: Paces = field(default_factory=Paces)
    locks: dict[str, threading.RLock] = field(default_factory=dict)

    def lock(self, organization_id: str) -> threading.RLock:
        """The lock of an organization: one resource at a time looks at it or changes it."""
        return self.locks.setdefault(organization_id, threading.RLock())
