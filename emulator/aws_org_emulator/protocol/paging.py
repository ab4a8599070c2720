"""Pages of a list, as Organizations gives them: at most 20 entries, and sometimes none.

A token is a position in a list that only grows, bound to the call it was answered to.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from aws_org_emulator.protocol.invalid_input import (
    InvalidNextTokenError,
    ValueTooLargeError,
    ValueTooSmallError,
)

MAX_RESULTS = 20
"""botocore's `MaxResults` of Organizations: 1 to 20, 20 unless told."""

T = TypeVar("T")


def page_size(max_results: Any) -> int:
    """Number of entries that a page may have.

    Raises:
        ValueTooSmallError: below 1.
        ValueTooLargeError: above 20.
    """
    if max_results is None:
        return MAX_RESULTS
    size = int(max_results)
    if size < 1:
        raise ValueTooSmallError
    if size > MAX_RESULTS:
        raise ValueTooLargeError
    return size


class Pager:
    """Cuts lists into pages.

    Args:
        empty_pages: whether an empty page comes before each page.
    """

    def __init__(self, *, empty_pages: bool) -> None:
        self._empty_pages = empty_pages

    def page(
        self,
        call: str,
        items: Sequence[T],
        request: dict[str, Any],
        shown: Callable[[T], bool],
    ) -> tuple[list[T], str | None]:
        """One page of a list.

        Args:
            call: names the list; a token of another call is refused.
            items: the whole list; `shown` is asked for no more of it than the page needs.
            request: the call's parameters, of which NextToken and MaxResults count.
            shown: which items belong to the answer.

        Returns:
            The page's items, and the token of the next page or None.

        Raises:
            InvalidNextTokenError: the token isn't one of this call's.
            ValueTooSmallError: MaxResults is below 1.
            ValueTooLargeError: MaxResults is above 20.
        """
        size = page_size(request.get("MaxResults"))
        position, skipped = _decode(call, request.get("NextToken"))
        if self._empty_pages and not skipped:
            return [], _encode(call, position, skipped=True)
        found: list[T] = []
        while position < len(items) and len(found) < size:
            if shown(items[position]):
                found.append(items[position])
            position += 1
        while position < len(items) and not shown(items[position]):
            position += 1
        more = position < len(items)
        return found, _encode(call, position, skipped=False) if more else None


def _encode(call: str, position: int, *, skipped: bool) -> str:
    return base64.urlsafe_b64encode(json.dumps([call, position, skipped]).encode()).decode()


def _decode(call: str, token: Any) -> tuple[int, bool]:
    if token is None:
        return 0, False
    try:
        of_call, position, skipped = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, TypeError, binascii.Error):
        raise InvalidNextTokenError from None
    if of_call != call or not isinstance(position, int) or position < 0:
        raise InvalidNextTokenError
    return position, bool(skipped)
