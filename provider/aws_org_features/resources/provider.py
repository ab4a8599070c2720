"""The edge to Pulumi's dynamic provider: translates the engine's calls for a lifecycle, and nothing else."""

from __future__ import annotations

import abc
import atexit
import base64
import pickletools
import threading
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)
from pulumi.output import Unknown

from aws_org_features.common.provider_processes import Siblings
from aws_org_features.common.sanitize import message
from aws_org_features.lifecycle.aws_settings import SET, is_set, unconfigured
from aws_org_features.lifecycle.resource import Call, Settings
from aws_org_features.lifecycle.run_caches import RunCaches
from aws_org_features.lifecycle.unknown import UNKNOWN
from aws_org_features.resources.engine import (
    EngineLog,
    calling_urn,
    engine_address,
    one_line_errors,
    run_is_over,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_org_features.lifecycle.resource import Lifecycle, State

PROVIDER_KEY: Final = "__provider"

_lock: Final = threading.Lock()
_runs: Final[list[RunCaches]] = []


def this_run() -> RunCaches:
    """The memory of the run that this process serves. The first call makes it: a fork knows whose it is."""
    with _lock:
        if not _runs:
            siblings = Siblings(engine_address())
            atexit.register(siblings.close)
            _runs.append(RunCaches(siblings))
        return _runs[0]


class LifecycleProvider(ResourceProvider, abc.ABC):
    """Serves a resource by its lifecycle. Holds the stack's configuration and nothing else."""

    serialize_as_secret_always = True

    _configuration: Mapping[str, object] = MappingProxyType({})
    _get: Callable[[str], str | None] = staticmethod(lambda _key: None)

    @abc.abstractmethod
    def lifecycle(self, call: Call) -> Lifecycle:
        """The lifecycle of the resource, for one call."""

    def configure(self, req: ConfigureRequest) -> None:
        """Keep the stack's configuration at hand; it is read when somebody has to act."""
        self._get = req.config.get
        # The SDK has no way to list keys.
        self._configuration = dict(getattr(req.config, "_props", {}))

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Refuse bad inputs and configuration by name, before anything is asked or written."""
        # The program's description of the stack's settings isn't an input.
        given = {name: value for name, value in news.items() if name != SET}
        if lacking := [key for key in news.get(SET) or () if not is_set(self._configuration.get(key))]:
            name = calling_urn().rpartition("::")[2] or "the resource"
            return CheckResult(given, [CheckFailure("", unconfigured(name, lacking))])
        checked = self._lifecycle(_olds, given).check(_values(_olds), _values(given))
        failures = [CheckFailure(name, message(text)) for name, text in checked.problems]
        return CheckResult({**given, **checked.computed}, failures)

    @one_line_errors
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Say whether the next `up` has something to do."""
        found = self._lifecycle(_olds, _news).diff(_values(_olds), _values(_news))
        return DiffResult(changes=found.changes, replaces=list(found.replaces) or None)

    @one_line_errors
    def create(self, props: dict[str, Any]) -> CreateResult:
        """Adopt what is there, or begin."""
        state = self._lifecycle().create(_values(props))
        return CreateResult(state.id, state.outputs)

    @one_line_errors
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Reconcile the record with what AWS shows; never writes."""
        state = self._lifecycle().read(id_, _values(props))
        return _as_read(state)

    @one_line_errors
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Take it as far as it will go today."""
        return UpdateResult(self._lifecycle(_olds, _news).update(_values(_olds), _values(_news)).outputs)

    @one_line_errors
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Undo what was declared to be undone; else forget the record alone."""
        self._lifecycle().delete(_id, _values(_props))

    def _lifecycle(
        self, olds: Mapping[str, Any] | None = None, news: Mapping[str, Any] | None = None
    ) -> Lifecycle:
        return self.lifecycle(
            Call(
                urn=calling_urn(),
                log=EngineLog(),
                settings=Settings(self._get, self._configuration),
                run=this_run(),
                is_over=run_is_over(),
                provider_changed=provider_of(olds or {}) != provider_of(news or {}),
            )
        )


def _as_read(state: State) -> ReadResult:
    return ReadResult(state.id, state.outputs, *([state.inputs] if state.inputs is not None else []))


def _values(props: Any) -> Any:
    """Values as a lifecycle takes them: what the SDK doesn't know yet is `UNKNOWN`."""
    if isinstance(props, dict):
        return {name: _values(value) for name, value in props.items()}
    if isinstance(props, list):
        return [_values(value) for value in props]
    return UNKNOWN if isinstance(props, Unknown) else props


def provider_of(props: Mapping[str, Any]) -> list[str] | None:
    """The class that a pickled provider names; its bytes differ between versions of Python."""
    pickled = props.get(PROVIDER_KEY)
    if not isinstance(pickled, str):
        return None
    operations = pickletools.genops(base64.b64decode(pickled))
    return [argument for _, argument, _ in operations if isinstance(argument, str)]
