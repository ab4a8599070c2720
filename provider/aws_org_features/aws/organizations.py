"""AWS Organizations as the core sees it: our values in, our values and errors out.

One method a call that is made. Each is retried here, and only here, while AWS says that there are too many
requests or that somebody else is changing the organization.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aws_org_features import errors
from aws_org_features.aws.connection import Connection, clients_of
from aws_org_features.aws.errors import told
from aws_org_features.aws.shapes import handshake, organization
from aws_org_features.model import Accounts, Handshake, Organization

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Notify = Callable[[str], None]

_T = TypeVar("_T")

RETRY_SECONDS: Final = 60.0
RETRIES: Final = 12
"""How long, and how often, a call is tried before the last refusal becomes an error."""

_AFTER: Final = (errors.ThrottledError, errors.ConcurrentModificationError)


class Organizations:
    """The calls, for one connection.

    Args:
        connection: Who acts, and where.
        notify: Told, in a sentence, when a call has to wait.
    """

    def __init__(self, connection: Connection, notify: Notify | None = None) -> None:
        self._clients = clients_of(connection)
        self._connection = connection
        self._notify = notify or (lambda _: None)

    @property
    def connection(self) -> Connection:
        """Who acts, and where."""
        return self._connection

    def caller_account(self) -> str:
        """The account that the credentials belong to (`sts:GetCallerIdentity`, which needs no permission)."""
        return self._call(
            "sts",
            "GetCallerIdentity",
            "",
            lambda: self._clients.sts.get_caller_identity()["Account"],
        )

    def organization(self) -> Organization:
        """The organization that the credentials lead to (`DescribeOrganization`).

        Raises:
            NoOrganizationError: The account isn't in one.
        """
        return self._call(
            "organizations",
            "DescribeOrganization",
            "",
            lambda: organization(self._clients.organizations.describe_organization()["Organization"]),
        )

    def handshakes_by_action(self, action: str) -> Iterator[tuple[Handshake, ...]]:
        """The organization's handshakes with an action, a page at a time (20 at most)."""
        return self._handshakes({"ActionType": action})

    def children(self, parent_id: str) -> tuple[Handshake, ...]:
        """The handshakes under a parent; AWS may show the management account none."""
        pages = self._handshakes({"ParentHandshakeId": parent_id})
        return tuple(child for page in pages for child in page)

    def accounts(self) -> Accounts:
        """Every account of the organization (`ListAccounts`)."""
        pages = self._pages("ListAccounts", self._clients.organizations.list_accounts)
        found = [account for page in pages for account in page.get("Accounts", []) if "Id" in account]
        return Accounts(
            members=frozenset(account["Id"] for account in found),
            invited=frozenset(a["Id"] for a in found if a.get("JoinedMethod") == "INVITED"),
        )

    def enable_all_features(self) -> Handshake:
        """Start the migration: every invited account is asked to approve.

        Raises:
            AlreadyEnabledError: The organization has all features.
            AlreadyMigratingError: A migration is in flight.
            OrganizationTooLargeError: More than 5,000 accounts.
        """
        return self._write(
            "EnableAllFeatures",
            "",
            lambda: self._clients.writer.enable_all_features(),  # noqa: PLW0108 - makes the client
        )

    def accept(self, handshake_id: str) -> Handshake:
        """Accept a handshake; of the parent, this makes the one-way change.

        Raises:
            HandshakeRefusedError: Its state doesn't allow it.
        """
        return self._write(
            "AcceptHandshake",
            handshake_id,
            lambda: self._clients.writer.accept_handshake(HandshakeId=handshake_id),
        )

    def cancel(self, handshake_id: str) -> Handshake:
        """Cancel a handshake, in one try; of a parent, this cancels its pending children too.

        Raises:
            HandshakeRefusedError: It is finished already.
            ConcurrentModificationError: Somebody acts at the same time, maybe by approving: look again.
        """
        with told("organizations", "CancelHandshake", handshake_id):
            return handshake(self._clients.writer.cancel_handshake(HandshakeId=handshake_id)["Handshake"])

    def _write(self, operation: str, subject: str, call: Callable[[], Any]) -> Handshake:
        return self._call("organizations", operation, subject, lambda: handshake(call()["Handshake"]))

    def _handshakes(self, chosen: dict[str, str]) -> Iterator[tuple[Handshake, ...]]:
        listed = self._clients.organizations.list_handshakes_for_organization
        for page in self._pages("ListHandshakesForOrganization", listed, Filter=chosen):
            with told("organizations", "ListHandshakesForOrganization"):
                found = tuple(handshake(shape) for shape in page.get("Handshakes", []))
            yield found

    def _pages(self, operation: str, fetch: Callable[..., Any], **arguments: Any) -> Iterator[Any]:
        # By hand rather than by botocore's paginator, so that each page is retried by itself. An empty page
        # may carry a token.
        while True:
            page = self._call("organizations", operation, "", functools.partial(fetch, **arguments))
            yield page
            if not page.get("NextToken"):
                return
            arguments["NextToken"] = page["NextToken"]

    def _call(self, service: str, operation: str, subject: str, call: Callable[[], _T]) -> _T:
        import tenacity

        def wait(state: tenacity.RetryCallState) -> None:
            self._notify(f"AWS is busy: trying {operation} again ({state.attempt_number})")

        for attempt in tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_AFTER),
            wait=tenacity.wait_random_exponential(multiplier=0.5, max=10),
            stop=tenacity.stop_after_delay(RETRY_SECONDS) | tenacity.stop_after_attempt(RETRIES),
            before_sleep=wait,
            reraise=True,
        ):
            with attempt, told(service, operation, subject):
                return call()
        raise AssertionError  # tenacity raises the last error itself
