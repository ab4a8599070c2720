"""The schema of the native provider's package, described by the docstrings of the dynamic resources.

    python -m tools.docs.plugin_schema     # regenerates it

Types are said here, for a docstring doesn't have them; names, defaults and texts come from the code.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tools.docs import native_examples, public_api

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).resolve().parents[2]
TARGET: Final = ROOT / "provider" / "aws_org_features" / "plugin" / "schema.json"
PACKAGE: Final = "org-features"

_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"type": "integer"}
_FLAG: Final = {"type": "boolean"}
_TEXTS: Final = {"type": "array", "items": _TEXT}
_SECRET: Final = {"type": "string", "secret": True}


def _of(name: str) -> dict[str, str]:
    return {"$ref": f"#/types/{PACKAGE}:index:{name}"}


def _made(name: str) -> dict[str, str]:
    return {"$ref": f"#/resources/{PACKAGE}:index:{name}"}


def _list_of(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _of(name)}


# By the core's names; a resource may have another type for one of them.
_RESOURCE_TYPES: Final[dict[str, dict[str, Any]]] = {
    "organization_id": _TEXT,
    "feature_set": {**_of("FeatureSet"), "default": "ALL"},
    "finalize": {"oneOf": [_FLAG, _TEXT]},
    "attempt": {**_NUMBER, "default": 1},
    "approver": _of("Approver"),
    "wait_until": {**_of("WaitUntil"), "default": "requested"},
    "timeout": {**_TEXT, "default": "30m"},
    "on_destroy": {**_of("OnDestroy"), "default": "leave"},
    "observe": {**_of("Observe"), "default": "diff"},
    "connection": _of("Connection"),
    "fail_unless_enabled": {**_FLAG, "default": False},
    "organization_arn": _TEXT,
    "management_account_id": _TEXT,
    "current_feature_set": _of("FeatureSet"),
    "status": _of("Status"),
    "enabled": _FLAG,
    "handshake": _of("Handshake"),
    "approvals": _of("Approvals"),
    "waiting_for": _list_of("WaitingAccount"),
    "waiting_for_more": _NUMBER,
    "attempt_recorded": _NUMBER,
    "started_by_this_resource": _FLAG,
    "account_id": _TEXT,
    "policy_type": _TEXT,
    "service_principal": _TEXT,
    "root_id": _TEXT,
    "current_root_id": _TEXT,
    "root_arn": _TEXT,
    "enabled_by_this_resource": _FLAG,
    "message": _TEXT,
}
_ARGUMENT_TYPES: Final[dict[str, dict[str, Any]]] = {
    "role_name": _TEXT,
    "role_arn_template": _TEXT,
    "external_id": _SECRET,
    "session_name": _TEXT,
    "only": _TEXTS,
    "exclude": _TEXTS,
    "max_calls_per_second": {"type": "number"},
    "profile": _TEXT,
    "region": _TEXT,
    "assume_roles": _list_of("AssumeRole"),
    "endpoints": _of("Endpoints"),
    "role_arn": _TEXT,
    "duration": _TEXT,
    "organizations": _TEXT,
    "sts": _TEXT,
    "iam": _TEXT,
}


@dataclass(frozen=True)
class _Resource:
    """The description of a resource, beside its docstring.

    Attributes:
        name: The resource.
        variable: What it is called in its example.
        imported: What it is imported by; else why it isn't.
        id: Such an id; empty if it can't be imported.
        required: The inputs that must be given, and
        optional: the properties that may be missing, by the core's names.
        types: Those that are its own, by the core's names.
        inputs: Its inputs, where they are others than in Python, and what is said of each.
        more: Inputs that it has beside those of Python, likewise.
    """

    name: str
    variable: str
    imported: str
    id: str
    required: tuple[str, ...] = ("organization_id",)
    optional: tuple[str, ...] = ("connection",)
    types: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, str] = field(default_factory=dict)

    def spoken_types(self) -> dict[str, dict[str, Any]]:
        """The types of all that it has."""
        return {**_RESOURCE_TYPES, **self.types}


_RESOURCES: Final = (
    _Resource(
        "OrganizationFeatureSet",
        "features",
        "By the organization's id:",
        "o-exampleorg1",
        optional=("handshake", "approver", "connection"),
        more={
            "fail_unless_enabled": "`true`: while not all features are enabled, an `up` fails here. The "
            "state is kept, and what depends on this is held back. Without it, waiting is no failure."
        },
    ),
    _Resource(
        "AllFeaturesGate",
        "gate",
        "A gate can't be imported, because there is nothing in AWS to import.",
        "",
        required=("organization_id", "enabled"),
        optional=("status", "reason"),
        types={"reason": _TEXT, "status": _TEXT},
        inputs={
            "organization_id": "The organization, of the feature set that it waits for.",
            "enabled": "The feature set's `enabled`.",
            "status": "The feature set's `status`, to be reported while the gate is closed.",
            "reason": "The feature set's `message`, to be reported while the gate is closed.",
        },
    ),
    _Resource(
        "FeatureSetApproval",
        "approval",
        "By the organization's id and the account's. Without a request there is nothing to import:",
        "o-exampleorg1/111122223333",
        optional=("handshake", "current_feature_set", "connection"),
        types={"status": _of("ApprovalStatus")},
    ),
    _Resource(
        "RootPolicyType",
        "tags",
        "By the root's id and the type. A type that isn't enabled can't be imported. What is imported was "
        "enabled by somebody else, so it stays enabled when the resource is deleted:",
        "r-examplerootid/TAG_POLICY",
        required=("organization_id", "policy_type"),
        optional=("root_id", "connection"),
        types={
            "status": _of("PolicyTypeStatus"),
            "on_destroy": {**_of("PolicyTypeOnDestroy"), "default": "refuse-if-used"},
        },
    ),
    _Resource(
        "TrustedService",
        "inspector",
        "By the organization's id and the service's principal. A service that isn't trusted can't be "
        "imported. What is imported was enabled by somebody else, so it stays enabled when the resource is "
        "deleted:",
        "o-exampleorg1/inspector2.amazonaws.com",
        required=("organization_id", "service_principal"),
        optional=("connection",),
        types={
            "status": _of("TrustedServiceStatus"),
            "on_destroy": {**_of("TrustedServiceOnDestroy"), "default": "refuse-if-used"},
        },
    ),
)

_COMPONENT: Final = "AllFeaturesOrganization"
_NAMES: Final = {"type": "array", "items": {**_TEXT, "plain": True}, "plain": True}
_COMPONENT_TYPES: Final[dict[str, dict[str, Any]]] = {
    **{name: kind for name, kind in _RESOURCE_TYPES.items() if name != "fail_unless_enabled"},
    "policy_types": _NAMES,
    "policy_types_on_destroy": {**_of("PolicyTypeOnDestroy"), "default": "refuse-if-used"},
    "trusted_services": _NAMES,
    "trusted_services_on_destroy": {**_of("TrustedServiceOnDestroy"), "default": "refuse-if-used"},
}
_CHILDREN: Final[dict[str, dict[str, Any]]] = {
    "feature_set": _made("OrganizationFeatureSet"),
    "gate": _made("AllFeaturesGate"),
    "policy_type_resources": {"type": "object", "additionalProperties": _made("RootPolicyType")},
    "trusted_service_resources": {"type": "object", "additionalProperties": _made("TrustedService")},
}

_SETTINGS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "profile": (_TEXT, "A profile of the AWS configuration files; default: the usual environment."),
    "region": (
        _TEXT,
        "Selects the partition; requests go to the region in which that partition has AWS Organizations.",
    ),
    "accessKey": (_TEXT, "With `secretKey`: keys that win over any profile's."),
    "secretKey": (_SECRET, "With `accessKey`. It is a secret in the state, however it is given."),
    "token": (_SECRET, "Of a session's keys. It is a secret in the state, however it is given."),
    "assumeRoles": (_list_of("AssumeRole"), "Roles to assume, one after another."),
    "endpoints": (_list_of("Endpoints"), "Addresses to use instead of AWS's own."),
    "allowedAccountIds": (
        _TEXTS,
        "The only accounts to act in; this also applies to a resource with its own `connection`.",
    ),
    "forbiddenAccountIds": (
        _TEXTS,
        "Accounts never to act in; they hold beside a resource's own `connection` as well.",
    ),
    "skipMetadataApiCheck": (_FLAG, "`true`: the machine's role never acts."),
}

_ENUMS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "FeatureSet": (
        "What an organization has switched on.",
        {"ALL": "All features.", "CONSOLIDATED_BILLING": "Consolidated billing alone."},
    ),
    "Status": (
        "Where the migration to all features stands.",
        {
            "NOT_STARTED": "Nobody has started it.",
            "AWAITING_APPROVALS": "Some accounts must still approve.",
            "DECLINED": "An account has declined.",
            "AWAITING_FINALIZATION": "Nothing is outstanding, and the management account must finalize it.",
            "EXPIRED": "It has expired.",
            "CANCELED": "Somebody has canceled it.",
            "ENABLED": "All features are enabled.",
        },
    ),
    "ApprovalStatus": (
        "How an account's approval stands.",
        {
            "NOT_ASKED": "No request came, or one waits for the next `pulumi up`.",
            "APPROVED": "The account has approved.",
            "EXPIRED": "It wasn't answered in time.",
            "CANCELED": "The organization canceled it.",
            "DECLINED": "Somebody has declined it by hand.",
        },
    ),
    "PolicyTypeStatus": (
        "Where a policy type stands.",
        {
            "WAITING_FOR_ALL_FEATURES": "The organization doesn't have them yet.",
            "DISABLED": "It is off.",
            "PENDING_ENABLE": "AWS is enabling it.",
            "PENDING_DISABLE": "AWS is disabling it.",
            "ENABLED": "Policies of it can be attached.",
        },
    ),
    "PolicyTypeOnDestroy": (
        "What happens to a policy type that a resource enabled, when that is deleted.",
        {
            "refuse-if-used": "It is disabled. If policies of it are attached somewhere, that is an error.",
            "disable": "It is disabled, which detaches all its policies.",
            "leave": "It stays enabled.",
        },
    ),
    "TrustedServiceStatus": (
        "Where trusted access of a service stands.",
        {
            "WAITING_FOR_ALL_FEATURES": "The organization doesn't have them yet.",
            "DISABLED": "It is off.",
            "ENABLED": "The organization trusts the service.",
        },
    ),
    "TrustedServiceOnDestroy": (
        "What happens to trusted access that a resource enabled, when that is deleted.",
        {
            "refuse-if-used": "It is disabled. Delegated administrators of the service are an error.",
            "disable": "It is disabled.",
            "leave": "It stays enabled.",
        },
    ),
    "WaitUntil": (
        "How long a run waits.",
        {
            "requested": "It doesn't wait.",
            "approved": "Until everyone has approved.",
            "enabled": "Until all features are enabled.",
        },
    ),
    "OnDestroy": (
        "What happens to a migration in progress when the resource is deleted.",
        {
            "leave": "It continues.",
            "cancel": "It is canceled, if this resource started it and nobody has approved yet.",
        },
    ),
    "Observe": (
        "What looks at AWS while a migration is in progress.",
        {"diff": "Previews and ups, by themselves.", "refresh": "`pulumi refresh` alone."},
    ),
}

_ADDRESS: Final = "`https://HOST[:PORT]`, without credentials."

_README: Final = (
    "Declares how an AWS organization's features should be, and gets there: begins the migration to all "
    "features, and finalizes it once every invited account has approved.\n\n"
    "`pip install aws-org-features` brings the provider itself, `pulumi-resource-org-features`.\n"
)
# Names of the package in each language. The SDKs have the version of the provider that they are made of.
_LANGUAGES: Final[dict[str, dict[str, Any]]] = {
    "nodejs": {
        "packageName": "@aws-org-features/org-features",
        "packageDescription": "How an AWS organization's features should be, for Pulumi.",
        "readme": _README,
    },
    "python": {"packageName": "pulumi_org_features", "readme": _README},
    # The module has no address yet, and example.com is nobody's: who takes it says where it is.
    "go": {
        "modulePath": "example.com/pulumi-org-features/sdk/go",
        "importBasePath": "example.com/pulumi-org-features/sdk/go/orgfeatures",
        # The component's outputs are maps of resources.
        "generateResourceContainerTypes": True,
    },
}

_IMPORT: Final = """

```sh
pulumi import org-features:index:{name} {variable} {id}
```"""

# Words of docstrings about Python, or the stack's configuration, as they read here.
_IN_THE_SCHEMA: Final = (
    ("instead of the stack's `aws:` configuration", "instead of the provider's settings"),
    ("; plain values only", ""),
    ("False never", "`false` never"),
    ("`depends_on`", "`dependsOn`"),
    ("True when", "`true` when"),
    ("True; a gate", "`true`: a gate"),
    ("False when", "`false` when"),
    ("False if", "`false` if"),
    ("; None where", "; missing where"),
)


def schema() -> dict[str, Any]:
    """The schema, as values."""
    function = "getOrganizationFeatureSet"
    found = _outputs("GetOrganizationFeatureSetResult", _RESOURCE_TYPES)
    asked = _inputs("get_organization_feature_set", _RESOURCE_TYPES)
    settings = {name: {**kind, "description": text} for name, (kind, text) in _SETTINGS.items()}
    return {
        "name": PACKAGE,
        "displayName": "AWS organization features",
        "version": _version(),
        "description": "Declares how an AWS organization's features should be, and gets there.",
        "keywords": ["pulumi", "aws", "organizations", "category/cloud", "kind/native"],
        "license": "Apache-2.0",
        "publisher": "aws-org-features",
        "meta": {"supportPack": True},
        "language": _LANGUAGES,
        "config": {"variables": settings},
        "provider": {
            "description": "Who acts, and where: pulumi-aws's settings, under names of its own. They say "
            "nothing of other providers, and other providers' say nothing here.",
            "inputProperties": settings,
            "properties": {
                name: settings[name] for name in settings if settings[name].get("type") == "string"
            },
        },
        "types": {f"{PACKAGE}:index:{name}": value for name, value in sorted(_types().items())},
        "resources": {
            **{f"{PACKAGE}:index:{each.name}": _resource(each) for each in _RESOURCES},
            f"{PACKAGE}:index:{_COMPONENT}": _component(),
        },
        "functions": {
            f"{PACKAGE}:index:{function}": {
                "description": "Where an organization stands, for a program to decide by. Writes nothing.\n\n"
                + _with_programs(function),
                "inputs": {"type": "object", "properties": asked, "required": ["organizationId"]},
                "outputs": {
                    "type": "object",
                    "properties": found,
                    "required": sorted(set(found) - {"handshake"}),
                },
            }
        },
    }


@functools.cache
def words(token: str) -> dict[str, dict[str, str]]:
    """The enum whose words an output has, where the schema says only that it is a text."""
    name = token.rpartition(":")[2]
    types = next((each.spoken_types() for each in _RESOURCES if each.name == name), _RESOURCE_TYPES)
    found = (schema()["resources"].get(token) or schema()["functions"][token]["outputs"])["properties"]
    enums = [_of(each)["$ref"] for each in _ENUMS]
    kinds = {_camel(each): kind for each, kind in types.items() if kind.get("$ref") in enums}
    texts = [each for each, said in found.items() if said.get("type") == "string" and each in kinds]
    return {each: {"$ref": kinds[each]["$ref"]} for each in texts}


def _resource(it: _Resource) -> dict[str, Any]:
    types = it.spoken_types()
    inputs = _typed(it.inputs, types) if it.inputs else _inputs(it.name, types)
    inputs |= _typed(it.more, types)
    outputs = {**_as_outputs(inputs), **_outputs(it.name, types)}
    return {
        "description": f"{_spoken(public_api.summary(it.name))}\n\n{_example(it)}",
        "inputProperties": inputs,
        "requiredInputs": [_camel(name) for name in it.required],
        "properties": outputs,
        "required": sorted(set(outputs) - set(map(_camel, it.optional))),
        "aliases": [{"type": f"pulumi-python:dynamic/organizations:{it.name}"}],
    }


def _component() -> dict[str, Any]:
    """The component: what it takes of the feature set is described as of that."""
    own, of_features = public_api.inputs(_COMPONENT), public_api.inputs("OrganizationFeatureSet")
    told = {name: text for name, text in own.items() if name in _COMPONENT_TYPES}
    for name in told.keys() & of_features.keys():
        everywhere = " So it is for everything in the component." if "everything" in own[name] else ""
        told[name] = of_features[name] + everywhere
    outputs = _typed(public_api.outputs(_COMPONENT), _CHILDREN)
    return {
        "description": f"{_spoken(public_api.summary(_COMPONENT))}\n\n" + _with_programs(_COMPONENT),
        "isComponent": True,
        "inputProperties": _typed(told, _COMPONENT_TYPES),
        "requiredInputs": ["organizationId"],
        "properties": outputs,
        "required": sorted(outputs),
        "aliases": [{"type": f"aws-org-features:organizations:{_COMPONENT}"}],
    }


def _example(it: _Resource) -> str:
    imported = it.imported + (_IMPORT.format(name=it.name, variable=it.variable, id=it.id) if it.id else "")
    return "\n".join((_with_programs(it.name), "## Import", "", imported, ""))


def _with_programs(name: str) -> str:
    """The programs about something, of which each SDK shows the one in its language."""
    programs = native_examples.programs(name)
    fences = "\n".join(f"```{language}\n{program}```" for language, program in programs.items())
    shortcodes = ("{{% examples %}}", "## Example Usage", "{{% example %}}", "")
    return "\n".join((*shortcodes, fences, "{{% /example %}}", "{{% /examples %}}", ""))


def text() -> str:
    """The schema, as the file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _version() -> str:
    found = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert found is not None, "pyproject.toml names no version"  # noqa: S101 - of ours
    return found[1]


def _types() -> dict[str, Any]:
    arguments = {
        "Approver": ("ApproverArgs", []),
        "AssumeRole": ("AssumeRoleArgs", ["roleArn"]),
        "Connection": ("ConnectionArgs", []),
        "Endpoints": ("EndpointsArgs", []),
    }
    objects = {
        name: {
            "description": _spoken(public_api.summary(of)),
            "type": "object",
            "properties": _typed(
                {each: public_api.inputs(of).get(each, _ADDRESS) for each in public_api.keys(of)},
                _ARGUMENT_TYPES,
            ),
            **({"required": required} if required else {}),
        }
        for name, (of, required) in arguments.items()
    }
    enums = {
        name: {
            "description": description,
            "type": "string",
            "enum": [
                {"name": _pascal(value), "value": value, "description": told}
                for value, told in values.items()
            ],
        }
        for name, (description, values) in _ENUMS.items()
    }
    return {**objects, **enums, **_FOUND}


def _object(description: str, kind: dict[str, str], **properties: str) -> dict[str, Any]:
    optional = {"reason", "nextStep", "requestedAt", "expiresAt"}
    return {
        "description": description,
        "type": "object",
        "properties": {name: {**kind, "description": told} for name, told in properties.items()},
        "required": [name for name in properties if name not in optional],
    }


_FOUND: Final = {
    "Handshake": _object(
        "A handshake, as AWS shows it.",
        _TEXT,
        id="Its id, `h-…`.",
        arn="Its ARN.",
        action="What AWS calls it.",
        state="AWS's word for where it stands.",
        requestedAt="When it was made (RFC 3339, UTC).",
        expiresAt="When it expires (RFC 3339, UTC).",
    ),
    "Approvals": _object(
        "How many accounts must approve, and what they said.",
        _NUMBER,
        required="The sum of the others.",
        accepted="Have approved.",
        pending="Haven't responded.",
        declined="Have declined.",
        expired="Didn't respond in time.",
        canceled="Were canceled.",
        unknown="Are required, but AWS doesn't show how they stand.",
    ),
    "WaitingAccount": _object(
        "An account that blocks the migration.",
        _TEXT,
        accountId="The account, twelve digits.",
        handshakeId="Its approval, `h-…`; empty where AWS doesn't show it.",
        action="What AWS calls the approval.",
        state="AWS's word for where it stands: `OPEN` is outstanding.",
        reason="Why the approver failed for it.",
        nextStep="What to do about that.",
    ),
}


def _inputs(name: str, types: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    given = {each: told for each, told in public_api.inputs(name).items() if each in types}
    return _typed(given, types)


def _outputs(name: str, types: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    return _as_outputs(_typed(public_api.outputs(name), types))


def _as_outputs(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Outputs as plain text: YAML's host lets nobody give a word of a list to anything."""
    words = [_of(name)["$ref"] for name in _ENUMS]

    def spoken(kind: Mapping[str, Any]) -> dict[str, Any]:
        left_out = {"default", "$ref"} if kind.get("$ref") in words else {"default"}
        said = {key: value for key, value in kind.items() if key not in left_out}
        return {**_TEXT, **said} if "$ref" in left_out else said

    return {name: spoken(kind) for name, kind in properties.items()}


def _typed(described: Mapping[str, str], types: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        _camel(name): {
            **types[name],
            "description": _spoken(told),
        }
        for name, told in described.items()
    }


def _spoken(told: str) -> str:
    for python, here in _IN_THE_SCHEMA:
        told = told.replace(python, here)
    return re.sub(r"(?<!{)\b[a-z]+(?:_[a-z]+)+\b", lambda found: _in_camel(found[0]), told)


@functools.cache
def _names() -> frozenset[str]:
    nested = {"account_id", "handshake_id", "next_step", "requested_at", "expires_at"}
    of_resources = (name for each in _RESOURCES for name in each.spoken_types())
    return frozenset({*of_resources, *_COMPONENT_TYPES, *_CHILDREN, *_ARGUMENT_TYPES, *nested})


def _in_camel(word: str) -> str:
    return _camel(word) if word in _names() else word


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _pascal(word: str) -> str:
    """A word of AWS's or of ours, as a name that each language can write in its own way."""
    return "".join(part.capitalize() for part in re.split("[_-]", word))


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
