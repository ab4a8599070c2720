"""The public names in docs/reference.md: drawn from signatures and docstrings, none is imported."""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING, Final

import griffe

from tools.docs.blocks import ROOT, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_SOURCES: Final = ROOT / "provider"
_PACKAGE: Final = "aws_org_features"
_WRAPPERS: Final = {"pulumi.Input", "pulumi.Output"}
_NOT_LISTED: Final = {"self"}

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "resources": (
        "OrganizationFeatureSet",
        "AllFeaturesGate",
        "FeatureSetApproval",
        "RootPolicyType",
        "TrustedService",
        "AllFeaturesOrganization",
    ),
    "functions": (
        "get_organization_feature_set",
        "get_organization_feature_set_output",
        "GetOrganizationFeatureSetResult",
    ),
    "arguments": (
        "ApproverArgs",
        "ApproverArgsDict",
        "ConnectionArgs",
        "ConnectionArgsDict",
        "AssumeRoleArgs",
        "AssumeRoleArgsDict",
        "EndpointsArgs",
        "EndpointsArgsDict",
    ),
}
"""Every public name once; a test holds that against the package's `__all__`."""


@functools.cache
def _package() -> griffe.Object | griffe.Alias:
    return griffe.load(_PACKAGE, search_paths=[_SOURCES], docstring_parser="google", resolve_aliases=True)


def described(names: Iterable[str]) -> str:
    """A section for each name: what it is, what it takes, what it gives."""
    return "\n\n".join("\n\n".join(_described(name)) for name in names)


def summary(name: str) -> str:
    """A public name's docstring, without its sections."""
    return _text(_package()[name])


def inputs(name: str) -> dict[str, str]:
    """The arguments of a class or a function, each with its docstring's text."""
    target = _target(_package()[name])
    taking = target.members.get("__init__") if isinstance(target, griffe.Class) else target
    assert isinstance(taking, griffe.Function)  # noqa: S101 - of ours
    return _texts(taking, griffe.DocstringSectionKind.parameters)


def outputs(name: str) -> dict[str, str]:
    """The attributes of a class, each with its docstring's text."""
    return _texts(_target(_package()[name]), griffe.DocstringSectionKind.attributes)


def keys(name: str) -> list[str]:
    """The attributes that a class declares."""
    members = _target(_package()[name]).members.values()
    return [member.name for member in members if isinstance(member, griffe.Attribute)]


def _texts(it: griffe.Object, kind: griffe.DocstringSectionKind) -> dict[str, str]:
    return {each.name: " ".join(each.description.split()) for each in _sections(it, kind)}


def _described(name: str) -> Iterable[str]:
    thing = _package()[name]
    yield f"### {name}"
    yield _text(thing)
    if isinstance(target := _target(thing), griffe.Class):
        yield from _class(target)
    elif isinstance(target, griffe.Function):
        yield from _function(target)


def _class(it: griffe.Class) -> Iterable[str]:
    constructor = it.members.get("__init__")
    takes = isinstance(constructor, griffe.Function) and bool(
        _sections(constructor, griffe.DocstringSectionKind.parameters)
    )
    if isinstance(constructor, griffe.Function) and takes:
        yield from _function(constructor)
    gives = _sections(it, griffe.DocstringSectionKind.attributes)
    if gives:
        yield _table("output", ([_code(a.name), _line(a.description), _type(a.annotation)] for a in gives))
    if not (takes or gives):
        keys = [member for member in it.members.values() if isinstance(member, griffe.Attribute)]
        yield _table("key", ([_code(key.name), "", _type(key.annotation)] for key in keys))
    for method in it.members.values():
        if isinstance(method, griffe.Function) and not method.name.startswith("_"):
            yield f"`{it.name}.{method.name}(…)`: {_text(method)}"
            yield from _function(method)


def _function(it: griffe.Function) -> Iterable[str]:
    described = _sections(it, griffe.DocstringSectionKind.parameters)
    signature = it.parameters
    rows = [
        [
            _code(each.name),
            _line(each.description),
            _type(signature[each.name].annotation),
            _default(signature[each.name].default),
        ]
        for each in described
        if each.name not in _NOT_LISTED
    ]
    yield _table("input", rows, "default")
    for raised in _sections(it, griffe.DocstringSectionKind.raises):
        yield f"Raises {_type(raised.annotation)}: {_line(raised.description)}"


def _target(thing: griffe.Object | griffe.Alias) -> griffe.Object:
    return thing.final_target if isinstance(thing, griffe.Alias) else thing


def _text(it: griffe.Object | griffe.Alias) -> str:
    texts = _parsed(it)
    kept = [section.value for section in texts if section.kind is griffe.DocstringSectionKind.text]
    return "\n\n".join(_line(paragraph) for text in kept for paragraph in text.split("\n\n"))


def _parsed(it: griffe.Object | griffe.Alias) -> list[griffe.DocstringSection]:
    return [] if it.docstring is None else it.docstring.parse("google", warnings=False)


def _sections(
    it: griffe.Object | griffe.Alias, kind: griffe.DocstringSectionKind
) -> list[griffe.DocstringNamedElement]:
    return [element for section in _parsed(it) if section.kind is kind for element in section.value]


def _table(first: str, rows: Iterable[list[str]], *more: str) -> str:
    return table((first, "", "type", *more), rows, spaced=True)


def _code(text: str) -> str:
    return f"`{text}`"


def _line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _default(default: str | griffe.Expr | None) -> str:
    return "" if default is None else _code(str(default).replace("'", '"'))


def _type(annotation: str | griffe.Expr | None) -> str:
    """A type as a reader wants it: without Pulumi's wrappers; "or", for a `|` ends a cell."""
    if annotation is None:
        return ""
    return " or ".join(_code(text) for text in _alternatives(ast.parse(str(annotation), mode="eval").body))


def _alternatives(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) in _WRAPPERS:
        return _alternatives(node.slice)
    if isinstance(node, ast.BinOp):
        return [*_alternatives(node.left), *_alternatives(node.right)]
    if isinstance(node, ast.Subscript):
        return [f"{ast.unparse(node.value)}[{', '.join(_inner(node.slice))}]"]
    return [ast.unparse(node)]


def _inner(node: ast.expr) -> list[str]:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return [" or ".join(_alternatives(part)) for part in parts]


GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    f"reference of {section}": functools.partial(described, names) for section, names in SECTIONS.items()
}
