"""The rules of tags: botocore's model and the User Guide, "Tagging Organizations resources"."""

from collections.abc import Iterable
from typing import Any

from aws_org_emulator.protocol.exceptions import TooManyTagsError
from aws_org_emulator.protocol.invalid_input import DuplicateTagKeyError, SystemTagError

MOST_TAGS = 50
"""So many tags a resource can have."""
_SYSTEM = "aws:"


def check_keys(tags: list[dict[str, str]] | None) -> None:
    """Check that a request's tags have different keys, and that the caller may give them.

    Raises:
        DuplicateTagKeyError: two have one key.
        SystemTagError: one has a key as AWS's own tags do.
    """
    keys = [tag["Key"] for tag in tags or ()]
    if len(set(keys)) < len(keys):
        raise DuplicateTagKeyError
    if any(key.lower().startswith(_SYSTEM) for key in keys):
        raise SystemTagError


def tagged(old: dict[str, str], tags: Iterable[dict[str, str]] | None) -> dict[str, str]:
    """A resource's tags after some more were given.

    Raises:
        TooManyTagsError: they would be too many.
    """
    new = {**old, **{tag["Key"]: tag["Value"] for tag in tags or ()}}
    if len(new) > MOST_TAGS:
        raise TooManyTagsError
    return new


def listed(tags: dict[str, str]) -> list[dict[str, Any]]:
    """Tags in the shape of botocore's `Tags`."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
