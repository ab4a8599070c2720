"""Per-run cache. Small: runs that ask AWS nothing load it too."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from aws_org_features.common.provider_processes import KEEPS, TAKES_ON, Fact

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_features.common.provider_processes import Siblings
    from aws_org_features.model.organizations import Organization

SeenT = TypeVar("SeenT")

Key = tuple[Hashable, str]
"""The key of a look: the connection and the organization."""


@dataclass(slots=True)
class RunCache(Generic[SeenT]):
    """Cache of one run of the engine; a preview and the `up` after it are two runs.

    A run may have several processes. What saves AWS a call is each one's own; what protects from a loss they
    tell one another.

    Attributes:
        seen: The last look at each organization, so that a diff after a read asks AWS nothing.
        announced: Sentences that a person has already seen.
        facts: What this process has told.
        siblings: The other processes of the run; None where there are none.
    """

    seen: dict[Key, SeenT] = field(default_factory=dict)
    announced: set[str] = field(default_factory=set)
    facts: set[Fact] = field(default_factory=set)
    siblings: Siblings | None = None

    def forget(self, organization_id: str) -> None:
        """Forget every look at an organization: a write makes each of them stale."""
        self.forget_if(lambda key, _: key[1] == organization_id)

    def forget_if(self, is_stale: Callable[[Key, SeenT], bool]) -> None:
        """Forget the looks that something has made stale."""
        for key, seen in tuple(self.seen.items()):
            if is_stale(key, seen):
                self.seen.pop(key, None)

    def keeps(self, subject: str, urn: str) -> None:
        """Remember that a resource stays in the program."""
        self.tell(Fact(KEEPS, subject, urn))

    def takes_on(self, subject: str, urn: str) -> None:
        """Remember that a create of this run took something on."""
        self.tell(Fact(TAKES_ON, subject, urn))

    def why_kept(self, subject: str, urn: str, name: str = "it") -> str | None:
        """The reason why a delete must leave something as it is, as a clause: a rename is harmless.

        A resource that a create adopted is kept from the delete of the same URN too, which is that of its
        predecessor.

        Args:
            subject: What it is.
            urn: The resource that is deleted.
            name: What to call it.
        """
        told = {fact for fact in self._told() if fact.subject == subject}
        if any(fact.what == TAKES_ON or (fact.what == KEEPS and fact.which != urn) for fact in told):
            return f"another resource of the program keeps {name}"
        if self.siblings is not None and (why := self.siblings.unheard()):
            return f"it is unknown whether another resource of the program keeps {name}: {why}"
        return None

    def tell(self, fact: Fact) -> None:
        """Remember a fact, and tell the other processes."""
        if fact not in self.facts:
            self.facts.add(fact)
            if self.siblings is not None:
                self.siblings.tell(fact)

    def which(self, what: str, subject: str) -> set[str]:
        """The resources or migrations of the messages, in any process."""
        return {fact.which for fact in self._told() if (fact.what, fact.subject) == (what, subject)}

    def _told(self) -> set[Fact]:
        """Messages of this process and of the others: reads their files for it."""
        return self.facts if self.siblings is None else self.facts | self.siblings.told()


@dataclass(slots=True)
class KnownOrganizations:
    """Per-run cache of organizations, shared by all resources.

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
    """Memory of one run about what is on or off.

    Attributes:
        organizations: What it knows of them.
    """

    organizations: KnownOrganizations = field(default_factory=KnownOrganizations)
