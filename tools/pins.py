"""The pins of requirements.lock: one list of packages with their sums, and who wants each.

    python -m tools.pins                       # regenerates requirements.txt, from the lock
    python -m tools.pins EXTRA OR GROUP...     # prints what they lead to, with its sums

Of the lock, a set-up installs what its extras and groups of pyproject.toml lead to, and requires the sums.
Pure, and of the standard library alone: it is needed before anything is installed.
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT: Final = Path(__file__).resolve().parent.parent
LOCK: Final = "requirements.lock"
_PIN: Final = re.compile(r"([A-Za-z0-9._-]+)==(\S+)")
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_VIA: Final = re.compile(r"\s+#(?: via)?\s*(?P<name>[A-Za-z0-9._-]*)")


@dataclass(frozen=True)
class Pin:
    """One package at one version.

    Attributes:
        name: Of the package, normalized.
        version: Of the package.
        text: Its lines in the lock: version, condition, sums.
        via: The packages that want it.
    """

    name: str
    version: str
    text: str
    via: frozenset[str]

    @property
    def requirement(self) -> str:
        """Version and condition, without sums."""
        return self.text.partition("\n")[0].removesuffix("\\").strip()


def normalized(name: str) -> str:
    """A package's name, as indexes compare them."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read(lock: str) -> list[Pin]:
    """All that a lock pins; one package has several pins where its version depends on the Python."""
    pins = []
    for block in re.split(r"\n(?=[A-Za-z0-9])", lock.strip()):
        lines = block.splitlines()
        pinned = _PIN.match(lines[0])
        if pinned is None:
            continue
        comments = [line for line in lines if line.lstrip().startswith("#")]
        kept = [line for line in lines if line not in comments]
        wanting = {normalized(found["name"]) for line in comments if (found := _VIA.match(line))}
        pins.append(Pin(normalized(pinned[1]), pinned[2], "\n".join(kept), frozenset(wanting - {""})))
    return pins


def wanted(pyproject: Mapping[str, Any], names: Iterable[str]) -> set[str]:
    """The packages that extras and groups ask for by name.

    Args:
        pyproject: What pyproject.toml holds.
        names: Of extras and groups; `project` stands for what the project itself needs.

    Raises:
        KeyError: There is no such extra and no such group.
    """
    project = pyproject["project"]
    known = {
        "project": project["dependencies"],
        **project.get("optional-dependencies", {}),
        **pyproject.get("dependency-groups", {}),
    }
    asked = [requirement for name in names for requirement in known[name]]
    return {normalized(found[0]) for requirement in asked if (found := _NAME.match(requirement))}


def closure(pins: Iterable[Pin], roots: Iterable[str]) -> list[Pin]:
    """The pins of some packages and of all that they want, in the lock's order."""
    pins, reached = list(pins), set(roots)
    while more := {pin.name for pin in pins if pin.via & reached} - reached:
        reached |= more
    return [pin for pin in pins if pin.name in reached]


def selected(root: Path, names: Iterable[str]) -> list[Pin]:
    """The pins of a checkout's extras and groups."""
    pyproject = tomllib.loads((root / "pyproject.toml").read_text())
    return closure(read((root / LOCK).read_text()), wanted(pyproject, names))


def pulumi_install(root: Path) -> str:
    """The contents of requirements.txt."""
    pins = "\n".join(pin.requirement for pin in selected(root, ("project",)))
    return f"""\
# The packages of `pulumi install`: this project as the program needs it, at the locked versions.
# Without sums, as pip takes none beside a project in a folder. `make lock` writes it.
{pins}
-e .
"""


def main(names: list[str]) -> int:
    """Print the pins of some extras and groups, or write requirements.txt."""
    if names:
        print("\n".join(pin.text for pin in selected(ROOT, names)))
        return 0
    (ROOT / "requirements.txt").write_text(pulumi_install(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
