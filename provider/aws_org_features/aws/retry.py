"""Calls that AWS refuses for the moment: too many requests, or somebody else is changing the organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from aws_org_features.common import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    import tenacity

_T = TypeVar("_T")

RETRY_SECONDS: Final = 60.0
RETRIES: Final = 12
"""Time and number of tries of a call before the last refusal becomes an error."""

FOR_THE_MOMENT: Final = (errors.ThrottledError, errors.ConcurrentModificationError)


def until_taken(
    call: Callable[[], _T],
    *,
    refused: Callable[[int, BaseException | None], None],
    sleep: Callable[[float], None] | None,
) -> _T:
    """Call, and again while it is refused for the moment, after longer and longer pauses.

    Args:
        call: The call.
        refused: Told before each pause how often it was refused, and how.
        sleep: Waits for some seconds; None takes the system's.

    Raises:
        ThrottledError: There were still too many requests at the end,
        ConcurrentModificationError: or somebody else was still at it.
    """
    try:
        return call()
    except FOR_THE_MOMENT as error:
        first = error
    # Loading this takes as long as a call does, and most runs are never refused.
    import tenacity

    outcomes = iter([first])

    def attempt() -> _T:
        for error in outcomes:
            raise error
        return call()

    def before_pause(state: tenacity.RetryCallState) -> None:
        refused(state.attempt_number, state.outcome.exception() if state.outcome else None)

    trying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(FOR_THE_MOMENT),
        wait=tenacity.wait_random_exponential(multiplier=0.5, max=10),
        stop=tenacity.stop_after_delay(RETRY_SECONDS) | tenacity.stop_after_attempt(RETRIES),
        before_sleep=before_pause,
        sleep=sleep or tenacity.nap.sleep,
        reraise=True,
    )
    return trying(attempt)
