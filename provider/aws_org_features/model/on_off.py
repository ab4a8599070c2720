"""The on or off of an organization's policy types and trusted services, and the step that comes next."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

ENABLED: Final = "ENABLED"
"""The status of what is on."""


class OnDestroy(enum.StrEnum):
    """The choice for a destroy: what happens to something that the resource has enabled."""

    REFUSE_IF_USED = "refuse-if-used"
    DISABLE = "disable"
    LEAVE = "leave"


class Step(enum.Enum):
    """The next step."""

    NONE = enum.auto()
    WAIT = enum.auto()
    ENABLE = enum.auto()
    DISABLE = enum.auto()
    REFUSE = enum.auto()


@dataclass(frozen=True, slots=True)
class Removal:
    """Describe a destroy and its reason, for a person, in one clause."""

    step: Step
    reason: str
