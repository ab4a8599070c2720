"""An AWS Organizations that runs on a laptop: moto's, plus handshakes and what real AWS enforces.

from aws_org_emulator import Emulator, Scenario

with Emulator(Scenario(invited=3)) as emulator:
    organizations = emulator.client("organizations", emulator.management)
"""

from aws_org_emulator.acts import NothingPendingError
from aws_org_emulator.clock import Clock
from aws_org_emulator.emulator import Emulator
from aws_org_emulator.faults import Fault
from aws_org_emulator.generate import generate
from aws_org_emulator.scenario import Member, Scenario
from aws_org_emulator.scenario_file import ScenarioFileError
from aws_org_emulator.scenario_file import load as load_scenario
from aws_org_emulator.server import CannotListenError
from aws_org_emulator.switches import Switches

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
