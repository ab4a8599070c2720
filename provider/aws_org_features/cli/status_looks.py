"""Looks at where a migration stands, one after another: only lists, at AWS's pace, and no writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.aws import Organizations, Paces
from aws_org_features.cli.observe import organization_of
from aws_org_features.common.errors import OrgFeaturesError
from aws_org_features.common.ownership import warnings
from aws_org_features.migration.observe import complete
from aws_org_features.model.migration import NOTHING_RECORDED, Desired, Observation
from aws_org_features.model.organizations import Accounts

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_features.aws import Connection
    from aws_org_features.cli.environment import Environment
    from aws_org_features.model.organizations import Organization
    from aws_org_features.views.status import Outlook

    Tell = Callable[[str], None]


class Looking:
    """Looks at one organization.

    Args:
        connection: Who looks.
        organization_id: Fail unless the credentials belong to it; None for any.
        environment: The time.
        names: Whether to list all accounts for the names of some.
        note: Told, in a sentence, what else a person should know.
        busy: Told, in a sentence, when a call has to wait; unless given, `note` is.
        paged: Told the operation of each page of a list.
    """

    def __init__(
        self,
        connection: Connection,
        organization_id: str | None,
        environment: Environment,
        *,
        names: bool,
        note: Tell,
        busy: Tell | None = None,
        paged: Tell | None = None,
    ) -> None:
        paces = Paces(clock=environment.clock, sleep=environment.sleep)
        self._api = Organizations(connection, busy or note, paces=paces, paged=paged)
        self._wanted = organization_id
        self._environment = environment
        self._names = names
        self._note = note
        self._accounts: Accounts | None = None
        self._warned: set[str] = set()

    def look(self, begun: Callable[[Organization], None] = lambda _: None) -> Outlook:
        """Look.

        Args:
            begun: Told the organization as soon as it is known.
        """
        organization = organization_of(self._api, self._wanted)
        begun(organization)
        from aws_org_features.views.status import outlook

        # An OPEN parent says that everyone has responded; how they have takes a look at their approvals.
        desired = Desired(organization.id, finalize=False)
        seen = complete(self._api, desired, NOTHING_RECORDED, Observation(organization))
        for warning in warnings(seen):
            if warning not in self._warned:
                self._warned.add(warning)
                self._note(warning)
        return outlook(seen, self._environment.now(), self._known(seen))

    def _known(self, seen: Observation) -> Accounts | None:
        """The accounts, listed once as long as nobody else has to be named."""
        from aws_org_features.views.status import to_be_named

        if seen.accounts is not None:
            self._accounts = seen.accounts
        elif self._names and not to_be_named(seen) <= (self._accounts or Accounts()).members:
            self._list()
        return self._accounts

    def _list(self) -> None:
        try:
            self._accounts = self._api.accounts()
        except OrgFeaturesError as error:
            # Nothing is decided by names.
            self._names = False
            self._note(f"without the accounts' names: {error}")
