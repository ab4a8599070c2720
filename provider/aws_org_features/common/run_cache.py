"""What one run of the engine remembers. Small: runs that ask AWS nothing load it too."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_features.model.organizations import Organization

SeenT = TypeVar("SeenT")

Key = tuple[Hashable, str]
"""Who looks, and at which organization."""


@dataclass(slots=True)
class RunCache(Generic[SeenT]):
    """What one run of the engine remembers; a preview and the `up` after it are two runs.

    Attributes:
        seen: The last look at each organization, so that a diff after a read asks AWS nothing.
        announced: Sentences that a person has been told.
        created: What a create of this run took on: an organization, or one of its policy types.
        present: The resources, by URN, that this run has met and keeps, for each of these.
    """

    seen: dict[Key, SeenT] = field(default_factory=dict)
    announced: set[str] = field(default_factory=set)
    created: set[str] = field(default_factory=set)
    present: dict[str, set[str]] = field(default_factory=dict)

    def forget(self, organization_id: str) -> None:
        """Forget every look at an organization: a write makes each of them stale."""
        self.forget_if(lambda key, _: key[1] == organization_id)

    def forget_if(self, is_stale: Callable[[Key, SeenT], bool]) -> None:
        """Forget the looks that something has made stale."""
        for key, seen in tuple(self.seen.items()):
            if is_stale(key, seen):
                self.seen.pop(key, None)

    def keeps(self, what: str, urn: str) -> None:
        """Remember that a resource stays in the program."""
        self.present.setdefault(what, set()).add(urn)

    def is_kept_by_another(self, what: str, urn: str) -> bool:
        """Whether something is another resource's as well: then a rename or a replacement costs nothing."""
        return what in self.created or bool(self.present.get(what, set()) - {urn})


@dataclass(slots=True)
class KnownOrganizations:
    """What one run knows of organizations, whichever resource has asked.

    Attributes:
        with_all_features: Organizations that have all features, which they keep.
        locks: One for each organization.
    """

    with_all_features: dict[Key, Organization] = field(default_factory=dict)
    locks: dict[str, threading.RLock] = field(default_factory=dict)

    def lock(self, organization_id: str) -> threading.RLock:
        """The lock of an organization: one resource at a time looks at it or changes it."""
        return self.locks.setdefault(organization_id, threading.RLock())


@dataclass(slots=True)
class OnOffCache(RunCache[SeenT]):
    """What one run remembers of what is on or off.

    Attributes:
        organizations: What it knows of them.
    """

    organizations: KnownOrganizations = field(default_factory=KnownOrganizations)
