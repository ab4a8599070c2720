"""A stack a test, without an engine (`tests/harness`); and again with it, for some.

Each test is there twice: `in process`, and `both ways`, where it runs with the engine, then without, and
what the two did is compared. Of the latter, `make test-all` has those marked `engine_too`, one of each kind,
and a sample of the others. `make test` has a share of the former, and --both-ways takes all of them. A module
with a function `prepare` has it make something of the stack before each of its tests.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.harness.both_ways import differences, traced
from tests.harness.monitor import Services
from tests.harness.project import InProcess
from tests.harness.provider import ROOT
from tests.stacks import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.harness.both_ways import CommandTrace
    from tests.harness.provider import Zygote

    Stacks = Callable[[str, Emulator], Project]
    Trace = list[CommandTrace]

IN_PROCESS: Final = "in process"
BOTH_WAYS: Final = "both ways"
EVERY: Final = 12
"""Of how many tests `make test-all` tries one both ways."""
SHARE: Final = 8
"""Of how many kinds `make test` tries one both ways."""
NAMES: Final = {"project": "test", "another_project": "another"}
"""Of the stacks that are fixtures."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let each test with a stack be there twice."""
    if "way" in metafunc.fixturenames:
        metafunc.parametrize("way", [IN_PROCESS, BOTH_WAYS])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave most of those that need the engine out."""
    seed = config.getoption("--seed")
    both = [item for item in items if _way(item) == BOTH_WAYS]
    of_a_kind = [item for item in both if item.get_closest_marker("engine_too")]
    others = [item for item in both if not item.get_closest_marker("engine_too")]
    if not config.getoption("--both-ways"):
        chosen = {id(item) for item in others[seed % EVERY :: EVERY]}
        left_out = {id(item) for item in others} - chosen
        config.hook.pytest_deselected(items=[item for item in items if id(item) in left_out])
        items[:] = [item for item in items if id(item) not in left_out]
    in_short = {id(item) for item in of_a_kind[seed % SHARE :: SHARE]}
    for item in both:
        if id(item) not in in_short:
            item.add_marker(pytest.mark.exhaustive)


def _way(item: pytest.Item) -> str | None:
    parameters = getattr(item, "callspec", None)
    return parameters.params.get("way") if parameters else None


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    """The engine's services."""
    made = Services()
    yield made
    made.close()


@pytest.fixture
def in_process(request: pytest.FixtureRequest, tmp_path: Path, services: Services, zygote: Zygote) -> Stacks:
    """Makes stacks without an engine, by their names."""

    def make(name: str, org: Emulator) -> Project:
        return InProcess(tmp_path, org, services, zygote, name)

    return _prepared(make, request.module)


def _prepared(make: Stacks, module: Any) -> Stacks:
    def made(name: str, org: Emulator) -> Project:
        project = make(name, org)
        getattr(module, "prepare", lambda _: None)(project)
        return project

    return made


@pytest.fixture
def traces() -> dict[str, Trace]:
    """The commands of each stack with the engine, by the stack's name."""
    return {}


@pytest.fixture
def stacks(
    request: pytest.FixtureRequest, way: str, tmp_path: Path, in_process: Stacks, traces: dict[str, Trace]
) -> Stacks:
    """Makes stacks, by their names."""
    if way == IN_PROCESS:
        return in_process
    if shutil.which("pulumi") is None:
        pytest.fail("there is no pulumi on PATH: run the tests with `make test`")

    def make(name: str, org: Emulator) -> Project:
        folder = tmp_path / name
        folder.mkdir()
        project = Project(folder, org, name)
        # The provider's own Python has to find the resources that tests define, as the forked ones do.
        project.set_environment(PYTHONPATH=str(ROOT))
        return project

    return _tracing(_prepared(make, request.module), traces)


def _tracing(make: Stacks, traces: dict[str, Trace]) -> Stacks:
    def made(name: str, org: Emulator) -> Project:
        project = make(name, org)
        traces[name] = traced(project)
        return project

    return made


@pytest.fixture
def project(stacks: Stacks, org: Emulator) -> Project:
    """A stack on the organization, without a program yet."""
    return stacks(NAMES["project"], org)


@pytest.fixture
def another_project(stacks: Stacks, org: Emulator) -> Project:
    """A second stack on the same organization."""
    return stacks(NAMES["another_project"], org)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """Run a test that has just run with the engine once more without, and compare."""
    if _way(pyfuncitem) != BOTH_WAYS:
        return (yield)
    result = yield
    given: dict[str, Any] = pyfuncitem.funcargs
    with_engine: dict[str, Trace] = given["traces"]
    without: dict[str, Trace] = {}
    org: Emulator = given["org"]
    org.stop()
    org.start()  # again
    folder: Path = given["tmp_path"]  # messages name it: it must be empty, not another one
    folder.rename(folder.with_name(f"{folder.name} with the engine"))
    folder.mkdir()
    stacks = _tracing(given["in_process"], without)
    again = {name: given[name] for name in pyfuncitem._fixtureinfo.argnames}
    again |= {fixture: stacks(name, org) for fixture, name in NAMES.items() if fixture in again}
    if "stacks" in again:
        again["stacks"] = stacks
    pyfuncitem.obj(**again)
    assert without.keys() == with_engine.keys(), "not the same stacks with the engine and without it"
    races = pyfuncitem.get_closest_marker("calls_race") is not None
    found = [
        line
        for name in with_engine
        for line in differences(with_engine[name], without[name], but="writes" if races else "")
    ]
    assert not found, "\n".join(["not the same with the engine and without it:", *found])
    return result
