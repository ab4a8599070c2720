"""The state of a probe as it is kept, so that another run goes on."""

from __future__ import annotations

import dataclasses
import json
from typing import Final

from aws_org_features.evidence.probe.step import State

VERSION: Final = 1


def to_text(state: State) -> str:
    """A state as it is kept."""
    return json.dumps({"v": VERSION, **dataclasses.asdict(state)}, indent=2) + "\n"


def of_text(text: str) -> State:
    """A state that was kept.

    Raises:
        ValueError: It is none.
    """
    kept = json.loads(text)
    if not isinstance(kept, dict) or kept.pop("v", None) != VERSION:
        raise ValueError("it is none of a probe")
    try:
        made = State(**{**kept, "done": tuple(kept["done"]), "undone": tuple(kept["undone"])})
    except (KeyError, TypeError) as error:
        raise ValueError("it is none of a probe") from error
    return made
