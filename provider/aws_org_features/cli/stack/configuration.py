"""A stack's configuration, as far as it may matter to who acts, and on which organization.

It is read from Pulumi's files. Pulumi itself is asked only for what isn't there, or isn't there in plain.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.cli.stack import files
from aws_org_features.cli.stack.ask import pulumi
from aws_org_features.common import ids
from aws_org_features.common.errors import OrgFeaturesError, StackNotFoundError, StackUnreadableError
from aws_org_features.lifecycle.aws_settings import APART

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ORGANIZATION: Final = "organizationId"
NAMESPACES: Final = ("org-features", "aws")
"""Of the settings that say who acts: the native provider's, and pulumi-aws's for all others."""
_ENDINGS: Final = (".json", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Project:
    """A Pulumi project.

    Attributes:
        file: Its `Pulumi.yaml`.
        said: What that says.
    """

    file: Path
    said: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The stack's full name."""
        return str(self.said.get("name") or "")

    @property
    def organization(self) -> str:
        """The key that names the organization, as all programs of this package's have it."""
        return f"{self.name}:{_ORGANIZATION}"

    @property
    def of_stacks(self) -> Path:
        """The folder of its stacks' files."""
        config = self.said.get("config")
        named = self.said.get("stackConfigDir") or (config if isinstance(config, str) else "")
        return self.file.parent / str(named)

    def whole(self, key: str) -> str:
        """A key with its namespace, which is the project's where none is said."""
        namespace, _, name = key.rpartition(":")
        return f"{namespace.removesuffix(':config') or self.name}:{name}"


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack, and what the files say of its configuration.

    Attributes:
        project: Whose stack it is.
        name: Its name; in a backend with organizations, maybe a whole one.
        kept: The configuration by whole keys, secrets encrypted.
        elsewhere: Whether that isn't all: something is secret, or comes from an environment of Pulumi ESC.
    """

    project: Project
    name: str
    kept: Mapping[str, Any]
    elsewhere: bool

    @property
    def short(self) -> str:
        """The stack's name without the backend's organization and the project."""
        return self.name.rpartition("/")[2]

    @property
    def file(self) -> Path:
        """The file of its configuration."""
        return self.project.of_stacks / f"Pulumi.{self.short}{self.project.file.suffix}"


@dataclass(frozen=True, slots=True)
class Values:
    """A stack's configuration, decrypted.

    Attributes:
        texts: By whole keys; what isn't a text is JSON.
        secret: The keys of what must never be shown.
    """

    texts: Mapping[str, str] = field(repr=False)
    secret: frozenset[str] = frozenset()


def project_here() -> Project | None:
    """The project of the working directory: the nearest `Pulumi.yaml`, there or above; None if there is none.

    Raises:
        StackUnreadableError: It can't be read.
    """
    here = files.working_directory()
    found = (folder / f"Pulumi{ending}" for folder in (here, *here.parents) for ending in _ENDINGS)
    file = next((each for each in found if files.is_there(each)), None)
    return Project(file, files.read(file)) if file else None


def selected(project: Project) -> str | None:
    """The stack that `pulumi` itself goes by where none is named; None if none is selected."""
    name = os.environ.get("PULUMI_STACK")
    if name is None:
        name = _kept_as_selected(project)
    return name if name and ids.STACK.fullmatch(name) else None


def _kept_as_selected(project: Project) -> str | None:
    kept = files.workspace(project.file, project.name)
    of_backends, of_any = files.mapping(kept.get("stacks")), kept.get("stack")
    backend = os.environ.get("PULUMI_BACKEND_URL") or files.mapping(project.said.get("backend")).get("url")
    if of_backends and backend:
        return of_backends.get(backend) or of_any
    names = {name for name in (*of_backends.values(), of_any) if name}
    if len(names) > 1:  # only Pulumi knows to which of the backends somebody is logged in
        with contextlib.suppress(OrgFeaturesError):
            return pulumi(project.file.parent, "", "stack", "--show-name").strip()
        return None
    return next(iter(names), None)


def stack_of(project: Project, name: str) -> Stack:
    """A stack, as the files have it.

    Raises:
        StackUnreadableError: One of them can't be read.
    """
    bare = Stack(project, name, {}, elsewhere=False)
    said = files.read(bare.file) if files.is_there(bare.file) else {}
    kept = _that_matter(project, {**_of_project(project), **_whole(project, said.get("config"))})
    secret = any(_is_secret(value) for key, value in kept.items() if key.partition(":")[2] not in APART)
    return Stack(project, name, kept, secret or bool(said.get("environment")))


def values_of(stack: Stack) -> Values:
    """Values of a stack's configuration.

    Raises:
        StackUnreadableError: Pulumi has to be asked, and doesn't tell.
        StackPassphraseError: It takes a passphrase that isn't there, or is another one.
        StackNotFoundError: Pulumi knows no such stack.
    """
    if not stack.elsewhere:
        return Values({key: _text(value) for key, value in stack.kept.items()})
    return _asked(stack)


def values_of_named(stack: Stack) -> Values:
    """The same of a stack that somebody named, so that it must be there.

    Raises:
        StackNotFoundError: It has no file, and Pulumi knows nothing of it.
        StackUnreadableError: As above.
        StackPassphraseError: As above.
    """
    if files.is_there(stack.file):
        return values_of(stack)
    try:
        return _asked(stack)
    except (StackUnreadableError, StackNotFoundError):
        raise _not_found(stack) from None


def _asked(stack: Stack) -> Values:
    project = stack.project
    asked = ("config", "--json", "--show-secrets", "--stack", stack.name)
    try:
        told = files.mapping(json.loads(pulumi(project.file.parent, stack.short, *asked)))
    except ValueError:
        told = {}
    found = {project.whole(key): files.mapping(each) for key, each in told.items()}
    values = {key: each.get("value") for key, each in found.items()}
    texts = _that_matter(project, {**_of_project(project), **values})
    secret = frozenset(key for key, each in found.items() if each.get("secret"))
    return Values({key: _text(value) for key, value in texts.items()}, secret)


def _not_found(stack: Stack) -> StackNotFoundError:
    project, end = stack.project, stack.project.file.suffix
    files_of_stacks = sorted(file.name for file in project.of_stacks.glob(f"Pulumi.*{end}"))
    known = [name.removeprefix("Pulumi.").removesuffix(end) for name in files_of_stacks]
    return StackNotFoundError(
        f"Project {project.name} has no stack {stack.short}: there is no {stack.file.name}, and Pulumi tells "
        "nothing of it.",
        f"There are files of {', '.join(known)}." if known else "`pulumi stack ls` lists its stacks.",
    )


def _of_project(project: Project) -> dict[str, Any]:
    """Values of a project's file, for all of its stacks."""
    return {
        key: told.get("value", told.get("default")) if isinstance(told, dict) else told
        for key, told in _whole(project, project.said.get("config")).items()
    }


def _whole(project: Project, config: Any) -> dict[str, Any]:
    return {project.whole(str(key)): value for key, value in files.mapping(config).items()}


def _that_matter(project: Project, config: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value
        for key, value in config.items()
        if value is not None and (key == project.organization or key.partition(":")[0] in NAMESPACES)
    }


def _is_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return set(value) == {"secure"} or any(map(_is_secret, value.values()))
    return isinstance(value, list) and any(map(_is_secret, value))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
