"""Every doubt about AWS's behavior that the emulator can settle either way.

A switch is here because AWS's sources contradict one another, are silent, or are known to differ
from what is seen. Defaults follow the worked examples of the Organizations User Guide. What no
source doubts is no switch.
"""

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, Final, Literal, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

_Kind = TypeVar("_Kind", bound=type[Any])


class FormerSwitchWarning(FutureWarning):
    """A switch is called by its former name, which is still taken for now."""


class FormerSwitch(NamedTuple):
    """Former name of a switch.

    Attributes:
        name: its name today;
        values: its values today, by their former names.
    """

    name: str
    values: Mapping[str, str]


FORMER: Final[Mapping[str, FormerSwitch]] = {
    "topology": FormerSwitch("handshake_actions", {"A": "guide", "B": "model"})
}
"""Switches by the names that they had."""


def _as_argument(name: str, value: object) -> str:
    return f"{name}={value!r}"


def by_todays_names(
    values: Mapping[str, Any], said: Callable[[str, object], str] = _as_argument
) -> dict[str, Any]:
    """Replace the former names of switches, and leave all other values as they are.

    Args:
        values: by their names.
        said: how one writes such a value, for the warning.

    Raises:
        TypeError: a switch is there by both its names.
        ValueError: a switch by its former name has no such position.

    Warns:
        FormerSwitchWarning: a former name is used; says what to write.
    """
    found = dict(values)
    for former, (name, todays) in FORMER.items():
        if former not in found:
            continue
        if name in found:
            raise TypeError(f"{former} is the former name of {name}: say {name} alone")
        value = found.pop(former)
        if value not in todays:
            raise ValueError(f"{former} is {' or '.join(todays)}, not {value!r}")
        found[name] = todays[value]
        text = f"{said(former, value)} is written {said(name, found[name])} now"
        warnings.warn(text, FormerSwitchWarning, stacklevel=3)
    return found


def _takes_former_names(kind: _Kind) -> _Kind:
    """Let a class be made with the former names of switches, too."""
    made: Callable[..., None] = kind.__init__

    @wraps(made)
    def initialize(self: Any, *positions: Any, **values: Any) -> None:
        made(self, *positions, **by_todays_names(values))

    kind.__init__ = initialize
    return kind


@_takes_former_names
@dataclass(frozen=True, slots=True)
class Switches:
    """The choice among AWS's possible behaviors.

    Raises:
        ValueError: a switch has no such position; begins with the switch's name.
    """

    handshake_actions: Literal["guide", "model"] = "guide"
    """The action of each handshake. "guide": the parent is ENABLE_ALL_FEATURES and each member's
    child APPROVE_ALL_FEATURES (User Guide, EnableAllFeatures). "model": the other way round
    (AcceptHandshake's and Handshake's documentation in botocore's model)."""

    pending_child: Literal["OPEN", "REQUESTED"] = "OPEN"
    """The state of an approval that is outstanding. OPEN: User Guide's worked examples.
    REQUESTED: HandshakeState's definition in botocore's model."""

    party_prefixes: bool = False
    """Keep the `o-` in an ORGANIZATION party's id. False: User Guide's worked examples.
    True: botocore's examples."""

    party_order: Literal["sender", "recipient", "either"] = "sender"
    """The party of a handshake that comes first. "sender": User Guide's worked examples. "recipient": seen
    for invitations. "either": one answer so and the next otherwise, which was seen too: no client may
    count on an order."""

    parent_link_prefix: bool = False
    """Keep the `h-` in a PARENT_HANDSHAKE resource's value. False: User Guide's worked
    examples. True: HandshakeId's pattern in botocore's model."""

    expired_children: Literal["EXPIRED", "CANCELED"] = "EXPIRED"
    """The state of approvals that are outstanding when their migration expires. "EXPIRED":
    HandshakeState's definition in botocore's model, and each says when it expires. "CANCELED": User Guide
    ("all requests related to this attempt are canceled"), and so are invitations then."""

    children_after: float = 0.0
    """Seconds after the parent at which the children are made. They inherit its expiry. In the User Guide's
    example a child was asked 0.79 seconds after what it expires 90 days after. 0 makes all at one moment."""

    children_shown: bool = True
    """Show the children to the management account in ListHandshakesForOrganization. botocore's
    `ParentHandshakeId` filter exists for it; no source shows it done."""

    empty_pages: bool = False
    """Put an empty page with a NextToken before each page of a list. botocore's documentation
    of every List operation of Organizations warns of it."""

    accepted_at_once: bool = False
    """Let EnableAllFeatures with nobody to ask answer ACCEPTED and finish the migration.
    False answers OPEN. No source says; both follow from the User Guide's description."""

    open_when_all_responded: bool = False
    """Let the parent become OPEN when all have answered though somebody declined. True:
    HandshakeState's definition ("all recipients have responded") in botocore's model. False: the
    User Guide (all must approve)."""

    accept_despite_decline: bool = False
    """Let the management account accept a parent that is OPEN despite a decline. No source says; the User
    Guide (all must approve) suggests that it is refused."""

    invitations_during_migration: bool = True
    """Allow invitations during a migration. True: User Guide (newer). False:
    INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES in botocore's model (older)."""

    inactive_accounts_count: bool = True
    """Ask invited accounts that are suspended or closed to approve, too, which blocks a migration.
    Such an account can't answer. No source says."""

    account_status_shown: bool = True
    """Show `Status` besides `State` of accounts. botocore's model announces its retirement for
    2026-09-09."""

    removal_waiting_period: bool = False
    """Require that a created account is four days old to leave (WAIT_PERIOD_ACTIVE in botocore's model), and
    an organization seven to take in a member of another one (User Guide, migrating an account). False lets
    tests remove an account right after they have made it."""

    policy_type_changes: Literal["at_once", "clock", "read"] = "at_once"
    """The time at which EnablePolicyType and DisablePolicyType take effect. "at_once": as botocore's
    examples show it. "clock": after 30 seconds; "read": once ListRoots has shown them pending; both
    PENDING_ENABLE or PENDING_DISABLE until then ("an asynchronous request ... in the background",
    botocore's model)."""

    throttling: bool = False
    """Refuse calls beyond AWS's published rates (TooManyRequestsException): User Guide,
    throttling limits. False keeps tests fast."""

    iam_enforcement: bool = False
    """Evaluate the policies of users and roles, as the service authorization reference has it. False:
    every caller is an administrator of the account."""

    latency: float = 0.0
    """Seconds that every call of Organizations takes at least. AWS publishes none."""

    read_lag: float = 0.0
    """Seconds for which Describe and List operations show things as they were before a write. Writes, and who
    may call, go by what is so. About one has been seen; AWS only says "eventual consistency"."""

    five_thousand_migrate: bool = True
    """Let an organization of exactly 5,000 accounts migrate by itself. The reason in botocore's
    model refuses "more than 5000" and allows "less than 5000"."""

    @property
    def topology(self) -> str:
        """`handshake_actions`, by its former name and values."""
        return "A" if self.handshake_actions == "guide" else "B"

    def __post_init__(self) -> None:
        for name, hint in _hints().items():
            why = _refusal(hint, getattr(self, name))
            if why is not None:
                raise ValueError(f"{name} is {why}, not {getattr(self, name)!r}")


@cache
def _hints() -> dict[str, Any]:
    return get_type_hints(Switches)


def _refusal(hint: Any, value: Any) -> str | None:
    """Describe a switch of this type, for a value that isn't one."""
    if get_origin(hint) is Literal:
        return None if value in get_args(hint) else " or ".join(get_args(hint))
    if hint is bool:
        return None if isinstance(value, bool) else "True or False"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if is_number and 0 <= value < math.inf else "a number from 0 up"
