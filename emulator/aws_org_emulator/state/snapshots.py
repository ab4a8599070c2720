"""Everything that an emulator's organizations are, kept to come back to.

All of it is copied at once, so that what refers to one another still does: handshakes, clock, what
is to happen, accounts, and moto's Organizations, IAM and STS. Traffic, faults and switches aren't part of it.
"""

import copy
from typing import Any

from moto.core.base_backend import BackendDict
from moto.core.common_models import BaseModel
from moto.iam.models import iam_backends
from moto.organizations.models import organizations_backends
from moto.sts.models import sts_backends

from aws_org_emulator.state.read_lag import objects_of, with_organizations
from aws_org_emulator.state.shared import SharedState

_BACKENDS: tuple[BackendDict[Any], ...] = (iam_backends, organizations_backends, sts_backends)


class Snapshot:
    """All of an emulator's state at a moment; can be restored any number of times.

    Args:
        shared: the emulator's, while no request is answered.
    """

    def __init__(self, shared: SharedState) -> None:
        backends = [dict(backend) for backend in _BACKENDS]
        things = [each for backend in with_organizations() for each in objects_of(vars(backend))]
        self._kept = _copied((shared.state(), backends, organizations_backends.master_accounts), things)

    def restore(self, shared: SharedState) -> None:
        """Make everything what it was, while no request is answered."""
        (state, backends, members), _ = _copied(*self._kept)
        for backend, kept in zip(_BACKENDS, backends, strict=True):
            backend.clear()
            backend.update(kept)
        organizations_backends.master_accounts.clear()
        organizations_backends.master_accounts.update(members)
        shared.set_state(state)


def _copied(everything: Any, things: list[BaseModel]) -> tuple[Any, list[BaseModel]]:
    """Copies, in which things that hang together in long chains are filled after they all are there."""
    copies = [object.__new__(type(thing)) for thing in things]
    known: dict[int, Any] = {id(thing): each for thing, each in zip(things, copies, strict=True)}
    for thing, each in zip(things, copies, strict=True):
        vars(each).update(copy.deepcopy(vars(thing), known))
    return copy.deepcopy(everything, known), copies
