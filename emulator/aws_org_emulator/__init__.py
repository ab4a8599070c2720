"""An AWS Organizations that runs on a laptop: moto's, plus handshakes and what real AWS enforces.

from aws_org_emulator import Emulator, Scenario

with Emulator(Scenario(invited=3)) as emulator:
    organizations = emulator.client("organizations", emulator.management)

Names are imported when they are first asked for: pytest imports this package in every project that has
it installed, for the sake of its plugin, with moto or without.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_org_emulator.emulator import Emulator
    from aws_org_emulator.people.actions import NothingPendingError
    from aws_org_emulator.scenario.file import ScenarioFileError, load_scenario
    from aws_org_emulator.scenario.generate import generate
    from aws_org_emulator.scenario.scenario import Member, Scenario
    from aws_org_emulator.scenario.switches import Switches
    from aws_org_emulator.server.faults import Fault
    from aws_org_emulator.server.http_server import CannotListenError
    from aws_org_emulator.timing.clock import Clock

__all__ = [
    "CannotListenError",
    "Clock",
    "Emulator",
    "Fault",
    "Member",
    "NothingPendingError",
    "Scenario",
    "ScenarioFileError",
    "Switches",
    "generate",
    "load_scenario",
]

_LAZY_NAMES = {
    "CannotListenError": "server.http_server",
    "Clock": "timing.clock",
    "Emulator": "emulator",
    "Fault": "server.faults",
    "Member": "scenario.scenario",
    "NothingPendingError": "people.actions",
    "Scenario": "scenario.scenario",
    "ScenarioFileError": "scenario.file",
    "Switches": "scenario.switches",
    "generate": "scenario.generate",
    "load_scenario": "scenario.file",
}


def __getattr__(name: str) -> Any:
    """Import a public name."""
    if name not in _LAZY_NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_LAZY_NAMES[name]}"), name)
    except ModuleNotFoundError as error:
        package = (error.name or "more").partition(".")[0]
        needed = f"{__name__}.{name} needs {package}: pip install 'aws-org-features[emulator]'"
        raise ModuleNotFoundError(needed, name=error.name) from error
