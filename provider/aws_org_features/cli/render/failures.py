"""Many accounts that couldn't be acted in, told so that three hundred equal failures read as one.

A paragraph for each kind: what happened, with the account's own ids left out, and what to do; then a table of
all accounts, which says of what kind each is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_org_features.cli.render import output
from aws_org_features.common import text
from aws_org_features.common.sanitize import message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_org_features.model.migration import Failure

_HANDSHAKE: Final = re.compile(r"\bh-[0-9a-z]{8,32}\b")


class Kind(NamedTuple):
    """A kind of failure: what several failures have in common."""

    reference: str
    what: str
    next_step: str


def kind_of(failure: Failure) -> Kind:
    """A failure without what is its account's alone."""
    what = failure.reason.partition(": ")[2].replace(failure.account_id, "ACCOUNT")
    return Kind(failure.reference, _HANDSHAKE.sub("HANDSHAKE", what), output.of_a_command(failure.next_step))


def by_kind(failures: Sequence[Failure]) -> dict[Kind, list[str]]:
    """The accounts of each kind, those with the most accounts first."""
    found: dict[Kind, list[str]] = {}
    for failure in failures:
        found.setdefault(kind_of(failure), []).append(failure.account_id)
    return dict(sorted(found.items(), key=lambda each: (-len(each[1]), each[0])))


def show(failures: Sequence[Failure], name_of: Callable[[str], str]) -> None:
    """Print them all."""
    kinds = by_kind(failures)
    for number, (kind, account_ids) in enumerate(kinds.items(), 1):
        what, next_step = (message(text) for text in (kind.what, kind.next_step))
        head = f"{number}. {kind.reference}, {text.accounts(len(account_ids))}:"
        output.paragraph(head, f"{what.removesuffix('.')}.", f"Next: {next_step}")
    output.show_table(
        ("account", "name", "why"),
        [
            (account_id, name_of(account_id), f"{number}. {kind.reference}")
            for number, (kind, account_ids) in enumerate(kinds.items(), 1)
            for account_id in sorted(account_ids)
        ],
        most=None,
    )
