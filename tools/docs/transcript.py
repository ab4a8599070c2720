"""The transcripts in the documentation: a newcomer's way, in each language, gone for real and written down.

A temporary copy of the checkout is brought up, taken to its end and down again, in a terminal. What is
different in every run (ids, times, durations, ports) is replaced by what looks alike and stays the same.
A page says where a transcript goes: between `<!-- transcript: NAME -->` and `<!-- /transcript -->`. Names of
those from YAML begin with `yaml: `.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
import subprocess
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from aws_org_features.cli.exit_codes import Exit
from tools import language_hosts
from tools.docs import blocks
from tools.docs.blocks import PAGES
from tools.docs.terminal import Session
from tools.emulator import free_port
from tools.local import ROOT, folders, hermetic
from tools.local_projects import PROJECTS
from tools.packages import STORY as STORY_PACKAGES
from tools.progress import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_MOST_RUNS: Final = 4
WIDTH: Final = 110
"""Width at which long lines are folded, as a terminal would; tables keep theirs."""

IN_SHELL: Final = 'eval "$(make -s env)"'


@dataclass(frozen=True)
class StoryStep:
    """One thing that a person types.

    Attributes:
        name: Of the step, unique.
        command: As typed.
        answers: What the person chooses when asked.
        ends: The code with which it ends.
    """

    name: str
    command: str
    answers: tuple[str, ...] = ()
    ends: int = 0


Story: TypeAlias = "tuple[StoryStep, ...]"

FROM_PYTHON: Final[Story] = (
    StoryStep("make up", "make up"),
    StoryStep("aws at the start", 'make aws ARGS="--query Organization.FeatureSet"'),
    StoryStep("status", "org-features status", ends=Exit.PENDING),
    StoryStep("approve", "aws-org-emulator approve --all"),
    StoryStep("refresh", "pulumi refresh", ("details", "yes")),
    StoryStep("aws once all have approved", 'make aws ARGS="--query Organization.FeatureSet"'),
    StoryStep("up", "pulumi up", ("yes",)),
    StoryStep("preview", "pulumi preview --expect-no-changes"),
    StoryStep("aws at the end", "make aws"),
    StoryStep("make down", "make down"),
)
FROM_YAML: Final[Story] = (
    StoryStep("yaml: make up", "make up LANGUAGE=yaml"),
    StoryStep("yaml: status", "org-features status", ends=Exit.PENDING),
    StoryStep("yaml: approve", "aws-org-emulator approve --all"),
    StoryStep("yaml: look", "pulumi preview --diff"),
    StoryStep("yaml: up", "pulumi up", ("yes",)),
    StoryStep("yaml: nothing to do", "pulumi preview --expect-no-changes"),
    StoryStep("yaml: destroy", "pulumi destroy", ("yes",)),
    StoryStep("yaml: make down", "make down"),
)
STORIES: Final = (FROM_PYTHON, FROM_YAML)
STEPS: Final = tuple(step for story in STORIES for step in story)


@dataclass(frozen=True)
class Excerpt:
    """A part of what a step shows, or several; what is left out is marked.

    Attributes:
        step: The step's name.
        first: How the first line begins.
        last: How the line begins before which it ends.
        also: The same two of each further part.
    """

    step: str
    first: str = ""
    last: str = ""
    also: tuple[tuple[str, str], ...] = ()


EXCERPTS: Final[Mapping[str, Excerpt]] = {
    **{step.name: Excerpt(step.name) for step in STEPS},
    "make up, where it stands": Excerpt("make up", first="The migration:"),
    "up, what it says": Excerpt("up", first="    All features are enabled.", last="Resources:"),
    "yaml: look, the differences": Excerpt(
        "yaml: look",
        first="  ~ approvals",
        last="  ~ handshake",
        also=(("  ~ status", "  ~ waitingFor"), ("      ~ goal", "Resources:")),
    ),
}


# -- running it ------------------------------------------------------------------------------------


def copy_checkout(folder: Path) -> None:
    """Make a checkout of its own in a folder: set up with our virtual environment and engine."""
    for name in ("Makefile", "Pulumi.yaml", "__main__.py", "pyproject.toml", "requirements.lock"):
        shutil.copy2(ROOT / name, folder / name)
    shutil.copytree(ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for project in PROJECTS.values():
        if project.folder != ROOT:
            ignored = shutil.ignore_patterns(project.config.name)
            shutil.copytree(project.folder, folder / project.folder.relative_to(ROOT), ignore=ignored)
        template = folder / project.template.relative_to(ROOT)
        template.write_text(re.sub(r"(http://[\d.]+):\d+", rf"\1:{free_port()}", template.read_text()))
    (folder / ".local").mkdir()
    (folder / ".local" / "engine").write_text(f"{folders()[1]}\n")
    if language_hosts.CHOSEN.exists():
        shutil.copytree(language_hosts.CHOSEN, folder / ".local" / language_hosts.CHOSEN.name)
    (folder / ".venv").mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (folder / ".venv" / part).symlink_to(ROOT / ".venv" / part)
    # The marks of tools/setup.sh, so that it installs nothing.
    made_from = subprocess.run(
        ["sh", "tools/setup.sh", "--fingerprint"], cwd=folder, capture_output=True, text=True, check=True
    )
    groups = "".join(f"{name}\n" for name in (*STORY_PACKAGES, "aws"))
    (folder / ".venv" / "installed-from").write_text(made_from.stdout + groups)


@contextlib.contextmanager
def shell(folder: Path) -> Iterator[Session]:
    """A terminal in a checkout, which is down at the end."""
    # A make that runs this would have its own options and its depth told to ours.
    environment = {
        name: value for name, value in hermetic().items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    environment["PULUMI_HOME"] = str(folder / ".local" / "pulumi")
    session = Session(folder, environment)
    try:
        yield session
    finally:
        session.run("make down")


def live(session: Session, story: Story) -> Iterable[tuple[StoryStep, str]]:
    """Go the way; gives each step with what was on the screen.

    Raises:
        CommandError: A command ended with another code than it should.
    """
    for step in story:
        # Every command in a shell of its own, which changes nothing: the first needs no settings.
        typed = step.command if step.command.startswith("make ") else f"{IN_SHELL} && {step.command}"
        yield step, session.run(typed, step.answers, step.ends)


def record(story: Story) -> dict[str, str]:
    """Go the way in a temporary copy; gives what each step showed, made the same for every run."""
    with tempfile.TemporaryDirectory(prefix="aws-org-features-") as name:
        copy_checkout(Path(name))
        with shell(Path(name)) as session:
            shown = {step.name: text for step, text in live(session, story)}
    return dict(zip(shown, steady(list(shown.values())), strict=True))


# -- making it the same every time -----------------------------------------------------------------

_HANDSHAKE = re.compile(r"h-[0-9a-f]{26}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")
_TABLE = re.compile(r"^ +Type +Name +(?:Plan|Status)(?: +Info)?$")
_TOOK = re.compile(r"\([\d.]+m?s\)")
_A_MOMENT = "2027-02-01 09:00 UTC"
_EXACTLY = {"requestedAt": "2026-11-03T09:00:00Z", "expiresAt": "2027-02-01T09:00:00Z"}


def steady(texts: list[str]) -> list[str]:
    """Replace what is different in every run, over all the texts alike."""
    ids: dict[str, str] = {}

    def known(match: re.Match[str]) -> str:
        number = len(ids) + 1
        return ids.setdefault(match[0], "h-" + hashlib.sha256(str(number).encode()).hexdigest()[:26])

    if len(moments := {moment for text in texts for moment in _MOMENT.findall(text)}) > 1:
        raise ToolError(f"the story tells of several moments, which would look like one: {sorted(moments)}")
    return [_steady(_HANDSHAKE.sub(known, text)) for text in texts]


def _steady(text: str) -> str:
    text = _MOMENT.sub(_A_MOMENT, text)
    for key, moment in _EXACTLY.items():
        text = re.sub(rf'({key} *: )"[\d-]+T[\d:]+Z"', rf'\1"{moment}"', text)
    text = re.sub(r"\(\d+ s\)", "(1 s)", text)
    text = re.sub(r"(Duration: )\d+s", r"\g<1>1s", text)
    text = re.sub(r"(on port )\d+", r"\g<1>4599", text)
    lines: list[str] = []
    rest = text.splitlines()
    while rest:
        if _TABLE.match(rest[0]):
            end = next((i for i, line in enumerate(rest) if not line), len(rest))
            lines += _laid_out(rest[:end])
            del rest[:end]
        else:
            lines += _folded(rest.pop(0))
    return "\n".join(lines)


def _laid_out(table: list[str]) -> list[str]:
    """Pulumi's table with columns no wider than what is in them at the end."""
    starts = [0, *(match.start() for match in re.finditer(r"(?<=  )[A-Z]\w+", table[0]))]
    del starts[1]  # the first column's name doesn't begin where the column does
    bounds = [*starts[1:], None]
    rows = [
        [_TOOK.sub("(1s)", row[a:b].rstrip()) for a, b in zip(starts, bounds, strict=True)] for row in table
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def _folded(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    if len(line) <= WIDTH or " " not in line.strip():
        return [line]
    return textwrap.wrap(
        line,
        WIDTH,
        subsequent_indent=indent,
        drop_whitespace=True,
        break_long_words=False,
        break_on_hyphens=False,
    )


# -- writing it into the pages ---------------------------------------------------------------------

KIND: Final = "transcript"


def block(name: str, shown: Mapping[str, str]) -> str:
    """One transcript, as it stands in a page."""
    if name not in EXCERPTS:
        raise ToolError(f"there is no transcript {name!r}", f"There are: {', '.join(EXCERPTS)}.")
    excerpt = EXCERPTS[name]
    command = next(step.command for step in STEPS if step.name == excerpt.step)
    return f"```console\n$ {command}\n{cut(shown[excerpt.step], excerpt)}\n```"


def cut(text: str, excerpt: Excerpt) -> str:
    """The part of a step's text that an excerpt names."""
    lines = text.splitlines()
    kept: list[str] = []
    at = 0
    for first, last in ((excerpt.first, excerpt.last), *excerpt.also):
        start = next(i for i, line in enumerate(lines) if i >= at and line.startswith(first))
        ends = (i for i, line in enumerate(lines) if i > start and last and line.startswith(last))
        kept += ["[…]"] * (start > at)
        at = next(ends, len(lines))
        kept.append("\n".join(lines[start:at]).rstrip())
    return "\n".join(kept + ["[…]"] * (at < len(lines)))


def filled(page: str, shown: Mapping[str, str]) -> str:
    """A page with its transcripts as they should be, where their steps were shown."""
    names = blocks.names(page, KIND)
    told = {name for name in names if name not in EXCERPTS or EXCERPTS[name].step in shown}
    return blocks.filled(page, KIND, told, lambda name: block(name, shown))


def outdated(shown: Mapping[str, str]) -> list[Path]:
    """The pages whose transcripts aren't what was shown."""
    return [page for page in PAGES if filled(page.read_text(), shown) != page.read_text()]


def agreed(story: Story) -> dict[str, str]:
    """The text of the first run that shows what one before it did, or what the pages do.

    On a busy machine Pulumi draws its table in another way about once in 20 runs: with the stack's row twice,
    or without the stack's outputs.
    """
    runs: list[dict[str, str]] = []
    for _ in range(_MOST_RUNS):
        shown = record(story)
        if shown in runs or not outdated(shown):
            return shown
        runs.append(shown)
    raise ToolError(
        f"no two of {_MOST_RUNS} runs showed the same", "Is something else at work on this checkout?"
    )
