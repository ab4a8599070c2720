"""Talking to Pulumi's engine from inside the provider process: messages, and errors without a traceback.

The engine's log service and the arguments of the provider process are not documented; a failure here falls
back to `print`, and never stops the work.
"""

from __future__ import annotations

import contextlib
import functools
import sys
import threading
import types
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from aws_org_features.common.errors import WHO_ACTS, OrgFeaturesError
from aws_org_features.common.sanitize import message

if TYPE_CHECKING:
    from collections.abc import Callable

_P = ParamSpec("_P")
_T = TypeVar("_T")

_TRACEBACK_PAUSE_SECONDS: Final = 1.0


class EngineLog:
    """Tells things on the resource's own row of `pulumi up`, where the engine allows it."""

    def __init__(self) -> None:
        self._urn = calling_urn()

    def info(self, text: str) -> None:
        """Something happened."""
        self._log(text, "INFO")

    def warn(self, text: str) -> None:
        """Report something that a person should know, or must act on."""
        self._log(text, "WARNING")

    def progress(self, text: str) -> None:
        """Show that it goes on; gone from the screen once another message comes."""
        self._log(text, "INFO", ephemeral=True)

    def _log(self, text: str, severity: str, *, ephemeral: bool = False) -> None:
        text = message(text)
        try:
            _send(text, severity, self._urn, ephemeral=ephemeral)
        except Exception:  # noqa: BLE001 - no message is worth failing a migration for
            # Once the engine is gone, printing fails as well.
            with contextlib.suppress(Exception):
                print(text, flush=True)


def _send(text: str, severity: str, urn: str, *, ephemeral: bool) -> None:
    from pulumi.runtime.proto import engine_pb2

    request = engine_pb2.LogRequest(
        severity=getattr(engine_pb2, severity), message=text, urn=urn, ephemeral=ephemeral
    )
    _stub().Log(request, timeout=5)


@functools.cache
def _stub() -> Any:
    """The engine's log service, at the address that the engine starts this process with."""
    import grpc
    from pulumi.runtime.proto import engine_pb2_grpc

    if not (address := engine_address()):
        raise LookupError
    return engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))


def engine_address() -> str:
    """The address of the engine that started this process; empty if it isn't known."""
    return sys.argv[1] if len(sys.argv) > 1 and ":" in sys.argv[1] else ""


def calling_urn() -> str:
    """The URN of the resource that the engine is asking about: it tells the SDK, which doesn't pass it on."""
    return _in_call("request", lambda request: isinstance(getattr(request, "urn", None), str), "urn") or ""


def _in_call(name: str, fits: Callable[[Any], bool], attribute: str) -> Any:
    """An attribute of something that the SDK holds as it calls us."""
    frame = sys._getframe()  # noqa: SLF001 - there is no other way to it
    while frame is not None:
        found = frame.f_locals.get(name)
        if found is not None and fits(found):
            return getattr(found, attribute)
        frame = frame.f_back  # type: ignore[assignment]
    return None


canceled: Final = threading.Event()
"""Set once somebody has canceled the run, by Ctrl-C or `pulumi cancel`."""


def run_is_over() -> Callable[[], bool]:
    """Tells, for the call that is being served, whether the engine is gone or the run was canceled."""
    with contextlib.suppress(Exception):
        _hear_of_cancels()
    is_active = _in_call("context", lambda context: hasattr(context, "is_active"), "is_active")
    return lambda: canceled.is_set() or (is_active is not None and not is_active())


def _hear_of_cancels() -> None:
    """Have the SDK tell that the run was canceled: the engine says so, and the SDK drops it.

    What serves the engine was bound before any of this was loaded, so the method's code is exchanged, once.
    """
    method = sys.modules["__main__"].DynamicResourceProviderServicer.Cancel
    if not _sdks_cancel:
        _sdks_cancel.append(types.FunctionType(method.__code__, method.__globals__))
        method.__code__ = _cancel.__code__


_sdks_cancel: Final[list[Callable[..., Any]]] = []


def _cancel(self: Any, request: Any, context: Any) -> Any:
    import sys  # it runs among the SDK's globals

    return sys.modules["aws_org_features.resources.engine"].hear_cancel(self, request, context)


def hear_cancel(servicer: Any, request: Any, context: Any) -> Any:
    """Take down that the run was canceled, and answer as the SDK does."""
    canceled.set()
    return _sdks_cancel[0](servicer, request, context)


def one_line_errors(method: Callable[_P, _T]) -> Callable[_P, _T]:
    """Show our errors as one line, `error: REFERENCE: what happened, what to do next`.

    The SDK prints a traceback for every error that a provider raises; that stays so for errors that aren't
    ours.
    """

    @functools.wraps(method)
    def wrapper(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return method(*args, **kwargs)
        except OrgFeaturesError as error:
            _silence_tracebacks()
            hint = _of_the_state(error, args[-1]) if method.__name__ in _BY_THE_STATE else ""
            raise _named_by_reference(error, hint) from None

    return wrapper


_BY_THE_STATE: Final = ("read", "delete")
"""Methods that the engine calls without the program as well: in a refresh and a destroy."""


def _of_the_state(error: OrgFeaturesError, props: Any) -> str:
    """Notes on the credentials used where the program may not have run; props are the recorded ones."""
    if not isinstance(error, WHO_ACTS):
        return ""
    if isinstance(props, dict) and props.get("connection"):
        return (
            " Refresh and destroy use the `connection` in the state: after changing it, run `pulumi up` "
            "first, without --refresh."
        )
    return (
        " Refresh and destroy use the configuration in the state: after changing credentials, run them with "
        "--run-program."
    )


def _named_by_reference(error: OrgFeaturesError, hint: str) -> Exception:
    """An exception that Python prints as `reference: text`."""
    kind = type(error.reference, (Exception,), {"__module__": "builtins"})
    return kind(f"{error}{hint}")  # type: ignore[no-any-return]


_silenced = 0
_silenced_lock = threading.Lock()


def _silence_tracebacks() -> None:
    """Have the SDK print the error alone, now; it does so right after this returns.

    The setting is the process's, which other dynamic providers share: it is lifted again at once.
    """
    global _silenced  # noqa: PLW0603 - as the setting is
    with _silenced_lock:
        _silenced += 1
        sys.tracebacklimit = 0
    timer = threading.Timer(_TRACEBACK_PAUSE_SECONDS, _restore_tracebacks)
    timer.daemon = True
    timer.start()


def _restore_tracebacks() -> None:
    global _silenced  # noqa: PLW0603
    with _silenced_lock:
        _silenced -= 1
        if not _silenced and hasattr(sys, "tracebacklimit"):
            del sys.tracebacklimit
