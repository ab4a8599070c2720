"""The vendor's download, as a process of its own so that it can be given up: FOLDER VERSION SCRATCH.

The archive comes from one of the vendor's hosts and its sum from another, with the release. They must agree
before anything is unpacked. The last line of the output says what went wrong.
"""

from __future__ import annotations

import hashlib
import platform
import sys
import tarfile
import urllib.request
import urllib.response
from pathlib import Path
from typing import Final

ARCHIVES: Final = "https://get.pulumi.com/releases/sdk"
SUMS: Final = "https://github.com/pulumi/pulumi/releases/download"
_MACHINES: Final = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
_PATIENCE: Final = 15.0


class NotThere(Exception):  # noqa: N818 - an answer, not an error
    """The vendor's build can't be had, or isn't what it should be."""


def archive_name(version: str) -> str:
    """The vendor's name of the build for this machine.

    Raises:
        NotThere: There is none.
    """
    machine = _MACHINES.get(platform.machine().lower())
    if machine is None or platform.system() not in {"Linux", "Darwin"}:
        raise NotThere(f"there is no build for {platform.system()} on {platform.machine()}")
    return f"pulumi-v{version}-{platform.system().lower()}-{machine}.tar.gz"


def published_sum(sums: str, name: str) -> str:
    """The SHA-256 of a file in a list of sums.

    Raises:
        NotThere: The list doesn't name the file.
    """
    for line in sums.splitlines():
        words = line.split()
        if words[1:] == [name] or words[1:] == [f"*{name}"]:
            return words[0].lower()
    raise NotThere(f"the vendor publishes no sum of {name}")


def unpack(archive: Path, folder: Path) -> None:
    """Put the executables of an archive into a folder, which isn't there yet."""
    with tarfile.open(archive) as packed:
        packed.extractall(archive.parent / "unpacked", filter="data")
    (archive.parent / "unpacked" / "pulumi").rename(folder)


def fetch(version: str, folder: Path, scratch: Path) -> None:
    """Download, compare, unpack.

    Raises:
        NotThere: There is no build or no sum, or they don't agree.
    """
    name = archive_name(version)
    archive = scratch / name
    sums = _get(f"{SUMS}/v{version}/pulumi-{version}-checksums.txt").read().decode()
    wanted = published_sum(sums, name)
    with _get(f"{ARCHIVES}/{name}") as answer, archive.open("wb") as file:
        while block := answer.read(1 << 16):
            file.write(block)
            file.flush()
    with archive.open("rb") as file:
        got = hashlib.file_digest(file, "sha256").hexdigest()
    if got != wanted:
        raise NotThere(f"{name} has the sum {got}, and the vendor publishes {wanted}")
    unpack(archive, folder)


def _get(address: str) -> urllib.response.addinfourl:
    answer: urllib.response.addinfourl = urllib.request.urlopen(address, timeout=_PATIENCE)  # noqa: S310 - https
    return answer


def main(folder: str, version: str, scratch: str) -> int:
    """Install the CLI into `folder`; what went wrong is the last line of the output."""
    try:
        fetch(version, Path(folder), Path(scratch))
    except NotThere as failed:
        print(failed)
        return 1
    except Exception as failed:  # noqa: BLE001 - any failure: there is another way
        print(f"{type(failed).__name__}: {failed}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
