"""The vendor's download, as a process of its own so that it can be given up: ROOT VERSION."""

import subprocess
import sys

from pulumi.automation import PulumiCommand
from semver import VersionInfo


def main(root: str, version: str) -> int:
    """Install the CLI into `root`/bin; what went wrong is the last line of the output."""
    try:
        PulumiCommand.install(root=root, version=VersionInfo.parse(version))
    except subprocess.CalledProcessError as failed:
        print(failed.output.decode(errors="replace") if failed.output else failed)
        return 1
    except Exception as failed:  # noqa: BLE001 - whatever it is, there is another way
        print(f"{type(failed).__name__}: {failed}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
