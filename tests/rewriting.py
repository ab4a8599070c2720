"""An endpoint that rewrites its answers: what a newer AWS, or something on the way to it, may say one day."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_org_emulator.server import request_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    Change = Callable[[dict[str, Any]], object]


class Rewriting:
    """Changes what the emulator answers to clients, over HTTP; what it does stays as it is.

    Attributes:
        changes: By operation, what changes an answer's body in place.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.changes: dict[str, Change] = {}
        kind: Any = request_pipeline.RequestPipeline
        answer = kind._answer

        def between(itself: Any, call: Any, access_key_id: Any, environ: Any) -> Any:
            response = answer(itself, call, access_key_id, environ)
            change = self.changes.get(call.operation)
            if (
                change is not None
                and response.status_code == 200
                and request_pipeline._PEOPLE_KEY not in environ
            ):
                body = json.loads(response.get_data())
                change(body)
                response.set_data(json.dumps(body))
            return response

        monkeypatch.setattr(kind, "_answer", between)

    def feature_set(self, word: str) -> None:
        """Have the organization say that this is its feature set."""
        self.changes["DescribeOrganization"] = lambda body: body["Organization"].update(FeatureSet=word)

    def states(self, word: str, of: Callable[[dict[str, Any]], bool]) -> None:
        """Have some handshakes say that they are in this state, wherever they are listed.

        Args:
            word: The state.
            of: Which handshakes.
        """

        def change(body: dict[str, Any]) -> None:
            for handshake in body["Handshakes"]:
                if of(handshake):
                    handshake["State"] = word

        for operation in ("ListHandshakesForOrganization", "ListHandshakesForAccount"):
            self.changes[operation] = change

    def stop(self) -> None:
        """Answer as it is from here on."""
        self.changes.clear()


def is_parent(handshake: dict[str, Any]) -> bool:
    """Return whether a handshake is a migration's own."""
    return all(party["Type"] != "ACCOUNT" for party in handshake["Parties"])
