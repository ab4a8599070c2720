"""Runs `pulumi up` until the organization has all features, or until there is no time left."""

import argparse
import subprocess
import sys
import time

from pulumi import automation

DONE, PENDING, TO_FINALIZE = 0, 3, 6  # exit codes of `org-features status`
BEFORE_THE_GATE = {"exclude": ["**:AllFeaturesGate::**"], "exclude_dependents": True}


def move_on(stack: automation.Stack, organization_id: str) -> int:
    """Take the migration as far as it will go now.

    Returns:
        The exit code of `org-features status`: where it stands.

    Raises:
        CommandError: `pulumi up` failed; that it has to wait is no failure.
    """
    stack.up(on_output=print, **BEFORE_THE_GATE)
    asked = ["org-features", "status", "--organization-id", organization_id]
    code = subprocess.run(asked, check=False).returncode
    if code == DONE:
        stack.up(on_output=print)
    return code


def main() -> int:
    """Move on, wait, and so on until there is nothing to wait for, or no time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stack")
    parser.add_argument("organization_id")
    parser.add_argument("--every", type=float, default=60, metavar="MINUTES", help="how often (60)")
    parser.add_argument("--within", type=float, default=8, metavar="HOURS", help="and how long (8)")
    given = parser.parse_args()
    stack = automation.select_stack(given.stack, work_dir=".")
    deadline = time.monotonic() + given.within * 3600
    while True:
        code = move_on(stack, given.organization_id)
        if code not in {PENDING, TO_FINALIZE} or time.monotonic() + given.every * 60 > deadline:
            return code
        print("Waiting.", flush=True)
        time.sleep(given.every * 60)


if __name__ == "__main__":
    sys.exit(main())
