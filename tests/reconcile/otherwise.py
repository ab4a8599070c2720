"""An endpoint that shows handshakes otherwise than they are: its answers are changed on their way."""

from __future__ import annotations

import contextlib
import copy
import json
from typing import TYPE_CHECKING, Any, Final

from botocore.httpsession import URLLib3Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

FOREIGN: Final = {"organization": "o-foreignorg1", "account": "999999999999"}

LISTS: Final = ("ListHandshakesForOrganization", "ListHandshakesForAccount")


class Otherwise:
    """Changes what is listed, once it is set up.

    Attributes:
        change: Changes a handshake in place; None leaves all as it is.
        beside: Handshakes that are listed first for every request, as where filters are ignored.
        lists: The operations whose answers are changed.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.change: Callable[[dict[str, Any]], object] | None = None
        self.beside: list[dict[str, Any]] = []
        self.lists: tuple[str, ...] = LISTS
        send = URLLib3Session.send

        def between(session: URLLib3Session, request: Any) -> Any:
            answer: Any = send(session, request)
            target = request.headers.get("X-Amz-Target", b"")
            operation = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
            if operation in self.lists and answer.status_code == 200:
                answer._content = self._changed(answer.content)
            return answer

        monkeypatch.setattr(URLLib3Session, "send", between)

    @contextlib.contextmanager
    def as_it_is(self) -> Iterator[None]:
        """List what there is, for a while: others look as well."""
        change, beside = self.change, self.beside
        self.change, self.beside = None, []
        yield
        self.change, self.beside = change, beside

    def _changed(self, content: bytes) -> bytes:
        body = json.loads(content)
        for handshake in [*body.get("Handshakes", []), *([body["Handshake"]] if "Handshake" in body else [])]:
            if self.change is not None:
                self.change(handshake)
        if "Handshakes" in body:
            body["Handshakes"] = [*copy.deepcopy(self.beside), *body["Handshakes"]]
        return json.dumps(body).encode()


def _each(handshake: dict[str, Any], place: str, kind: str, key: str, value: str) -> None:
    for found in handshake[place]:
        if found["Type"] == kind:
            found[key] = value


def _arn(handshake: dict[str, Any], *, account: str = "", organization: str = "", kind: str = "") -> None:
    *first, sender, path = handshake["Arn"].split(":")
    word, ours, was, id_ = path.split("/")
    changed = "/".join((word, organization or ours, kind or was, id_))
    handshake["Arn"] = ":".join((*first, account or sender, changed))


def foreign_party(handshake: dict[str, Any]) -> None:
    """Name another organization in the ORGANIZATION party."""
    _each(handshake, "Parties", "ORGANIZATION", "Id", FOREIGN["organization"][2:])


def foreign_resource(handshake: dict[str, Any]) -> None:
    """Name another organization in the ORGANIZATION resource."""
    _each(handshake, "Resources", "ORGANIZATION", "Value", FOREIGN["organization"])


def foreign_arn(handshake: dict[str, Any]) -> None:
    """Name another organization in the ARN."""
    _arn(handshake, **FOREIGN)


def foreign_sender(handshake: dict[str, Any]) -> None:
    """The account in its ARN is another one."""
    _arn(handshake, account=FOREIGN["account"])


def of_an_invitation(handshake: dict[str, Any]) -> None:
    """Use the ARN of an invitation."""
    _arn(handshake, kind="invite")


def foreign_throughout(handshake: dict[str, Any]) -> None:
    """All that it says is another organization's."""
    for change in (foreign_party, foreign_resource, foreign_arn):
        change(handshake)


def foreign_arn_and_resource(handshake: dict[str, Any]) -> None:
    """Our party, and another organization's ARN and resource."""
    foreign_resource(handshake)
    foreign_arn(handshake)


def two_parties(handshake: dict[str, Any]) -> None:
    """Two organizations are parties."""
    handshake["Parties"].append({"Type": "ORGANIZATION", "Id": FOREIGN["organization"][2:]})


def foreign_account(handshake: dict[str, Any]) -> None:
    """Name another account in the ACCOUNT party than in the ACCOUNT resource."""
    _each(handshake, "Parties", "ACCOUNT", "Id", FOREIGN["account"])


def stranger(handshake: dict[str, Any]) -> None:
    """All that it says agrees, but the account that it asks isn't in the organization."""
    foreign_account(handshake)
    _each(handshake, "Resources", "ACCOUNT", "Value", FOREIGN["account"])


def reversed_parties(handshake: dict[str, Any]) -> None:
    """Parties and resources come in the other order."""
    handshake["Parties"].reverse()
    handshake["Resources"].reverse()


def without_parties(handshake: dict[str, Any]) -> None:
    """Leave out the parties, as one emulator answers."""
    handshake["Parties"] = []


def without_arn(handshake: dict[str, Any]) -> None:
    """Leave out the ARN."""
    handshake.pop("Arn")


def without_resources(handshake: dict[str, Any]) -> None:
    """Leave out the resources but the link."""
    handshake["Resources"] = [each for each in handshake["Resources"] if each["Type"] == "PARENT_HANDSHAKE"]


CONTRADICTIONS: Final = (
    foreign_party,
    foreign_resource,
    foreign_arn,
    foreign_sender,
    of_an_invitation,
    foreign_arn_and_resource,
    two_parties,
)
HARMLESS: Final = (reversed_parties, without_parties, without_arn, without_resources)
