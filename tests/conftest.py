"""Common start of many tests, an emulated organization; and the figures at a run's end."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.figures import COUNTED, Plugin, choose_promised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping

    from aws_org_emulator import Emulator, Scenario
    from tests.harness.provider import Zygote

_KEPT = ("AWS_CA_BUNDLE", "PULUMI_HOME", "PULUMI_SKIP_UPDATE_CHECK")
_SHOWN_BY = ("CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR")
_PYTHON = ("PYTHONPATH", "PYTHONWARNINGS")
_OF_MAKE = ("MAKEFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "MFLAGS", "ARGS", "SEED")
"""The variable by which `make test ARGS=…` passes arguments to makes below it, which tests run."""
_HERE = "127.0.0.1"


def _make_hermetic(environment: MutableMapping[str, str]) -> None:
    """Take from the environment what is somebody's own: stacks, accounts, how programs write and load.

    Proxies stay, for what is installed by way of them; nothing on this machine is asked through one.
    """
    for name in list(environment):
        own = name.startswith(("AWS_", "PULUMI_")) and name not in _KEPT
        if own or name in (*_SHOWN_BY, *_PYTHON, *_OF_MAKE):
            del environment[name]
    for name in ("NO_PROXY", "no_proxy"):
        environment[name] = ",".join(filter(None, (_HERE, environment.get(name))))
    environment["LC_ALL"] = "C.UTF-8"
    # Each command of the engine is a short life, in which collecting garbage takes a seventh of the time.
    environment["GOGC"] = "400"


_make_hermetic(os.environ)  # before anything is imported that looks at it

pytest_plugins = ("tests.soak", "tests.shares", "tests.costs", "tests.loading", "tests.leftovers")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the figures be written."""
    parser.addoption(
        "--write-figures", action="store_true", help="write what the tests tried into docs/emulator.md"
    )
    parser.addoption(
        "--write-counts", action="store_true", help="write what the tests did into docs/promises.md"
    )
    parser.addoption(
        "--both-ways",
        action="store_true",
        help="run each test of tests/resources with the engine and without it, and compare",
    )
    parser.addoption(
        "--every-position",
        action="store_true",
        help="let each fault, and each act of others, happen at each call, not at some of them",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: tests of the engine wait for it, a fifth of their time."""
    return (os.cpu_count() or 1) + 1


def pytest_configure(config: pytest.Config) -> None:
    """Count what was tried, but not in each of the processes that share the work."""
    if config.getoption("--write-counts"):
        choose_promised(config)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(
            Plugin(
                writes=config.getoption("--write-figures"),
                writes_counts=config.getoption("--write-counts"),
            )
        )


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what stays anyway, and look less often: that's an eighth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True, scope="session")
def _event_loop() -> Iterator[None]:
    """Give programs without an engine an event loop: from Python 3.12 on, the SDK gets none by asking."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    # Where a test only declares, outputs wait on. Each would be reported as destroyed while it is pending.
    if left := asyncio.all_tasks(loop):
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture
def counted(record_property: Callable[[str, object], None]) -> Callable[[str, str, int], None]:
    """Has the run's end tell how much of something a test did: section, what, how often."""
    return lambda section, what, times: record_property(COUNTED, [section, what, times])


@pytest.fixture
def scenario() -> Scenario:
    """The organization that `org` starts with; tests parametrize it."""
    from aws_org_emulator import Scenario  # noqa: PLC0415 - tests without an organization don't load moto

    return Scenario()


@pytest.fixture
def org(scenario: Scenario) -> Iterator[Emulator]:
    """A running organization."""
    from aws_org_emulator import Emulator  # noqa: PLC0415

    with Emulator(scenario) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """The process that provider processes are forked from."""
    from tests.harness.provider import Zygote  # noqa: PLC0415 - and most tests don't load the SDK

    made = Zygote()
    yield made
    made.close()


@pytest.fixture
def forking(request: pytest.FixtureRequest) -> Zygote | None:
    """The process that the engine's providers are forked from, where all is loaded already.

    None where a test is marked `own_python`: there each is started as for everybody.
    """
    if request.node.get_closest_marker("own_python"):
        return None
    made: Zygote = request.getfixturevalue("zygote")
    return made


@pytest.fixture(autouse=True, scope="session")
def _ctrl_c_is_heard() -> None:
    """Also where the tests run in the background, which ignores it: some tests press it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
