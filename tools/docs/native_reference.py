"""The pages of docs/native-reference: what the schema says of each thing, and how each language writes it.

Texts, types and defaults are the schema's, programs those of `native_examples`, and the languages' spellings
the SDKs', which are made of the schema too. What differs between languages stands one below the other,
and is tabs on the site (`tools/docs/tabs.py`).
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, Final

from tools.docs import native_examples, native_sdk, plugin_schema, tabs
from tools.docs.blocks import ROOT, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

FOLDER: Final = ROOT / "docs" / "native-reference"
TYPES: Final = "types.md"
_COMPONENT: Final = "AllFeaturesOrganization"
_FUNCTION: Final = "getOrganizationFeatureSet"
_WRITTEN: Final = "As each language writes it:"
_KINDS: Final = {
    "string": "text",
    "boolean": "`true` or `false`",
    "integer": "whole number",
    "number": "number",
}
_IN_YAML: Final = {"string": "text", "boolean": "true or false", "integer": "number", "number": "number"}
_GUIDES: Final = {
    "OrganizationFeatureSet": ("feature-set.md", "Inputs and outputs, with examples"),
    "AllFeaturesGate": ("landing-zone.md#what-comes-first", "What comes first"),
    "FeatureSetApproval": ("member-account.md", "In a member account"),
    "RootPolicyType": ("policy-types.md", "Policy types"),
    "TrustedService": ("trusted-services.md", "Trusted services"),
    _COMPONENT: ("landing-zone.md#the-component", "Landing zones"),
    _FUNCTION: ("concepts.md#statuses", "Statuses"),
}
_ERRORS: Final[Mapping[str, tuple[str, ...]]] = {
    "OrganizationFeatureSet": (
        "not-management-account",
        "organization-mismatch",
        "no-organization",
        "access-denied",
        "migration-refused",
        "organization-too-large",
        "feature-set-not-enabled",
    ),
    "AllFeaturesGate": ("feature-set-not-enabled", "import-unsupported"),
    "FeatureSetApproval": (
        "not-member-account",
        "account-mismatch",
        "organization-mismatch",
        "handshake-not-found",
        "handshake-refused",
    ),
    "RootPolicyType": (
        "policy-type-in-use",
        "policy-type-not-available",
        "policy-type-refused",
        "service-access-not-enabled",
        "root-not-found",
        "organization-mismatch",
    ),
    "TrustedService": (
        "trusted-service-in-use",
        "trusted-service-unknown",
        "trusted-service-refused",
        "organization-mismatch",
        "access-denied",
    ),
    _COMPONENT: ("policy-types-invalid", "trusted-services-invalid", "feature-set-not-enabled"),
    _FUNCTION: ("not-management-account", "organization-mismatch", "access-denied"),
}
"""Those that are its own, or that it is likely to end in."""


@functools.cache
def _schema() -> dict[str, Any]:
    return json.loads(plugin_schema.TARGET.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def _token(name: str) -> str:
    return f"{plugin_schema.PACKAGE}:index:{name}"


def file_of(name: str) -> str:
    """The page about a thing."""
    return f"{native_sdk.snake(name).replace('_', '-')}.md"


def resources() -> list[str]:
    """The resources, and the component."""
    return [token.rpartition(":")[2] for token in _schema()["resources"]]


# -- pages ---------------------------------------------------------------------------------------------


def index() -> str:
    """List all of it, each with its page."""
    described = {
        **{name: _schema()["resources"][_token(name)]["description"] for name in resources()},
        _FUNCTION: _schema()["functions"][_token(_FUNCTION)]["description"],
    }
    rows = [[f"[`{name}`]({file_of(name)})", _first_sentence(text)] for name, text in described.items()]
    return table(("", ""), rows, spaced=True)


def packages() -> str:
    """The package's name in each language, and a program's first lines."""
    package = _schema()["language"]
    return tabs.block(
        {
            "yaml": _fence("yaml", f"type: {plugin_schema.PACKAGE}:OrganizationFeatureSet"),
            "typescript": _fence(
                "typescript",
                f'import {{ OrganizationFeatureSet, types }} from "{package["nodejs"]["packageName"]}";',
            ),
            "python": _fence(
                "py", f"from {package['python']['packageName']} import OrganizationFeatureSet, outputs"
            ),
            "go": _fence("go", f'import "{package["go"]["importBasePath"]}"'),
        }
    )


def resource(name: str) -> str:
    """The page of a resource, or of the component."""
    said = _schema()["resources"][_token(name)]
    text, imported = _told(said["description"])
    outputs = {each: kind for each, kind in said["properties"].items() if each not in said["inputProperties"]}
    also = set(said["properties"]) & set(said["inputProperties"]) - set(_children(said))
    parts = [
        text,
        f"Its type is `{_token(name)}`. {_elsewhere(name)}",
        "## Example",
        _programs(name),
        "## Inputs",
        _inputs(said["inputProperties"], said["requiredInputs"]),
        _WRITTEN,
        _signatures(name, said["inputProperties"]),
        "## Outputs",
        *(["Each input is an output too, with its default where none was given."] if also else []),
        _outputs(name, {**outputs, **_children(said)}, said["required"]),
        _WRITTEN,
        _has(name, said["properties"]),
        *(["## Import", imported] if imported else []),
        "## Errors",
        _errors(name),
    ]
    return "\n\n".join(part for part in parts if part)


def function() -> str:
    """The page of the function."""
    said = _schema()["functions"][_token(_FUNCTION)]
    text, _ = _told(said["description"])
    parts = [
        text,
        f"Its type is `{_token(_FUNCTION)}`. {_elsewhere(_FUNCTION)}",
        "## Example",
        _programs(_FUNCTION),
        "## Inputs",
        _inputs(said["inputs"]["properties"], said["inputs"]["required"]),
        _WRITTEN,
        _function_takes(said["inputs"]["properties"]),
        "## Outputs",
        _outputs(_FUNCTION, said["outputs"]["properties"], said["outputs"]["required"]),
        _WRITTEN,
        _function_gives(said["outputs"]["properties"]),
        "## Errors",
        _errors(_FUNCTION),
    ]
    return "\n\n".join(parts)


def provider() -> str:
    """The provider's settings."""
    said = _schema()["provider"]
    given = said["inputProperties"]
    python = native_sdk.python_arguments("ProviderArgs", within="provider")
    parts = [
        said["description"],
        _inputs(given, [], "setting"),
        tabs.block(
            {
                "yaml": _fence("yaml", _yaml_takes("pulumi:providers:org-features", given)),
                "typescript": _fence(
                    "typescript",
                    "new Provider(name: string, args?: ProviderArgs, opts?: pulumi.ResourceOptions)\n\n"
                    + native_sdk.typescript_interface("ProviderArgs", within="provider"),
                ),
                "python": _fence("py", _python_call("Provider", python)),
                "go": _fence("go", native_sdk.go_struct("ProviderArgs", within="provider")),
            }
        ),
    ]
    return "\n\n".join(parts)


def types() -> str:
    """The objects that inputs and outputs are made of."""
    found = {token.rpartition(":")[2]: said for token, said in _schema()["types"].items()}
    return "\n\n".join(_object(name, said) for name, said in found.items() if "properties" in said)


def enums() -> str:
    """The words that there are, and what each language calls them."""
    found = {token.rpartition(":")[2]: said for token, said in _schema()["types"].items()}
    return "\n\n".join(_enum(name, said) for name, said in found.items() if "enum" in said)


# -- what a page has -----------------------------------------------------------------------------------


def _told(description: str) -> tuple[str, str]:
    """The description of a thing, and how to import it."""
    text = description.partition("{{% examples %}}")[0].strip()
    return text, description.partition("## Import\n")[2].strip()


def _first_sentence(description: str) -> str:
    return f"{_told(description)[0].partition('. ')[0].partition(chr(10))[0].removesuffix('.')}."


def _elsewhere(name: str) -> str:
    page, title = _GUIDES[name]
    python = native_sdk.snake(name) if name == _FUNCTION else name
    guide = f"When and why: [{title}](../{page})."
    return f"{guide} For Python alone, without this provider: [`{python}`](../reference.md#{python.lower()})."


def _programs(name: str) -> str:
    programs = native_examples.programs(name)
    return tabs.block({language: _fence(language, text.rstrip()) for language, text in programs.items()})


def _fence(language: str, text: str) -> str:
    """A block; what is no program in Python is `py`, for tests run each block of `python`."""
    return f"```{language}\n{text}\n```"


def _inputs(given: Mapping[str, Any], required: Iterable[str], first: str = "input") -> str:
    needed = set(required)
    rows = [
        [
            f"`{name}`",
            _cell(said["description"]),
            _type(said),
            "required" if name in needed else _default(said),
        ]
        for name, said in sorted(given.items(), key=lambda each: each[0] not in needed)
    ]
    return table((first, "", "type", "default"), rows, spaced=True)


def _outputs(name: str, found: Mapping[str, Any], required: Iterable[str]) -> str:
    words = plugin_schema.words(_token(name)) if name != _COMPONENT else {}
    rows = [
        [
            f"`{each}`",
            _cell(said["description"]),
            _type(words.get(each, said)) + ("" if each in set(required) else ", may be missing"),
        ]
        for each, said in found.items()
    ]
    return table(("output", "", "type"), rows, spaced=True)


def _children(said: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs that are resources, though an input may have the same name."""
    return said["properties"] if said.get("isComponent") else {}


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _default(said: Mapping[str, Any]) -> str:
    if "oneOf" in said:
        return "`true`"
    return f"`{json.dumps(said['default'])}`" if "default" in said else ""


def _type(said: Mapping[str, Any]) -> str:
    reference = said.get("$ref", "")
    if reference.startswith("#/types/"):
        name = reference.rpartition(":")[2]
        return f"[`{name}`]({TYPES}#{name.lower()})"
    if reference:
        name = reference.rpartition(":")[2]
        return f"[`{name}`]({file_of(name)})"
    if "oneOf" in said:
        return " or ".join(
            _type(each).replace("`true` or `false`", "`true`, `false`") for each in said["oneOf"]
        )
    if said["type"] == "array":
        return f"list of {_plural(_type(said['items']))}"
    if said["type"] == "object":
        return f"map of {_plural(_type(said['additionalProperties']))}"
    return _KINDS[said["type"]] + (", secret" if said.get("secret") else "")


def _plural(kind: str) -> str:
    return kind if kind.startswith("[") else f"{kind}s"


def _errors(name: str) -> str:
    links = [f"[`{each}`](../errors.md#{each})" for each in _ERRORS[name]]
    return (
        f"{', '.join(links[:-1])} and {links[-1]}, beside [those of credentials and settings](../errors.md)."
    )


# -- how each language writes it -----------------------------------------------------------------------


def _signatures(name: str, given: Mapping[str, Any]) -> str:
    file = native_sdk.camel(name)
    options = "pulumi.ComponentResourceOptions" if name == _COMPONENT else "pulumi.CustomResourceOptions"
    python = native_sdk.python_arguments(f"{name}Args", within=native_sdk.snake(name))
    return tabs.block(
        {
            "yaml": _fence("yaml", _yaml_takes(f"{plugin_schema.PACKAGE}:{name}", given)),
            "typescript": _fence(
                "typescript",
                f"new {name}(name: string, args: {name}Args, opts?: {options})\n\n"
                + native_sdk.typescript_interface(f"{name}Args", within=file),
            ),
            "python": _fence("py", _python_call(name, python)),
            "go": _fence(
                "go",
                f"func New{name}(ctx *pulumi.Context, name string, args *{name}Args,\n"
                f"\topts ...pulumi.ResourceOption) (*{name}, error)\n\n"
                + native_sdk.go_struct(f"{name}Args", within=file),
            ),
        }
    )


def _has(name: str, found: Mapping[str, Any]) -> str:
    file = native_sdk.camel(name)
    declared = native_examples.PROGRAMS[name].resources
    variable = next(each.variable for each in declared if each.kind == name)
    return tabs.block(
        {
            "yaml": _fence("yaml", _yaml_has(variable, found)),
            "typescript": _fence("typescript", native_sdk.typescript_outputs(name)),
            "python": _fence("py", native_sdk.python_outputs(name, within=native_sdk.snake(name))),
            "go": _fence("go", native_sdk.go_struct(name, within=file)),
        }
    )


def _function_takes(given: Mapping[str, Any]) -> str:
    file, kind, python = _FUNCTION, _FUNCTION.removeprefix("get"), native_sdk.snake(_FUNCTION)
    pascal = f"{_FUNCTION[:1].upper()}{_FUNCTION[1:]}"
    arguments = native_sdk.python_parameters(f"{python}_output", within=python)
    yaml = (
        f"fn::invoke:\n  function: {plugin_schema.PACKAGE}:{_FUNCTION}\n  arguments:\n{_yaml_lines(given, 4)}"
    )
    return tabs.block(
        {
            "yaml": _fence("yaml", yaml),
            "typescript": _fence(
                "typescript",
                f"{_FUNCTION}Output(args: {pascal}OutputArgs, opts?: pulumi.InvokeOutputOptions)\n\n"
                + native_sdk.typescript_interface(f"{pascal}OutputArgs", within=file),
            ),
            "python": _fence("py", "\n".join((f"{python}_output(", *arguments, ")"))),
            "go": _fence(
                "go",
                f"func Lookup{kind}Output(ctx *pulumi.Context, args Lookup{kind}OutputArgs,\n"
                f"\topts ...pulumi.InvokeOption) Lookup{kind}ResultOutput\n\n"
                + native_sdk.go_struct(f"Lookup{kind}OutputArgs", within=file),
            ),
        }
    )


def _function_gives(found: Mapping[str, Any]) -> str:
    pascal, python = f"{_FUNCTION[:1].upper()}{_FUNCTION[1:]}Result", native_sdk.snake(_FUNCTION)
    go = f"Lookup{_FUNCTION.removeprefix('get')}Result"
    return tabs.block(
        {
            "yaml": _fence("yaml", _yaml_has("found", found)),
            "typescript": _fence("typescript", native_sdk.typescript_interface(pascal, within=_FUNCTION)),
            "python": _fence("py", native_sdk.python_outputs(pascal, within=python)),
            "go": _fence("go", native_sdk.go_struct(go, within=_FUNCTION)),
        }
    )


def _python_call(name: str, arguments: Iterable[str]) -> str:
    first = ("    resource_name: str,", "    opts: pulumi.ResourceOptions = None,", "    *,")
    return "\n".join((f"{name}(", *first, *arguments, ")"))


def _yaml_takes(kind: str, given: Mapping[str, Any]) -> str:
    return f"type: {kind}\nproperties:\n{_yaml_lines(given, 2)}"


def _yaml_lines(given: Mapping[str, Any], indented: int) -> str:
    return "\n".join(f"{' ' * indented}{name}: {_yaml_type(said)}" for name, said in sorted(given.items()))


def _yaml_has(variable: str, found: Mapping[str, Any]) -> str:
    return "\n".join(f"${{{variable}.{name}}}: {_yaml_type(said)}" for name, said in sorted(found.items()))


def _yaml_type(said: Mapping[str, Any]) -> str:
    if "$ref" in said:
        return str(said["$ref"].rpartition(":")[2])
    if "oneOf" in said:
        return " or ".join(map(_yaml_type, said["oneOf"]))
    if said["type"] in {"array", "object"}:
        inner = _yaml_type(said.get("items") or said["additionalProperties"])
        return f"{'list' if said['type'] == 'array' else 'map'} of {inner}"
    return _IN_YAML[said["type"]]


# -- types ---------------------------------------------------------------------------------------------


def _object(name: str, said: Mapping[str, Any]) -> str:
    needed = set(said.get("required", ()))
    given = _is_given(name)
    rows = [
        [
            f"`{each}`",
            _cell(kind["description"]),
            _type(kind) + (", required" if given and each in needed else ""),
        ]
        for each, kind in said["properties"].items()
    ]
    class_ = f"{name}Args" if given else name
    python = native_sdk.python_arguments(class_, within="_inputs") if given else []
    written = {
        "yaml": _fence("yaml", _yaml_lines(said["properties"], 0)),
        "typescript": _fence(
            "typescript",
            native_sdk.typescript_interface(class_, within="types/input" if given else "types/output"),
        ),
        "python": _fence(
            "py",
            "\n".join((f"{class_}(", *python, ")"))
            if given
            else native_sdk.python_outputs(name, within="outputs"),
        ),
        "go": _fence("go", native_sdk.go_struct(class_, within="pulumiTypes")),
    }
    more = f" In Python it may also be a dictionary, `{class_}Dict`." if given else ""
    parts = (f"### {name}", said["description"] + more, table(("", "", "type"), rows, spaced=True))
    return "\n\n".join((*parts, tabs.block(written)))


def _is_given(name: str) -> bool:
    """True for a type of an input; False for one that only outputs have."""
    return f"class {name}Args:" in (native_sdk.SDK / "python/pulumi_org_features/_inputs.py").read_text()


def _enum(name: str, said: Mapping[str, Any]) -> str:
    named = native_sdk.words(name)
    rows = [
        [f"`{each['value']}`", _cell(each["description"]), *(f"`{it}`" for it in named[each["value"]])]
        for each in said["enum"]
    ]
    heads = ("", "", *(tabs.TITLES[language] for language in ("typescript", "python", "go")))
    return "\n\n".join((f"### {name}", said["description"], table(heads, rows, spaced=True)))


GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "native reference: index": index,
    "native reference: packages": packages,
    "native reference: provider": provider,
    "native reference: types": types,
    "native reference: enums": enums,
    f"native reference: {_FUNCTION}": function,
    **{f"native reference: {name}": functools.partial(resource, name) for name in resources()},
}
