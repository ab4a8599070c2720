"""Pulumi's files, read as Pulumi reads them: of a project, of its stacks, and which of them is selected."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_org_features.common.errors import StackUnreadableError

if TYPE_CHECKING:
    from collections.abc import Mapping


def working_directory() -> Path:
    """The folder to look for a project in: one that the environment names, or the working directory.

    That is as the shell has it, by way of symbolic links: Pulumi goes by that.
    """
    if named := os.environ.get("AWS_ORG_FEATURES_PROJECT"):
        return Path(named).absolute()
    told = os.environ.get("PWD", "")
    with contextlib.suppress(OSError):
        if Path(told).is_absolute() and Path(told).samefile("."):
            return Path(told)
    return Path.cwd()


def is_there(file: Path) -> bool:
    """Return whether there is a file; its name may be any text."""
    return os.path.isfile(file)  # noqa: PTH113 - which takes a name that can't be one for one that isn't there


def workspace(file: Path, name: str) -> Mapping[str, Any]:
    """Pulumi's own file about a project: which stack is selected.

    Args:
        file: The project's `Pulumi.yaml`.
        name: The project's name.
    """
    folder = _pulumis_folder()
    for path in (file.resolve(), file):  # older engines have the second
        of_path = hashlib.sha1(str(path).encode(), usedforsecurity=False).hexdigest()
        with contextlib.suppress(OSError, ValueError):
            kept = folder / "workspaces" / f"{name}-{of_path}-workspace.json"
            return mapping(json.loads(kept.read_text(encoding="utf-8")))
    return {}


def _pulumis_folder() -> Path:
    """PULUMI_HOME, or `.pulumi` in the home that the user database names: Go asks HOME only after that.

    The two differ where a container's runner sets HOME, as that of GitHub Actions does.
    """
    if named := os.environ.get("PULUMI_HOME"):
        return Path(named)
    home = Path.home()
    with contextlib.suppress(ImportError, KeyError):  # Windows; an id that nobody has
        import pwd

        home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    return home / ".pulumi"


def read(file: Path) -> Mapping[str, Any]:
    """Read a YAML or JSON file, every value a text as it stands there: an account's id may begin with 0.

    Raises:
        StackUnreadableError: It can't be read.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
        return mapping(_of_json(text) if file.suffix == ".json" else _of_yaml(text))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise StackUnreadableError(
            f"{file.name} can't be read: {why}.",
            "Fix it, as `pulumi` reads it too; or give credentials with --profile or AWS_PROFILE.",
        ) from None


def mapping(value: Any) -> Mapping[str, Any]:
    """A value that should be an object; an empty one if it isn't."""
    return value if isinstance(value, dict) else {}


def _of_json(text: str) -> Any:
    try:
        return json.loads(text, parse_int=str, parse_float=str)
    except ValueError:
        raise ValueError("it isn't JSON") from None  # never with what stands there


def _of_yaml(text: str) -> Any:
    import yaml

    class Texts(yaml.SafeLoader):
        """Takes everything but null for a text."""

    Texts.yaml_implicit_resolvers = {
        first: [each for each in resolvers if each[0].endswith((":merge", ":null"))]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    try:
        return yaml.load(text, Texts)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        where = f", from line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ValueError(f"it isn't YAML{where}") from None
    except yaml.YAMLError:
        raise ValueError("it isn't YAML") from None
