"""What is on or off in an organization, as its policy types and trusted services are, and what comes next."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

ENABLED: Final = "ENABLED"
"""The status of what is on."""


class OnDestroy(enum.StrEnum):
    """What becomes of what a resource has enabled."""

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
