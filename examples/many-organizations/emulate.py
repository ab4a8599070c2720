"""Emulates many organizations with consolidated billing, to try fleet.py on, until Ctrl-C."""

import argparse
import csv
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from aws_org_emulator import Emulator, Scenario

FIRST, FIRST_MEMBER = 900_000_000_001, 910_000_000_001


def found(number: int, emulator: Emulator) -> str:
    """Found an organization, every second with an invited account that will be asked; gives its id."""
    management = emulator.client("organizations", str(FIRST + number))
    organization = management.create_organization(FeatureSet="CONSOLIDATED_BILLING")["Organization"]
    if number % 2:
        member = str(FIRST_MEMBER + number)
        joining = emulator.client("organizations", member)
        target = {"Type": "ACCOUNT", "Id": member}
        invitation = management.invite_account_to_organization(Target=target)["Handshake"]
        joining.accept_handshake(HandshakeId=invitation["Id"])
    return str(organization["Id"])


def profiles(names: list[str], emulator: Emulator) -> Iterator[str]:
    """Create, for each organization, a profile of AWS's configuration that acts as its management account."""
    for number, name in enumerate(names):
        keys = emulator.credentials(str(FIRST + number))
        yield (
            f"[profile {name}]\nregion = us-east-1\naws_access_key_id = {keys.access_key_id}\n"
            f"aws_secret_access_key = {keys.secret_access_key}\nendpoint_url = {emulator.endpoint}\n"
        )


def main() -> None:
    """Write the list for fleet.py, and the profiles; then answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=20)
    names = [f"customer-{number + 1}" for number in range(parser.parse_args().count)]
    with Emulator(Scenario(invited=0, created=0)) as emulator, suppress(KeyboardInterrupt):
        with Path("organizations.csv").open("w", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(("stack", "organization_id", "profile"))
            lines.writerows((name, found(number, emulator), name) for number, name in enumerate(names))
        Path("aws-config").write_text("\n".join(profiles(names, emulator)))
        print(
            f"{len(names)} organizations, in organizations.csv and aws-config. Ctrl-C ends them.", flush=True
        )
        signal.pause()


if __name__ == "__main__":
    main()
