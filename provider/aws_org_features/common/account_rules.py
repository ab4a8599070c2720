"""Words for what the lists of allowed and forbidden accounts rule out."""

from __future__ import annotations

from aws_org_features.model.migration import (
    Ruling,
)


def ruling(found: Ruling) -> str:
    """The list that rules an account out; follows `which`."""
    if found is Ruling.FORBIDDEN:
        return "`aws:forbiddenAccountIds` (or --forbidden-account-id) rules out"
    return "`aws:allowedAccountIds` (or --allowed-account-id) leaves out"


def ruled_out(found: Ruling) -> str:
    """The reason why nobody acts in an account on its behalf."""
    return f"nobody acts in the account, which {ruling(found)}"


TO_ALLOW = (
    "Have its owner approve; or allow acting in it: add it to `aws:allowedAccountIds` beside the "
    "management account, or remove it from `aws:forbiddenAccountIds`."
)
