"""The names of policy types. What a type does is `policies`' affair.

botocore's model (`PolicyType`) says which there are, so the list grows with botocore.
"""

import difflib
from collections.abc import Iterable
from functools import cache

from botocore.loaders import create_loader


@cache
def known_types() -> frozenset[str]:
    """The types that the installed botocore knows."""
    model = create_loader().load_service_model("organizations", "service-2")
    return frozenset(model["shapes"]["PolicyType"]["enum"])


def check_names(names: Iterable[str]) -> None:
    """See to it that these are policy types.

    Raises:
        ValueError: one isn't; names it, and what it may have been meant to be.
    """
    if isinstance(names, str):
        raise ValueError(f"policy_types is a list of policy types, not {names!r}")  # noqa: TRY004 - told as one
    known = sorted(known_types())
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(str(name).upper().replace("-", "_"), known, n=1)
            meant = f"did you mean {near[0]}?" if near else f"botocore knows {', '.join(known)}"
            raise ValueError(f"policy_types has {name!r}, which is none: {meant}")
