"""Faults of one call, by botocore's model of its operation: a new error needs no new test."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aws_org_emulator.people.clients import isolated_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.model import OperationModel


class Fault(NamedTuple):
    """Something that goes wrong with a call.

    Attributes:
        what: AWS's error code, or what happens on the wire.
        when: `before` the call takes effect, or `after`.
        lasts: Whether it goes on, or the next call is answered.
        status: The HTTP status of an error.
        on_the_wire: Whether it isn't AWS's answer.
    """

    what: str
    when: str = "before"
    lasts: bool = False
    status: int = 400
    on_the_wire: bool = False


COMMON: Final[Mapping[str, int]] = {
    "AccessDeniedException": 400,
    "ExpiredTokenException": 403,
    "IncompleteSignature": 400,
    "InternalFailure": 500,
    "InvalidClientTokenId": 403,
    "InvalidSignatureException": 403,
    "NotAuthorized": 400,
    "OptInRequired": 403,
    "RequestExpired": 400,
    "ServiceUnavailable": 503,
    "ThrottlingException": 400,
    "UnrecognizedClientException": 400,
    "ValidationError": 400,
}
"""Errors that every operation may answer, with HTTP status: the API References' "Common Errors". Credentials
that have expired and a clock that is wrong are among them."""

LOST: Final = ("refused", "unconnected", "lost")
"""On the wire, before it takes effect: nobody listens, nothing connects, or nothing is answered in time."""
LOST_AFTER: Final = ("unanswered", "closed", "malformed", "cut")
"""On the wire, after it has: no answer in time, none at all, a page that isn't AWS's, half an answer."""
GOES_ON: Final = frozenset({"ThrottlingException", "refused"})
"""Faults that go on as well, until the caller stops retrying: in an answer, and on the wire."""


@functools.cache
def operations(service: str) -> Mapping[str, OperationModel]:
    """The operations of a service, as botocore knows them."""
    model = isolated_session().get_service_model(service)
    return {name: model.operation_model(name) for name in model.operation_names}


def declared(model: OperationModel) -> Mapping[str, int]:
    """The errors that an operation declares, with their HTTP status."""
    found = {}
    for shape in model.error_shapes:
        error: dict[str, Any] = shape.metadata.get("error") or {}
        found[str(error.get("code") or shape.name)] = int(error.get("httpStatusCode") or 400)
    return found


def faults(model: OperationModel, *, writes: bool) -> Iterator[Fault]:
    """Everything that can go wrong with a call of an operation.

    Args:
        model: The operation.
        writes: Whether it has an effect, so that it matters when something goes wrong.
    """
    answers = {**COMMON, **declared(model)}
    for code, status in answers.items():
        yield Fault(code, status=status)
        if writes:
            # AWS has been seen to refuse, and yet to have done it.
            yield Fault(code, "after", status=status)
        if code in GOES_ON:
            yield Fault(code, lasts=True, status=status)
    for what in LOST:
        yield Fault(what, lasts=what in GOES_ON, on_the_wire=True)
    for what in LOST_AFTER:
        yield Fault(what, "after", on_the_wire=True)
    yield Fault("reset", on_the_wire=False)
    yield Fault("truncate", "after", on_the_wire=False)
