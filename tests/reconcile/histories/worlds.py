"""The worlds that histories begin in: every switch of the emulator in every position, and faults."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from aws_org_emulator import Member, Scenario, Switches
from aws_org_emulator.server.faults import Fault

ROLE: Final = "OrganizationAccountAccessRole"
FOREIGN: Final = "999999999999"
FOREIGN_MEMBER: Final = "888888888888"
_SECONDS: Final = {"latency": (0.0, 0.001)}
"""The positions of switches that really take the time that they say."""


def positions(name: str, hint: Any) -> tuple[Any, ...]:
    """The positions of a switch that are tried."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    if hint is bool:
        return (False, True)
    return _SECONDS.get(name, (0.0, 1.0))


POSITIONS: Final = {
    each.name: positions(each.name, get_type_hints(Switches)[each.name]) for each in fields(Switches)
}
switches: Final = st.fixed_dictionaries(
    {name: st.sampled_from(tried) for name, tried in POSITIONS.items()}
).map(lambda chosen: Switches(**chosen))


def scenario(chosen: Switches, invited: int) -> Scenario:
    """A small organization, where time passes only when told; in half of its invited accounts, a role."""
    members = [
        Member(f"60000000000{number}", access_role=ROLE if number % 2 else None)
        for number in range(1, invited + 1)
    ]
    return Scenario(
        invited=0,
        created=1,
        members=(*members, Member("700000000001", joined="CREATED", service_linked_role=False)),
        switches=chosen,
        start=datetime(2026, 1, 5, tzinfo=UTC),
    )


approvers: Final = st.sampled_from(
    (
        None,
        None,
        None,
        {"role_name": ROLE},
        {"role_name": ROLE, "only": ["600000000001", "600000000002"]},
        {"role_name": ROLE, "exclude": ["600000000001", "700000000001"]},
    )
)

_ERRORS: Final = (
    ("ServiceException", 400),
    ("ConcurrentModificationException", 400),
    ("TooManyRequestsException", 400),
    ("AccessDeniedException", 400),
    ("InvalidHandshakeTransitionException", 400),
    ("HandshakeConstraintViolationException", 400),
    ("InternalFailure", 500),
    ("ExpiredToken", 403),
)


@st.composite
def _fault(draw: st.DrawFn) -> Fault:
    kind = draw(st.sampled_from(("error", "error", "reset", "truncate")))
    error, status = draw(st.sampled_from(_ERRORS))
    return Fault(
        "*",
        kind=kind,  # type: ignore[arg-type]  # one of them
        nth=draw(st.integers(1, 9)),
        times=draw(st.sampled_from((1, 1, 2, 20))),
        when=draw(st.sampled_from(("before", "after"))),
        error=error,
        status=status,
    )


faults: Final = st.one_of(st.none(), st.none(), st.none(), _fault())
