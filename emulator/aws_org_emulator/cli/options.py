"""Options that commands share: the emulator's endpoint, and one for each switch, read off `Switches`.

A switch that is added there has its option by itself: a choice for a Literal, a pair of flags for a bool,
a number from 0 for a float. What it is for is the first sentence of its docstring.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import click

from aws_org_emulator.cli.field_docs import field_docs, first_sentence
from aws_org_emulator.scenario.switches import FORMER, Switches

SWITCH_NAMES = tuple(each.name for each in fields(Switches))
"""The parameters that these options give to a command: the switches' own names."""

DEFAULT_PORT = 4599
endpoint_option = click.option(
    "--endpoint",
    envvar="AWS_ORG_EMULATOR_ENDPOINT",
    default=f"http://127.0.0.1:{DEFAULT_PORT}",
    show_default=True,
    show_envvar=True,
    help="The running emulator.",
)
"""The option by which a command finds the emulator."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


class SwitchOption(click.Option):
    """An option that stands for a switch."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The entry in `--help`; a pair of flags is written as one."""
        record = super().get_help_record(ctx)
        if record is None or not self.secondary_opts:
            return record
        return f"--[no-]{self.opts[0].removeprefix('--')}", record[1]


def switch_options(command: _Command) -> _Command:
    """Give a command an option for every switch."""
    hints, docs = get_type_hints(Switches), field_docs(Switches)
    for each in reversed(fields(Switches)):  # decorators are applied from the last one up
        about = first_sentence(docs[each.name])
        flag, settings = _option(each.name, hints[each.name])
        if hints[each.name] is bool:
            about += f"  [default: {'yes' if each.default else 'no'}]"
        settings |= {"default": each.default, "help": about}
        command = click.option(flag, each.name, cls=SwitchOption, **settings)(command)
    for name, former in FORMER.items():
        choice = click.Choice(tuple(former.values))
        command = click.option(f"--{name.replace('_', '-')}", name, type=choice, hidden=True)(command)
    return command


def option_for(name: str, value: object) -> str:
    """The option to type for a value of a switch."""
    flag = name.replace("_", "-")
    if isinstance(value, bool):
        return f"--{'' if value else 'no-'}{flag}"
    return f"--{flag} {value}"


def _option(name: str, hint: Any) -> tuple[str, dict[str, Any]]:
    """The name of an option for values of a type, and the values that it takes.

    Raises:
        TypeError: there is no way to write such a value on a command line.
    """
    flag = name.replace("_", "-")
    if hint is bool:
        return f"--{flag}/--no-{flag}", {}
    if hint is float:
        return f"--{flag}", {"type": click.FloatRange(0), "metavar": "NUMBER", "show_default": True}
    if get_origin(hint) is Literal:
        return f"--{flag}", {"type": click.Choice(get_args(hint)), "show_default": True}
    raise TypeError(f"{name}: no option is known for a switch of type {hint}")
