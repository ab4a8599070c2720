"""A short program for each native resource, in each language: the SDKs' texts and the reference show them.

Each program is described once here, and generated in every language. Its properties have the schema's names.
Tests compile all of them, and preview them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_PACKAGE: Final = "org-features"
_LONGEST: Final = 100
_ORGANIZATION: Final = {"organizationId": "o-exampleorg1"}


@dataclass(frozen=True)
class Of:
    """An output of what was declared before."""

    variable: str
    path: tuple[str, ...]


@dataclass(frozen=True)
class Declared:
    """A resource of a program.

    Attributes:
        kind: Its type.
        variable: What the program calls it.
        given: Its properties: texts, lists of plain texts, or outputs of others.
        after: What it depends on.
    """

    kind: str
    variable: str
    given: Mapping[str, Any]
    after: str = ""


@dataclass(frozen=True)
class Program:
    """A declaration or a question of a program, and its exports."""

    resources: tuple[Declared, ...] = ()
    exports: Mapping[str, Of] = field(default_factory=dict)
    asks: str = ""


def _one(kind: str, variable: str, **given: Any) -> Program:
    exports = {name: Of(variable, (name,)) for name in ("status", "message")}
    return Program((Declared(kind, variable, {**_ORGANIZATION, **given}),), exports)


_FEATURES: Final = Declared("OrganizationFeatureSet", "features", _ORGANIZATION)
_GATE: Final = Declared(
    "AllFeaturesGate",
    "gate",
    {
        name: Of("features", (of,))
        for name, of in {
            "organizationId": "organizationId",
            "enabled": "enabled",
            "status": "status",
            "reason": "message",
        }.items()
    },
)
_BEHIND: Final = Declared("RootPolicyType", "tags", {**_ORGANIZATION, "policyType": "TAG_POLICY"}, "gate")

PROGRAMS: Final[Mapping[str, Program]] = {
    "OrganizationFeatureSet": _one("OrganizationFeatureSet", "features"),
    "AllFeaturesGate": Program((_FEATURES, _GATE, _BEHIND)),
    "FeatureSetApproval": _one("FeatureSetApproval", "approval"),
    "RootPolicyType": _one("RootPolicyType", "tags", policyType="TAG_POLICY"),
    "TrustedService": _one("TrustedService", "inspector", servicePrincipal="inspector2.amazonaws.com"),
    "AllFeaturesOrganization": Program(
        (
            Declared(
                "AllFeaturesOrganization", "organization", {**_ORGANIZATION, "policyTypes": ["TAG_POLICY"]}
            ),
        ),
        {"status": Of("organization", ("featureSet", "status"))},
    ),
    "getOrganizationFeatureSet": Program(
        exports={"status": Of("found", ("status",))}, asks="getOrganizationFeatureSet"
    ),
}
"""By what they are about."""


def programs(name: str) -> dict[str, str]:
    """The program about a resource, or a function, in each language."""
    return {language: f"{write(PROGRAMS[name])}\n" for language, write in _WRITERS.items()}


# -- YAML ----------------------------------------------------------------------------------------------


def _yaml(it: Program) -> str:
    return "\n".join(_yaml_lines(it))


def _yaml_lines(it: Program) -> Iterator[str]:
    if it.asks:
        yield from ("variables:", "  found:", "    fn::invoke:")
        yield from (f"      function: {_PACKAGE}:{it.asks}", "      arguments:")
        yield from (f"        {name}: {value}" for name, value in _ORGANIZATION.items())
    if it.resources:
        yield "resources:"
    for each in it.resources:
        yield from (f"  {each.variable}:", f"    type: {_PACKAGE}:{each.kind}", "    properties:")
        for name, value in each.given.items():
            if isinstance(value, list):
                yield f"      {name}:"
                yield from (f"        - {one}" for one in value)
            else:
                yield f"      {name}: {_yaml_of(value) if isinstance(value, Of) else value}"
        if each.after:
            yield from ("    options:", "      dependsOn:", f"        - ${{{each.after}}}")
    if it.exports:
        yield "outputs:"
        yield from (f"  {name}: {_yaml_of(value)}" for name, value in it.exports.items())


def _yaml_of(value: Of) -> str:
    return f"${{{'.'.join((value.variable, *value.path))}}}"


# -- TypeScript ----------------------------------------------------------------------------------------


def _typescript(it: Program) -> str:
    kinds = [f"{it.asks}Output"] if it.asks else sorted({each.kind for each in it.resources})
    imported = f'import {{ {", ".join(kinds)} }} from "@aws-org-features/{_PACKAGE}";'
    parts = [imported, *map(_typescript_declares, it.resources)]
    if it.asks:
        parts.append(f"const found = {it.asks}Output({_typescript_object(_ORGANIZATION)});")
    exports = [f"export const {name} = {_typescript_value(value)};" for name, value in it.exports.items()]
    return "\n\n".join((*parts, *(["\n".join(exports)] if exports else [])))


def _typescript_declares(it: Declared) -> str:
    options = f", {{ dependsOn: [{it.after}] }}" if it.after else ""
    one = f'new {it.kind}("{it.variable}", {_typescript_object(it.given)}{options});'
    return one if not _is_used(it) else f"const {it.variable} = {one}"


def _typescript_object(given: Mapping[str, Any]) -> str:
    properties = [f"{name}: {_typescript_value(value)}" for name, value in given.items()]
    if len(properties) == 1:
        return f"{{ {properties[0]} }}"
    return "\n".join(("{", *(f"    {each}," for each in properties), "}"))


def _typescript_value(value: Any) -> str:
    return ".".join((value.variable, *value.path)) if isinstance(value, Of) else json.dumps(value)


# -- Python --------------------------------------------------------------------------------------------


def _python(it: Program) -> str:
    asked = f"{_snake(it.asks)}_output" if it.asks else ""
    names = [asked] if asked else sorted({each.kind for each in it.resources})
    parts = [
        f"import pulumi\nfrom pulumi_org_features import {', '.join(names)}",
        *map(_python_declares, it.resources),
    ]
    if asked:
        parts.append(f"found = {_python_call(asked, _python_arguments(_ORGANIZATION))}")
    exports = [f'pulumi.export("{name}", {_python_value(value)})' for name, value in it.exports.items()]
    return "\n\n".join((*parts, *(["\n".join(exports)] if exports else [])))


def _python_declares(it: Declared) -> str:
    options = [f"opts=pulumi.ResourceOptions(depends_on=[{it.after}])"] if it.after else []
    one = _python_call(it.kind, [f'"{it.variable}"', *_python_arguments(it.given), *options])
    return one if not _is_used(it) else f"{it.variable} = {one}"


def _python_arguments(given: Mapping[str, Any]) -> list[str]:
    return [f"{_snake(name)}={_python_value(value)}" for name, value in given.items()]


def _python_call(name: str, arguments: list[str]) -> str:
    one = f"{name}({', '.join(arguments)})"
    if len(one) <= _LONGEST - len("organization = "):
        return one
    return "\n".join((f"{name}(", *(f"    {each}," for each in arguments), ")"))


def _python_value(value: Any) -> str:
    if isinstance(value, Of):
        return ".".join((value.variable, *map(_snake, value.path)))
    return json.dumps(value)


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", name)


# -- Go ------------------------------------------------------------------------------------------------


def _go(it: Program) -> str:
    body = [line for each in it.resources for line in _go_declares(each)]
    if it.asks:
        # What begins with Get looks a resource up by its id there.
        asked = f"orgfeatures.{it.asks.replace('get', 'Lookup', 1)}Output"
        body += [
            f"found := {asked}(ctx, {asked}Args{{",
            *(f"\t{_pascal(name)}: {_go_value(value)}," for name, value in _ORGANIZATION.items()),
            "})",
        ]
    body += [f'ctx.Export("{name}", {_go_value(value)})' for name, value in it.exports.items()]
    lines = (
        "package main",
        "",
        "import (",
        '\t"example.com/pulumi-org-features/sdk/go/orgfeatures"',
        '\t"github.com/pulumi/pulumi/sdk/v3/go/pulumi"',
        ")",
        "",
        "func main() {",
        "\tpulumi.Run(func(ctx *pulumi.Context) error {",
        *(f"\t\t{line}" for line in body),
        "\t\treturn nil",
        "\t})",
        "}",
    )
    return "\n".join(lines)


def _go_declares(it: Declared) -> Iterator[str]:
    left = "_, err =" if not _is_used(it) else f"{it.variable}, err :="
    yield f'{left} orgfeatures.New{it.kind}(ctx, "{it.variable}", &orgfeatures.{it.kind}Args{{'
    widest = max(map(len, it.given)) + 1
    for name, value in it.given.items():
        yield f"\t{f'{_pascal(name)}:':{widest}} {_go_value(value)},"
    after = f", pulumi.DependsOn([]pulumi.Resource{{{it.after}}})" if it.after else ""
    yield f"}}{after})"
    yield from ("if err != nil {", "\treturn err", "}")


def _go_value(value: Any) -> str:
    if isinstance(value, list):
        return f"[]string{{{', '.join(map(json.dumps, value))}}}"
    if not isinstance(value, Of):
        return f"pulumi.String({json.dumps(value)})"
    first, *others = map(_pascal, value.path)
    # The outputs of an output are methods of it.
    is_output = value.variable == "found"
    return ".".join((value.variable, f"{first}()" if is_output else first, *(f"{each}()" for each in others)))


def _pascal(name: str) -> str:
    return name[:1].upper() + name[1:]


def _is_used(it: Declared) -> bool:
    """True if the program names it again."""
    return it is not _BEHIND


_WRITERS: Final[Mapping[str, Callable[[Program], str]]] = {
    "yaml": _yaml,
    "typescript": _typescript,
    "python": _python,
    "go": _go,
}
LANGUAGES: Final = tuple(_WRITERS)
