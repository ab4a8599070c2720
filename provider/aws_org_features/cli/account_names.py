"""Account names: beside ids, never instead of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.common.errors import OrgFeaturesError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from aws_org_features.aws import Organizations
    from aws_org_features.model.organizations import AccountDetails


class Names:
    """The names of an organization's accounts, as far as AWS tells them.

    Args:
        api: The management account's calls; one list is asked for.
        note: Where to tell that names are missing, and why.
    """

    def __init__(self, api: Organizations, note: Callable[[str], None]) -> None:
        self._known: Mapping[str, AccountDetails] = {}
        try:
            self._known = api.accounts().details
        except OrgFeaturesError as error:
            # Nothing is decided by names.
            note(f"without the accounts' names: {error}")

    def of(self, account_id: str) -> str | None:
        """An account's name, as somebody typed it; None if it isn't known."""
        known = self._known.get(account_id)
        return known.name if known else None

    def strangers(self, account_ids: Iterable[str]) -> list[str]:
        """Those that are no accounts of the organization, as far as that is known."""
        return sorted(set(account_ids) - self._known.keys()) if self._known else []
