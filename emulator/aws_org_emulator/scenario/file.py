"""Scenarios as small YAML files: the fields of `Scenario`, `Member` and `Switches` by their names.

    accounts: 500             # or invited: 3 and created: 2
    organization_id: o-exampleorg1
    start: 2026-01-05T09:00:00Z
    switches: {handshake_actions: model}
    members:
      - {id: 777777777777, joined: CREATED, service_linked_role: false}

What a field may hold is read off the dataclasses, so that a field or a switch that is added there can
be written here. Errors name the file and the line.
"""

import types
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NoReturn, Union, get_args, get_origin, get_type_hints

import yaml

from aws_org_emulator.scenario.generate import generate
from aws_org_emulator.scenario.scenario import Scenario
from aws_org_emulator.scenario.switches import FORMER, FormerSwitchWarning, Switches

LARGEST = 8 * 1024 * 1024
"""Bytes that a scenario file may have."""
_ACCOUNTS = "accounts"
_INSTEAD = frozenset({"invited", "created"})
_NULL, _BOOL = "tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"
_Entry = tuple[yaml.Node, yaml.Node]
"""A key and its value."""
_NOTHING: Mapping[str, _Entry] = types.MappingProxyType({})
_TRUE = frozenset({"true", "yes", "on"})


class ScenarioFileError(ValueError):
    """A scenario file can't be read, or says something that no scenario has."""


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises:
        ScenarioFileError: it can't be read, or isn't a scenario; says where and why.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        text = content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioFileError(f"{path}: can't be read: {error}") from error
    if len(content) > LARGEST:
        raise ScenarioFileError(f"{path}: is larger than {LARGEST:,} bytes; `accounts: 50000` makes as many")
    return parse(text, str(path))


def parse(text: str, name: str = "scenario") -> Scenario:
    """Read a scenario.

    Args:
        text: YAML.
        name: what errors call it.

    Raises:
        ScenarioFileError: it isn't a scenario; says in which line and why.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ScenarioFileError(f"{name}:{line}: {error.problem}") from error
    except yaml.YAMLError as error:
        raise ScenarioFileError(f"{name}:1: {str(error).splitlines()[0]}") from error
    except RecursionError as error:
        raise ScenarioFileError(f"{name}:1: is nested too deeply") from error
    if node is None:
        return Scenario()
    return _Reader(name).scenario(node)


class _Reader:
    """Turns YAML's nodes, which know their lines, into values."""

    def __init__(self, name: str) -> None:
        self._name = name

    def scenario(self, node: yaml.Node) -> Scenario:
        base = Scenario()
        given = dict(self._entries(node))
        if _ACCOUNTS in given:
            wanted = given.pop(_ACCOUNTS)[1]
            for name in sorted(_INSTEAD & set(given)):
                self._fail(given[name][0], f"say {name}, or {_ACCOUNTS}, not both")
            base = self._made(wanted, generate, self._value(wanted, int, _ACCOUNTS))
        values = self._fields(given, Scenario, extra=_ACCOUNTS)
        values["members"] = base.members + values.get("members", ())
        scenario: Scenario = self._made(node, replace, base, given=given, **values)
        return scenario

    def _entries(self, node: yaml.Node) -> Iterator[tuple[str, _Entry]]:
        """Each key with its own node and its value's."""
        if not isinstance(node, yaml.MappingNode):
            self._fail(node, "expected names and values, e.g. invited: 3")
        seen = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._fail(key, "a name is a single value")
            if key.value in seen:
                self._fail(key, f"{key.value} is given twice")
            seen.add(key.value)
            yield str(key.value), (key, value)

    def _fields(
        self, given: Mapping[str, _Entry], kind: type[Any], *, extra: str | None = None
    ) -> dict[str, Any]:
        hints = get_type_hints(kind)
        known = [each.name for each in fields(kind)]
        for name, (key, _) in given.items():
            if name not in known:
                names = ", ".join(known if extra is None else [extra, *known])
                self._fail(key, f"there is no {name}; known are {names}")
        return {name: self._value(value, hints[name], name) for name, (_, value) in given.items()}

    def _value(self, node: yaml.Node, hint: Any, name: str) -> Any:
        if get_origin(hint) in (Union, types.UnionType):
            if node.tag == _NULL:
                return None
            hint = next(each for each in get_args(hint) if each is not type(None))
        if isinstance(hint, type) and is_dataclass(hint):
            given = self._by_todays_names(hint, dict(self._entries(node)))
            values = self._fields(given, hint)
            return self._made(node, hint, given=given, **values)
        if get_origin(hint) is tuple:
            if not isinstance(node, yaml.SequenceNode):
                self._fail(node, f"{name} is a list")
            return tuple(self._value(each, get_args(hint)[0], name) for each in node.value)
        if not isinstance(node, yaml.ScalarNode):
            self._fail(node, f"{name} is a single value")
        return self._scalar(node, hint, name)

    def _by_todays_names(self, kind: type[Any], given: dict[str, _Entry]) -> dict[str, _Entry]:
        """Replace former names of switches by today's; warns of each."""
        for former, (name, todays) in FORMER.items() if kind is Switches else ():
            if former not in given:
                continue
            key, value = given.pop(former)
            if name in given:
                self._fail(key, f"{former} is the former name of {name}: say {name} alone")
            if not isinstance(value, yaml.ScalarNode):
                self._fail(value, f"{former} is a single value")
            new = todays.get(value.value)
            if new is None:
                self._fail(value, f"{former} is {' or '.join(todays)}, not {value.value!r}")
            line = f"{self._name}:{key.start_mark.line + 1}"
            warnings.warn(
                f"{line}: {former}: {value.value} is written {name}: {new} now",
                FormerSwitchWarning,
                stacklevel=2,
            )
            given[name] = key, yaml.ScalarNode("tag:yaml.org,2002:str", new, value.start_mark, value.end_mark)
        return given

    def _scalar(self, node: yaml.ScalarNode, hint: Any, name: str) -> Any:
        text = str(node.value)  # as written: an account id is no number, and may begin with 0
        if get_origin(hint) is Literal:
            if text not in get_args(hint):
                choices = " or ".join(str(each) for each in get_args(hint))
                self._fail(node, f"{name} is {choices}, not {text!r}")
            return text
        if hint is bool:
            if node.tag != _BOOL:
                self._fail(node, f"{name} is true or false, not {text!r}")
            return text.lower() in _TRUE
        if hint is str:
            return text
        convert = datetime.fromisoformat if hint is datetime else hint
        try:
            return convert(text)
        except ValueError:
            self._fail(node, f"{name} is {_DESCRIBED[hint]}, not {text!r}")

    def _made(
        self,
        node: yaml.Node,
        make: Any,
        *arguments: Any,
        given: Mapping[str, _Entry] = _NOTHING,
        **values: Any,
    ) -> Any:
        """Make a value; what it refuses is said of the entry that the refusal begins with, or of the node."""
        try:
            return make(*arguments, **values)
        except (TypeError, ValueError) as error:
            at, _ = given.get(str(error).partition(" ")[0], (node, node))
            missing = "missing 1 required" in str(error)
            self._fail(at, "id is missing" if missing else str(error))

    def _fail(self, node: yaml.Node, why: str) -> NoReturn:
        raise ScenarioFileError(f"{self._name}:{node.start_mark.line + 1}: {why}")


_DESCRIBED: dict[Any, str] = {
    int: "a whole number",
    float: "a number",
    datetime: "a time such as 2026-01-05T09:00:00Z",
}
