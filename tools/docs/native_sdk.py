"""The SDKs' names for a resource, a function or a type, as a reader of a page wants them, without the texts.

The SDKs in `sdk/` are made of the schema, and say how each language spells a name and what type it has there.
"""

from __future__ import annotations

import ast
import functools
import re
from typing import TYPE_CHECKING, Final

from tools.docs.blocks import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SDK: Final = ROOT / "sdk"
_NODEJS: Final = SDK / "nodejs"
_PYTHON: Final = SDK / "python" / "pulumi_org_features"
_GO: Final = SDK / "go" / "orgfeatures"


@functools.cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def snake(name: str) -> str:
    """A name as Python has it."""
    return re.sub(r"(?<!^)[A-Z]", lambda found: f"_{found[0]}", name).lower()


def camel(name: str) -> str:
    """A type's name as that of its file."""
    return name[:1].lower() + name[1:]


# -- TypeScript ----------------------------------------------------------------------------------------


def typescript_interface(name: str, *, within: str) -> str:
    """An interface of a file, with its properties."""
    text = _text(_NODEJS / f"{within}.ts")
    found = re.search(rf"^(?:export )?interface {name} \{{\n(.*?)^\}}", text, re.MULTILINE | re.DOTALL)
    lines = _typescript_lines(found[1]) if found else []
    return "\n".join((f"interface {name} {{", *lines, "}"))


def _typescript_lines(text: str) -> list[str]:
    bare = re.sub(r"/\*\*.*?\*/", "", text, flags=re.DOTALL)
    kept = (re.sub(r"\breadonly ", "", line) for line in bare.splitlines() if line.strip())
    return [_typescript_type(line) for line in kept]


def _typescript_type(line: str, *, may_be_missing: bool = False) -> str:
    line = line.replace("enums.", "")
    if not may_be_missing:  # a question mark says so
        line = line.replace(" | undefined>", ">")
    return re.sub(r"\b(in|out)puts\.", r"types.\1put.", line)


def typescript_outputs(name: str) -> str:
    """The properties of a class's objects."""
    text = _text(_NODEJS / f"{camel(name)}.ts")
    found = re.findall(r"^    declare public (?:/\*out\*/ )?readonly (\w+): (.*);", text, re.MULTILINE)
    lines = [_typescript_type(f"    readonly {each}: {kind};", may_be_missing=True) for each, kind in found]
    return "\n".join((f"class {name} {{", *lines, "}"))


# -- Python --------------------------------------------------------------------------------------------


class _Plain(ast.NodeTransformer):
    """A type without the words that say nothing to a reader.

    Args:
        may_be_none: Whether it says so where a value may be missing.
    """

    def __init__(self, *, may_be_none: bool) -> None:
        self._may_be_none = may_be_none

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id == "Optional":
            return ast.BinOp(node.slice, ast.BitOr(), ast.Constant(None)) if self._may_be_none else node.slice
        if (
            isinstance(node.value, ast.Name)
            and node.value.id == "Union"
            and isinstance(node.slice, ast.Tuple)
        ):
            first, *others = node.slice.elts
            for each in others:
                first = ast.BinOp(first, ast.BitOr(), each)
            return first
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id == "_builtins":
            return ast.Name(node.attr)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.parse(node.value, mode="eval").body if isinstance(node.value, str) else node


def _python_type(annotation: ast.expr | None, *, may_be_none: bool = False) -> str:
    return "" if annotation is None else ast.unparse(_Plain(may_be_none=may_be_none).visit(annotation))


def _python_class(name: str, within: str) -> ast.ClassDef:
    tree = ast.parse(_text(_PYTHON / f"{within}.py"))
    return next(each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == name)


def python_arguments(name: str, *, within: str) -> list[str]:
    """The arguments of a class."""
    made = next(
        each
        for each in _python_class(name, within).body
        if isinstance(each, ast.FunctionDef) and each.name == "__init__"
    )
    defaults = (
        each is not None
        for each in made.args.kw_defaults  # one for each, None where it must be given
    )
    return [
        f"    {each.arg}: {_python_type(each.annotation)}{' = None' if has else ''},"
        for each, has in zip(made.args.kwonlyargs, defaults, strict=True)
    ]


def python_parameters(name: str, *, within: str) -> list[str]:
    """The arguments of a function; each may be given by its name."""
    tree = ast.parse(_text(_PYTHON / f"{within}.py"))
    taking = next(each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == name)
    return [f"    {each.arg}: {_python_type(each.annotation)} = None," for each in taking.args.args]


def python_outputs(name: str, *, within: str) -> str:
    """The properties of a class's objects."""
    found = [
        f"    {each.name}: {_python_type(each.returns, may_be_none=True)}"
        for each in _python_class(name, within).body
        if isinstance(each, ast.FunctionDef) and any(map(_is_property, each.decorator_list))
    ]
    return "\n".join((f"class {name}:", *found))


def _is_property(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "property"


# -- Go ------------------------------------------------------------------------------------------------


def go_struct(name: str, *, within: str) -> str:
    """A struct of a file, with its fields."""
    found = re.search(
        rf"^type {name} struct \{{\n(.*?)^\}}", _text(_GO / f"{within}.go"), re.MULTILINE | re.DOTALL
    )
    fields = [*_go_fields(found[1])] if found else []
    widest = max((len(each) for each, _ in fields), default=0)
    return "\n".join((f"type {name} struct {{", *(f"\t{each:{widest}} {kind}" for each, kind in fields), "}"))


def _go_fields(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        name, _, kind = line.partition("//")[0].strip().partition(" ")
        if kind:
            yield name, kind.partition(" `")[0]


# -- enums ---------------------------------------------------------------------------------------------


def words(name: str) -> dict[str, tuple[str, str, str]]:
    """An enum's words, each with its name in TypeScript, Python and Go."""
    typescript = re.search(
        rf"^export const {name} = \{{\n(.*?)^\}}",
        _text(_NODEJS / "types/enums/index.ts"),
        re.MULTILINE | re.DOTALL,
    )
    named = _pairs(re.findall(r'^    (\w+): "(.*)",', typescript[1] if typescript else "", re.MULTILINE))
    python = {
        each.value.value: each.targets[0].id
        for each in _python_class(name, "_enums").body
        if isinstance(each, ast.Assign)
        and isinstance(each.value, ast.Constant)
        and isinstance(each.targets[0], ast.Name)
    }
    go = _pairs(
        re.findall(rf'^\t({name}\w+)\s+= {name}\("(.*)"\)', _text(_GO / "pulumiEnums.go"), re.MULTILINE)
    )
    return {word: (f"{name}.{named[word]}", f"{name}.{python[word]}", go[word]) for word in named}


def _pairs(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {word: name for name, word in found}
