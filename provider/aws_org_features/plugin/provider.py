"""The engine's calls, as `provider.proto` has them, carried to what they are about.

One process serves one provider of one run of the engine. An error of ours is a line, its reference first.
"""

from __future__ import annotations

import contextlib
import functools
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import grpc
from google.protobuf import empty_pb2  # type: ignore[import-untyped]

from aws_org_features.common.errors import ConfigurationError, OrgFeaturesError
from aws_org_features.common.sanitize import message
from aws_org_features.plugin import resources, schema, wire
from aws_org_features.plugin.engine import Engine, EngineLog
from aws_org_features.plugin.protos import engine_pb2, plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aws_org_features.common.provider_processes import Siblings
    from aws_org_features.lifecycle.resource import Call, Problem
    from aws_org_features.plugin.resource import Made, Resource

    Method = TypeVar("Method", bound=Callable[..., Any])

_DIFF: Final = provider_pb2.DiffResponse
_KIND: Final = provider_pb2.PropertyDiff


def _told(method: Method) -> Method:
    """Answer an error as one line. A mistake of ours has its traceback in the debug log."""

    @functools.wraps(method)
    def wrapper(self: Provider, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return method(self, request, context)
        except OrgFeaturesError as error:
            _fail(context, schema.in_our_names(f"{error.reference}: {error}"))
        except wire.Refused as error:
            _fail(context, f"{ConfigurationError.reference}: {error}")
        except Exception as error:
            if context.code() is not None:  # type: ignore[attr-defined]
                raise  # it was answered already
            self.engine.log("", traceback.format_exc(), engine_pb2.DEBUG)
            _fail(
                context,
                f"unexpected: {type(error).__name__}: {error}. This is a mistake in {schema.PACKAGE}.",
            )

    return wrapper  # type: ignore[return-value]


def _fail(context: grpc.ServicerContext, text: str) -> NoReturn:
    # The engine shows the text of this code alone, and that of any other behind the code's name.
    context.abort(grpc.StatusCode.UNKNOWN, message(text))
    raise AssertionError


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """The package's provider.

    Args:
        engine_address: Where the engine listens.

    Attributes:
        engine: The engine.
        canceled: Set once the run is to end early.
    """

    def __init__(self, engine_address: str = "") -> None:
        self.engine = Engine(engine_address)
        self.canceled = threading.Event()
        self._lock = threading.Lock()
        self._settings: Any = None
        self._reference = ""
        self._run: Any = None
        self._siblings: Siblings | None = None
        self._resources: dict[str, Resource] = {}
        self._gone: Callable[[], object] = lambda: None

    def when_the_engine_is_gone(self, then: Callable[[], object]) -> None:
        """Call it once nobody is there any more who would hear an answer."""
        self._gone = then
        self.engine.when_gone(then)

    def cancel(self) -> None:
        """Have what goes on end as soon as it can."""
        self.canceled.set()

    def close(self) -> None:
        """Leave nothing behind."""
        if self._siblings is not None:
            self._siblings.close()

    # The plugin itself

    def Handshake(self, _request: Any, _context: Any) -> Any:
        """Say what of the protocol is spoken."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True)

    def Attach(self, request: Any, _context: Any) -> Any:
        """Take on an engine that didn't start this process, as where somebody debugs it."""
        before, self.engine = self.engine, Engine(request.address)
        before.close()
        self.engine.when_gone(self._gone)
        return empty_pb2.Empty()

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:
        """Tell the version."""
        return plugin_pb2.PluginInfo(version=schema.version())

    @_told
    def GetSchema(self, request: Any, context: Any) -> Any:
        """Give the package's schema."""
        if request.version:
            _fail(context, f"there is no version {request.version} of the schema's format, only 0")
        return provider_pb2.GetSchemaResponse(schema=schema.text())

    @_told
    def Parameterize(self, _request: Any, context: Any) -> Any:
        """Refuse: there is one package, and it takes no parameters."""
        _fail(context, f"the package {schema.PACKAGE} takes no parameters")

    def Cancel(self, _request: Any, _context: Any) -> Any:
        """Have what goes on end as soon as it can; it is still recorded."""
        self.cancel()
        return empty_pb2.Empty()

    # Who acts

    @_told
    def CheckConfig(self, request: Any, _context: Any) -> Any:
        """Refuse wrong settings by name, and make secrets of what must be one."""
        from aws_org_features.plugin import settings

        kept, problems = settings.check(request.news)
        # It blames no property, for the engine would print its value.
        return provider_pb2.CheckResponse(inputs=kept, failures=_failures([("", text) for text in problems]))

    @_told
    def DiffConfig(self, request: Any, _context: Any) -> Any:
        """Tell which settings differ. They never replace anything: others act in the same organization."""
        from aws_org_features.plugin import settings

        found = settings.differing(request.old_inputs or request.olds, request.news)
        return differences({name: property_diff(*values) for name, values in found.items()})

    @_told
    def Configure(self, request: Any, _context: Any) -> Any:
        """Keep the settings; they are read when somebody has to act."""
        from aws_org_features.plugin import versions
        from aws_org_features.plugin.settings import Settings

        self._settings = Settings(request.args)
        self._reference = f"{request.urn}::{request.id}" if request.urn else ""
        if lags := versions.lagging(wire.read(request.args).get("version"), schema.version()):
            self.engine.log(request.urn, lags, engine_pb2.WARNING)
        return provider_pb2.ConfigureResponse(acceptSecrets=True, acceptResources=True, supportsPreview=True)

    # The resources

    @_told
    def Check(self, request: Any, context: Any) -> Any:
        """Refuse bad inputs by name, before anything is written, and work out what the run may do."""
        inputs, problems = self._resource(request, context).check(
            self._call(request.urn, context), request.olds, request.news
        )
        return provider_pb2.CheckResponse(inputs=inputs, failures=_failures(problems))

    @_told
    def Diff(self, request: Any, context: Any) -> Any:
        """Compare, property by property."""
        found = self._resource(request, context).diff(
            self._call(request.urn, context), request.olds, request.old_inputs, request.news
        )
        return differences(
            {
                name: property_diff(*values, replaces=name in found.replaces)
                for name, values in found.properties.items()
                if name not in request.ignoreChanges
            },
            to_do=found.to_do,
        )

    @_told
    def Create(self, request: Any, context: Any) -> Any:
        """Adopt what is there, or start."""
        made = self._resource(request, context).create(
            self._call(request.urn, context), request.properties, preview=request.preview
        )
        _fail_half_way(context, made)
        return provider_pb2.CreateResponse(
            id=made.id, properties=made.outputs, refresh_before_update=made.reads_first
        )

    @_told
    def Read(self, request: Any, context: Any) -> Any:
        """Say what is there; of an import, nothing but the id is known before."""
        made = self._resource(request, context).read(
            self._call(request.urn, context), request.id, request.properties, request.inputs
        )
        return provider_pb2.ReadResponse(
            id=made.id,
            properties=made.outputs,
            inputs=made.inputs,
            refresh_before_update=made.reads_first,
        )

    @_told
    def Update(self, request: Any, context: Any) -> Any:
        """Go on from where it stands."""
        made = self._resource(request, context).update(
            self._call(request.urn, context), request.olds, request.news, preview=request.preview
        )
        _fail_half_way(context, made)
        return provider_pb2.UpdateResponse(properties=made.outputs, refresh_before_update=made.reads_first)

    @_told
    def Delete(self, request: Any, context: Any) -> Any:
        """Have the stack forget it."""
        self._resource(request, context).delete(
            self._call(request.urn, context), request.id, request.properties, request.old_inputs
        )
        return empty_pb2.Empty()

    # The component

    @_told
    def Construct(self, request: Any, context: Any) -> Any:
        """Make a component of the resources that it has."""
        if request.type not in resources.COMPONENTS:
            _fail(context, f"the package {schema.PACKAGE} has no component {request.type}")
        from aws_org_features.plugin.construct import ChildFailed, Construction

        component = resources.component(request.type)
        for stranger in wire.strangers(request.inputs, schema.inputs(request.type)):
            _fail(context, f"{schema.unknown_input(*stranger)}")
        with contextlib.closing(Construction(request, self._reference)) as construction:
            if told := component.problem(construction):
                _fail(context, told)
            try:
                construction.begin()
                return component.make(construction)
            except ChildFailed as error:
                _fail(context, str(error))

    # Its children are asked for while it waits for them: it mustn't take their threads.
    Construct.experimental_thread_pool = ThreadPoolExecutor(64, "construct")  # type: ignore[attr-defined]

    # The function

    @_told
    def Invoke(self, request: Any, context: Any) -> Any:
        """Answer a function's call."""
        if request.tok != schema.GET_FEATURE_SET:
            _fail(context, f"the package {schema.PACKAGE} has no function {request.tok}")
        from aws_org_features.plugin import get_feature_set

        found, problems = get_feature_set.ask(self._call("", context), request.args)
        return provider_pb2.InvokeResponse(**{"return": found}, failures=_failures(problems))

    # What they need

    def _resource(self, request: Any, context: Any) -> Resource:
        token = request.urn.split("::")[2].rpartition("$")[2]
        if token not in resources.MODULES:
            _fail(context, f"the package {schema.PACKAGE} has no resource {token}")
        with self._lock:
            if token not in self._resources:
                self._resources[token] = resources.begin(token)
            return self._resources[token]

    def _call(self, urn: str, context: Any) -> Call:
        from aws_org_features.common.provider_processes import Siblings
        from aws_org_features.lifecycle.resource import Call, Settings
        from aws_org_features.lifecycle.run_caches import RunCaches

        def is_over() -> bool:
            return self.canceled.is_set() or not context.is_active()

        with self._lock:
            if self._run is None:
                self._siblings = Siblings(self.engine.address)
                self._run = RunCaches(self._siblings)
        get = self._settings.get if self._settings is not None else lambda _: None
        log = EngineLog(self.engine, urn)
        return Call(urn, log, Settings(get), self._run, is_over, may_fail_half_way=True)


def _failures(problems: Iterable[Problem]) -> list[Any]:
    """The problems of values, as the engine takes them: a line each."""
    return [provider_pb2.CheckFailure(property=name, reason=message(text)) for name, text in problems]


class _Status(grpc.Status):
    """An error with details."""

    def __init__(self, text: str, details: bytes) -> None:
        self.code = grpc.StatusCode.UNKNOWN
        self.details = text
        self.trailing_metadata = (("grpc-status-details-bin", details),)


def _fail_half_way(context: Any, made: Made) -> None:
    """Fail, and yet have the state keep what is there, with the reasons: the next run goes on from it."""
    if not made.failures:
        return
    reasons = [message(schema.in_our_names(each)) for each in made.failures]
    failed = provider_pb2.ErrorResourceInitFailed(
        id=made.id,
        properties=made.outputs,
        inputs=made.inputs,
        reasons=reasons,
        refresh_before_update=made.reads_first,
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message="; ".join(reasons))
    status.details.add().Pack(failed)
    context.abort_with_status(_Status(status.message, status.SerializeToString()))


def property_diff(before: Any, after: Any, *, replaces: bool = False) -> Any:
    """The difference of an input; None is one that isn't there."""
    if replaces:
        kind = _KIND.ADD_REPLACE if before is None else _KIND.UPDATE_REPLACE
    else:
        kind = _KIND.ADD if before is None else _KIND.DELETE if after is None else _KIND.UPDATE
    return provider_pb2.PropertyDiff(kind=kind, inputDiff=True)


def differences(found: dict[str, Any], *, to_do: bool = False) -> Any:
    """The differences, by the properties' paths.

    Args:
        found: The properties.
        to_do: Whether there is something to do that none of them says.
    """
    replacing = (_KIND.ADD_REPLACE, _KIND.UPDATE_REPLACE)
    return _DIFF(
        changes=_DIFF.DIFF_SOME if found or to_do else _DIFF.DIFF_NONE,
        diffs=sorted(found),
        replaces=sorted(name for name, each in found.items() if each.kind in replacing),
        detailedDiff=found,
        hasDetailedDiff=True,
    )
