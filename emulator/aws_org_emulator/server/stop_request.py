"""A request that a running emulator end."""

from contextlib import suppress
from queue import Empty, SimpleQueue

_LOOK_AGAIN_SECONDS = 0.5


class StopRequest:
    """A request to end, which the handler of a signal may make too.

    A `threading.Event` isn't for that: the handler runs in the main thread, and could wait forever for the
    event's lock, which that thread holds when it is about to wait.
    """

    def __init__(self) -> None:
        self._made: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """Make it."""
        self._made.put(None)

    def is_set(self) -> bool:
        """Return whether it was made."""
        return not self._made.empty()

    def wait(self) -> None:
        """Return once it was made; it stays so.

        A signal that comes just as this blocks is only heard afterwards, so it doesn't block for long.
        """
        while not self.is_set():
            with suppress(Empty):
                self._made.get(timeout=_LOOK_AGAIN_SECONDS)
                self._made.put(None)
