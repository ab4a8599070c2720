"""Calls (retried, page by page, AWS's errors as ours), and those that every account may make.

A call is retried here, and only here, while AWS says that there are too many requests or that somebody else
is changing the organization. What only the management account may call is `organizations`', what an account
does for itself `member`'s.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aws_org_features.aws.clients import Clients, clients_of
from aws_org_features.aws.errors import told, unknown_feature_set
from aws_org_features.aws.parse import MisshapenError, account_id, handshake, organization
from aws_org_features.aws.retry import until_taken
from aws_org_features.common import errors
from aws_org_features.model.organizations import FEATURE_SETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_org_features.aws.clients import Assumed
    from aws_org_features.aws.connection import Connection
    from aws_org_features.aws.rate_limit import Paces
    from aws_org_features.model.organizations import Handshake, Organization

    Notify = Callable[[str], None]

_T = TypeVar("_T")

MOST_PAGES: Final = 10_000
"""Of one list: twenty times what an organization takes that AWS migrates by self-service."""
MOST_EMPTY: Final = 1_000
"""Pages in a row that have nothing new."""


class Calls:
    """The calls that every account may make, for one connection; threads may share it.

    Args:
        connection: Who acts, and where.
        notify: Told, in a sentence, when a call has to wait.
        clients: Those of a session in another account, instead of the connection's.
        paces: How fast to call; unless given, as fast as the calls come.
        paged: Told the operation of each page of a list, as it comes.
        warn: Told what a person should know of where requests go; unless given, `notify` is.
    """

    def __init__(  # noqa: PLR0913 - all but the first may be left out
        self,
        connection: Connection,
        notify: Notify | None = None,
        *,
        clients: Assumed | None = None,
        paces: Paces | None = None,
        paged: Notify | None = None,
        warn: Notify | None = None,
    ) -> None:
        self._clients: Clients | Assumed = clients or clients_of(connection)
        self._connection = connection
        self._notify = notify or (lambda _: None)
        self._warn = warn or self._notify
        self._paces = paces
        self._paged = paged or (lambda _: None)

    @property
    def connection(self) -> Connection:
        """Credentials and endpoints."""
        return self._connection

    def caller_account(self) -> str:
        """The account that the credentials belong to (`sts:GetCallerIdentity`, which needs no permission)."""
        return self._call(
            "sts",
            "GetCallerIdentity",
            "",
            lambda: account_id(clients_of(self._connection).sts.get_caller_identity()),
        )

    def organization(self) -> Organization:
        """The organization that the credentials lead to (`DescribeOrganization`).

        Raises:
            NoOrganizationError: The account isn't in one.
            FeatureSetUnknownError: Its feature set is a word that isn't known here.
        """
        found = self._call(
            "organizations",
            "DescribeOrganization",
            "",
            lambda: organization(self._clients.organizations.describe_organization()["Organization"]),
        )
        if found.feature_set not in FEATURE_SETS:
            raise unknown_feature_set(found)
        return found

    def accept(self, handshake_id: str) -> Handshake:
        """Accept a handshake: an approval in a member account; of the parent, this makes the one-way change.

        Raises:
            HandshakeRefusedError: Its state doesn't allow it.
        """
        return self._write(
            "AcceptHandshake",
            handshake_id,
            lambda: self._clients.writer.accept_handshake(HandshakeId=handshake_id),
        )

    def _write(self, operation: str, subject: str, call: Callable[[], Any]) -> Handshake:
        return self._call("organizations", operation, subject, lambda: handshake(call()["Handshake"]))

    def _handshake_pages(
        self, operation: str, fetch: Callable[..., Any], **arguments: Any
    ) -> Iterator[tuple[Handshake, ...]]:
        return self._pages(operation, fetch, "Handshakes", handshake, **arguments)

    def _pages(
        self,
        operation: str,
        fetch: Callable[..., Any],
        name: str,
        read: Callable[[Any], _T],
        **arguments: Any,
    ) -> Iterator[tuple[_T, ...]]:
        """Yield the entries of a list's pages, under a name, as they are read."""
        # By hand rather than by botocore's paginator, so that each page is retried by itself. An empty page
        # may carry a token; one that always carries another is no list.
        seen: set[int] = set()
        empty = 0
        for _ in range(MOST_PAGES):
            page = self._call("organizations", operation, "", functools.partial(fetch, **arguments))
            self._paged(operation)
            with told("organizations", operation):
                found = tuple(read(shape) for shape in page.get(name, []))
            yield found
            token = page.get("NextToken")
            if not token:
                return
            held = hash(repr(found))
            empty = empty + 1 if not found or held in seen else 0
            seen.add(held)
            if empty == MOST_EMPTY:
                break
            if token == arguments.get("NextToken"):
                with told("organizations", operation):
                    raise MisshapenError("the page after this one is this one again")
            arguments["NextToken"] = token
        with told("organizations", operation):
            raise MisshapenError("there is no end to its pages")

    def _warn_of_settings(self) -> None:
        """Tell, once, what a person should know of where requests go."""
        untold = self._clients.untold() if isinstance(self._clients, Clients) else None
        if untold:
            self._warn(untold)

    def _once(self, operation: str, subject: str, call: Callable[[], _T]) -> _T:
        """Change something in one try: the caller looks again before the next."""
        if self._paces is not None:
            self._paces.wait(operation)
        try:
            with told("organizations", operation, subject):
                return call()
        except errors.ThrottledError:
            if self._paces is not None:
                self._paces.slow_down(operation)
            raise

    def _call(self, service: str, operation: str, subject: str, call: Callable[[], _T]) -> _T:
        paces = self._paces
        with told(service, operation, subject):
            self._warn_of_settings()

        def in_its_turn() -> _T:
            if paces is not None:
                paces.wait(operation)
            with told(service, operation, subject):
                return call()

        def refused(attempt: int, error: BaseException | None) -> None:
            self._notify(f"AWS is busy: trying {operation} again ({attempt})")
            if paces is not None and isinstance(error, errors.ThrottledError):
                paces.slow_down(operation)

        return until_taken(in_its_turn, refused=refused, sleep=paces.sleep if paces is not None else None)
