"""A stack without an engine, with the commands of one that has it."""

from __future__ import annotations

import copy
import json
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2

from tests.harness.deployment import Deployment, Failed
from tests.harness.provider import serving
from tests.harness.state import STACK, State
from tests.stacks import CommandResult, Project, environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.harness.monitor import Services
    from tests.harness.provider import Zygote

PARALLEL: Final = 16


@dataclass(frozen=True)
class Options:
    """The options of a command that are known here; others are the engine's."""

    refresh: bool = False
    expect_no_changes: bool = False
    diff: bool = False
    run_program: bool = False


class InProcess(Project):
    """A stack of its own, on one organization; no engine runs, and nothing is kept on disk.

    Attributes:
        state: What the stack remembers.
    """

    def __init__(
        self, folder: Path, org: Emulator, services: Services, zygote: Zygote, name: str = "test"
    ) -> None:
        self.org = org
        self.name = name
        self.state = State()
        self._folder = folder
        self._services = services
        self._zygote = zygote
        self._config: dict[str, Any] = {}
        self._program: Callable[[], object] = lambda: None
        self._environment = environment()
        self.configure(org)

    # -- commands ----------------------------------------------------------------------------------

    def up(self, **options: Any) -> CommandResult:
        """`pulumi up`."""
        return self._declared(Options(**options), preview=False)

    def preview(self, **options: Any) -> CommandResult:
        """`pulumi preview`."""
        return self._declared(Options(**options), preview=True)

    def refresh(self, **options: Any) -> CommandResult:
        """`pulumi refresh`; with `run_program` by the configuration as it is now."""
        given = Options(**options)
        configuration = self._configuration() if given.run_program else self.state.configuration
        return self._act(Deployment.refresh, self.state, configuration, given)

    def destroy(self, **options: Any) -> CommandResult:
        """`pulumi destroy`."""
        given = Options(**options)

        def destroy(deployment: Deployment) -> None:
            if given.refresh:
                deployment.refresh()
                deployment.ops.clear()
            deployment.destroy()

        return self._act(destroy, self.state, self.state.configuration, given)

    def _declared(self, options: Options, *, preview: bool) -> CommandResult:
        def act(deployment: Deployment) -> None:
            if options.refresh:
                deployment.refresh()
            changed = {op: count for op, count in deployment.ops.items() if op != "same"}
            deployment.ops.clear()
            self._declare(deployment, preview=preview)
            deployment.finish()
            deployment.ops.update(changed)

        state = copy.deepcopy(self.state) if preview else self.state
        return self._act(act, state, self._configuration(), options, preview=preview)

    def _act(
        self,
        command: Callable[[Deployment], None],
        state: State,
        configuration: dict[str, str],
        options: Options,
        *,
        preview: bool = False,
    ) -> CommandResult:
        deployment = Deployment(self.name, state, None, preview)
        environment = {**os.environ, **self._environment}
        stack = f"urn:pulumi:{self.name}::{self.name}::{STACK}::{self.name}-{self.name}"
        with (
            self._services.of(deployment),
            serving(
                self._zygote,
                self._services.address,
                environment,
                self._folder,
                lambda line: deployment.say(stack, "info", line),
            ) as deployment.provider,
        ):
            deployment.configure(configuration)
            try:
                command(deployment)
            except Failed:
                assert deployment.failed
        ran = CommandResult("", dict(deployment.ops), failed=deployment.failed)
        if not ran.failed and options.expect_no_changes and ran.changes:
            deployment.say("", "error", "no changes were expected but changes occurred")
            ran.failed = True
        if not ran.failed:
            ran.outputs = self.outputs()
        ran.messages = [(told.severity, told.text) for told in deployment.told]
        ran.text = text_of(deployment, diff=options.diff)
        return ran

    def _declare(self, deployment: Deployment, *, preview: bool) -> None:
        """Run the program as an inline program of the Automation API is run: in a thread of its own."""
        request = language_pb2.RunRequest(
            project=self.name,
            stack=self.name,
            args=[self._services.address],
            monitor_address=self._services.address,
            dryRun=preview,
            parallel=PARALLEL,
            config=self._configuration(),
            configSecretKeys=[key for key, value in self._config.items() if _is_secret(value)],
            organization="organization",
        )
        errors: list[str] = []
        server = LanguageServer(self._run_program)
        running = threading.Thread(target=lambda: errors.append(_error(server, request)))
        running.start()
        running.join()
        if errors != [""]:
            deployment.failed = True

    # -- what is kept ------------------------------------------------------------------------------

    def set_environment(self, **variables: str) -> None:
        """Set variables of what the provider runs in."""
        self._environment.update(variables)

    def configure_with(self, changes: dict[str, Any]) -> None:
        """Change keys of the stack's configuration; None takes one away."""
        self._config = {key: value for key, value in {**self._config, **changes}.items() if value is not None}

    def _configuration(self) -> dict[str, str]:
        """The configuration as the engine hands it over: secrets revealed, other values than text as JSON."""

        def text(value: Any) -> str:
            if _is_secret(value):
                return "revealed"
            return value if isinstance(value, str) else json.dumps(value)

        return {key: text(value) for key, value in self._config.items()}

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs."""
        return next((dict(each.outputs) for each in self.state.resources.values() if each.type == STACK), {})

    def resources(self) -> dict[str, dict[str, Any]]:
        """The state's resources by name, without the stack's own and components."""
        return {
            each.name: {
                "urn": each.urn,
                "type": each.type,
                "id": each.id,
                "inputs": each.inputs,
                "outputs": each.outputs,
            }
            for each in self.state.resources.values()
            if each.custom
        }

    def stored(self) -> str:
        """Refuse: a backend's contents are the engine's."""
        return _needs_the_engine("a stored state")

    def command(self, *arguments: str) -> str:
        """Other commands are the engine's."""
        return _needs_the_engine(f"`pulumi {' '.join(arguments)}`")


def _error(server: Any, request: language_pb2.RunRequest) -> str:
    """The error of a program; empty if it went well."""
    try:
        return str(server.Run(request, None).error)
    except Exception as error:  # noqa: BLE001 - as the server that the engine calls does
        # The SDK raises what a registration raised that was still going on when the program failed. With the
        # engine that fails the call, and so the run, after the program's own error was reported.
        return f"{type(error).__name__}: {error}"


def _is_secret(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"secure"}


def _needs_the_engine(what: str) -> NoReturn:
    raise NotImplementedError(f"{what} needs the engine: this test belongs in tests/engine")


def text_of(deployment: Deployment, *, diff: bool) -> str:
    """The text that a person reads: differences, and by resource a message a line."""
    lines: dict[str, list[str]] = {}
    for told in deployment.told:
        prefix = "" if told.severity == "info" else f"{told.severity}: "
        lines.setdefault(told.urn, []).append(f"    {prefix}{told.text}")
    said = [line for texts in lines.values() for line in texts]
    return "\n".join([*(deployment.differing if diff else []), *said])
