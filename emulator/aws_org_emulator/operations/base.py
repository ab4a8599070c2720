"""The common part of all operations: the organization, as it is or was, and pages of lists."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar, TypeVar, cast

from moto.organizations.exceptions import AWSOrganizationsNotInUseException
from moto.organizations.models import organizations_backends
from moto.organizations.responses import OrganizationsResponse

from aws_org_emulator.operations import permissions
from aws_org_emulator.organization.organization import Organizations
from aws_org_emulator.protocol.requests import PEOPLE_HEADER
from aws_org_emulator.state.read_lag import LAGGING_OPERATIONS
from aws_org_emulator.state.shared import SharedState

T = TypeVar("T")


class Operations(OrganizationsResponse):
    """One request. `shared` is set by the subclass that an emulator serves."""

    shared: ClassVar[SharedState]

    @property
    def organizations_backend(self) -> Organizations:
        """The backend that answers: as it is, or for readers as it was, where reads lag."""
        backend = self._live_backend()
        if self._get_action() not in LAGGING_OPERATIONS or self._is_by_people():
            return backend
        shown = self.shared.read_lag.as_readers_see(backend)
        if shown is None:
            raise AWSOrganizationsNotInUseException
        return shown

    def _live_backend(self) -> Organizations:
        """The caller's; what isn't the caller's own alone is with its management."""
        caller = self._callers_own()
        return caller if self._get_action() in permissions.OF_ONESELF else caller.management()

    def _callers_own(self) -> Organizations:
        return cast("Organizations", organizations_backends[self.current_account][self.partition])

    def _is_by_people(self) -> bool:
        """Return whether the emulator lets somebody act by this request; nothing lags then."""
        return PEOPLE_HEADER in self.headers

    def _as_shown(self, account: dict[str, Any]) -> dict[str, Any]:
        """An account without what the switch says isn't shown of it."""
        hidden = set() if self.shared.switches.account_status_shown else {"Status"}
        return {name: each for name, each in account.items() if name not in hidden}

    def _paged(
        self, key: str, entries: Sequence[T], render: Callable[[T], Any] = lambda each: each, **more: Any
    ) -> str:
        """A page of a list, as AWS cuts it: at most 20 entries, and a token for the next.

        Args:
            key: what the list is called.
            entries: all of it.
            render: gives an entry its shape; called for those of the page alone.
            more: other members of the answer.
        """
        told = {
            name: each
            for name, each in self.request_params.items()
            if name not in ("MaxResults", "NextToken")
        }
        call = f"{self._get_action()} {json.dumps(told, sort_keys=True)}"
        found, token = self.shared.pager.page(call, entries, self.request_params, lambda _: True)
        return page(key, [render(each) for each in found], token, **more)


def page(key: str, entries: list[dict[str, Any]], token: str | None, **more: Any) -> str:
    """A page of a list, as JSON."""
    found: dict[str, Any] = {**more, key: entries}
    if token is not None:
        found["NextToken"] = token
    return json.dumps(found, default=_timestamp)


def _timestamp(value: datetime) -> float:
    return value.timestamp()
