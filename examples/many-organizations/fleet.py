"""Runs `pulumi up` for each organization of a list, several at once, and says where each stands."""

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from pulumi import automation

HERE = Path(__file__).parent
DONE, FAILED, PENDING = 0, 1, 3  # as `org-features status` has it


@dataclass(frozen=True)
class Organization:
    """A line of the list: the stack's name, the organization's id, the AWS profile that acts."""

    stack: str
    organization_id: str
    profile: str


@dataclass(frozen=True)
class Outcome:
    """Status of an organization after its `up`; one that failed has none."""

    organization: Organization
    status: str
    message: str


def move_on(organization: Organization) -> Outcome:
    """Take one organization as far as it will go now."""
    try:
        stack = automation.create_or_select_stack(organization.stack, work_dir=str(HERE))
        stack.set_all_config(
            {
                "organizationId": automation.ConfigValue(organization.organization_id),
                "aws:profile": automation.ConfigValue(organization.profile),
            }
        )
        outputs = stack.up().outputs
    except automation.CommandError as error:
        told = [line.strip() for line in str(error).splitlines() if "error:" in line]
        return Outcome(organization, "", told[0] if told else str(error))
    return Outcome(organization, outputs["status"].value, outputs["message"].value)


def move_all_on(organizations: list[Organization], at_once: int) -> Iterator[Outcome]:
    """Do so for all, several at once; gives each as it is done. A failure stops nobody else."""
    with ThreadPoolExecutor(at_once) as pool:
        for done in as_completed([pool.submit(move_on, each) for each in organizations]):
            yield done.result()


def main() -> int:
    """Move all on; the exit code is of `org-features status`: all done, somebody waits, something failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list", type=Path, help="a CSV file: stack, organization_id, profile")
    parser.add_argument("--at-once", type=int, default=4, help="how many at once (4)")
    given = parser.parse_args()
    with given.list.open(newline="") as lines:
        organizations = [Organization(**line) for line in csv.DictReader(lines)]
    found: Counter[str] = Counter()
    for number, each in enumerate(move_all_on(organizations, given.at_once), 1):
        status = each.status or "FAILED"
        found[status] += 1
        print(
            f"{number:>4}/{len(organizations)}  {each.organization.stack:<12} {status:<21} {each.message}",
            flush=True,
        )
    print(", ".join(f"{count} {status}" for status, count in found.most_common()))
    if found["FAILED"]:
        return FAILED
    return DONE if set(found) <= {"ENABLED"} else PENDING


if __name__ == "__main__":
    sys.exit(main())
