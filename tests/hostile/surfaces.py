"""Every surface that can show what AWS or the configuration says: how a string gets there, in what form.

A surface makes documents out of a string, each with the check that its form is held to.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pulumi
import pytest
from click.testing import CliRunner
from pulumi.dynamic import ConfigureRequest

from aws_org_features.cli.group import org_features
from aws_org_features.lifecycle.run_caches import RunCaches
from aws_org_features.resources import engine
from aws_org_features.resources import provider as edge
from aws_org_features.resources.approval import FeatureSetApprovalProvider
from aws_org_features.resources.feature_set import OrganizationFeatureSetProvider
from aws_org_features.resources.gate import AllFeaturesGateProvider
from aws_org_features.resources.get_feature_set import get_organization_feature_set
from aws_org_features.resources.root_policy_type import RootPolicyTypeProvider
from aws_org_features.resources.trusted_service import TrustedServiceProvider
from tests.cli.worlds import Time, world
from tests.hostile import checks
from tests.hostile.answers import INVITED, ORGANIZATION, FixedAws
from tests.hostile.strings import HARMLESS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aws_org_features.cli.environment import Environment
    from tests.hostile.checks import Check

    Show = Callable[["Rig", str], Iterator["Document"]]
    Forge = Callable[[FixedAws, str], None]


class Document(NamedTuple):
    """A text that was shown somewhere, and how it is held to be inert."""

    name: str
    text: str
    check: Check


@dataclass
class Rig:
    """The places where strings are let in, and where what is shown is picked up.

    Attributes:
        aws: What answers.
        folder: To write to.
        said: What the providers told the engine.
    """

    aws: FixedAws
    folder: Path
    monkeypatch: pytest.MonkeyPatch
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen to the engine's messages, as protobuf takes it."""

        def send(text: str, severity: str, urn: str, *, ephemeral: bool) -> None:
            from pulumi.runtime.proto import engine_pb2  # noqa: PLC0415 - as there

            del severity, ephemeral
            self.said.append(engine_pb2.LogRequest(message=text, urn=urn).message)

        self.monkeypatch.setenv("PULUMI_STACK", "")  # not the one that is selected in this checkout
        self.monkeypatch.setattr(engine, "_send", send)
        self.monkeypatch.setattr(engine, "_silence_tracebacks", lambda: None)
        self.monkeypatch.setattr(engine, "run_is_over", lambda: lambda: False)

    def begin(self) -> None:
        """Begin again, before an AWS that answers as it usually does."""
        vars(self.aws).update(vars(FixedAws()))
        self.said.clear()
        self.begin_run()

    def shown(self, show: Show, text: str) -> list[Document]:
        """Text that a surface makes of a string."""
        self.begin()
        return list(show(self, text))

    def begin_run(self) -> None:
        """Have the providers forget what they saw, as in the next command of the engine."""
        self.monkeypatch.setattr(edge, "_runs", [RunCaches()])

    def run(self, *arguments: str, here: Environment | None = None) -> tuple[str, str]:
        """The output of a command, on stdout and on stderr."""
        return self.ran(*arguments, here=here)[1:]

    def ran(self, *arguments: str, here: Environment | None = None) -> tuple[int, str, str]:
        """The end of a command, and its output; any other exception is raised."""
        result = CliRunner().invoke(org_features, arguments, obj=here or world())
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    def shows(self, *arguments: str, here: Environment | None = None) -> tuple[str, str]:
        """The same, of a command that isn't called wrongly."""
        stdout, stderr = self.run(*arguments, here=here)
        assert "Usage:" not in stderr, stderr
        return stdout, stderr


# How a string gets in


def as_names(aws: FixedAws, text: str) -> None:
    """Put it into names, as people could type them: of accounts, policies, targets; addresses too."""

    def change(operation: str, answer: Any) -> Any:
        for account in answer.get("Accounts", []):
            account |= {"Name": text, "Email": text}
        for kind in ("Policies", "Targets", "DelegatedAdministrators"):
            for named in answer.get(kind, []):
                named["Name"] = text
        for handshake in answer.get("Handshakes", []):
            for party in handshake["Parties"]:
                if party["Type"] == "EMAIL":
                    party["Id"] = text
        del operation
        return answer

    aws.change = change


def as_words(aws: FixedAws, text: str) -> None:
    """Put it into AWS's own words: states, actions, statuses, ARNs of roots; feature sets by themselves.

    Not as the ARN of a handshake: one that is none is an error (`handshake-unclear`) that doesn't show it.
    """

    text = text if text.strip() else HARMLESS  # a word that is missing is no answer at all

    def change(operation: str, answer: Any) -> Any:
        del operation
        for account in answer.get("Accounts", [])[1:]:
            account |= {"State": text, "Status": text}
        for handshake in answer.get("Handshakes", []):
            if handshake["State"] == "ACCEPTED":
                handshake["Action"] = text
            if handshake["Action"] == "APPROVE_ALL_FEATURES":
                handshake["State"] = text
        for root in answer.get("Roots", []):
            root |= {"Arn": text, "PolicyTypes": [{"Type": text, "Status": text}]}
        return answer

    aws.change = change


def as_feature_set(aws: FixedAws, text: str) -> None:
    """Put it in the place of a feature set, of which an unknown one is an error (`feature-set-unknown`)."""

    def change(operation: str, answer: Any) -> Any:
        if operation == "DescribeOrganization":
            answer["Organization"]["FeatureSet"] = text if text.strip() else HARMLESS
        return answer

    aws.change = change


def as_message(*operations: str, code: str = "AccessDeniedException") -> Forge:
    """Put it into the message of an error that AWS answers."""

    def forge(aws: FixedAws, text: str) -> None:
        aws.refused = dict.fromkeys(operations, (code, text))

    return forge


def as_code(aws: FixedAws, text: str) -> None:
    """Put it into an error's code and message, on which nothing is known."""
    aws.refused = {"DescribeOrganization": (text, text)}


# Where it is shown: commands


def printed(
    *arguments: str, forge: Forge = as_names, terminal: tuple[int, int] | None = None, folds: bool = False
) -> Show:
    """The command's output for people."""

    def show(rig: Rig, text: str) -> Iterator[Document]:
        forge(rig.aws, text)
        stdout, stderr = rig.shows(*arguments, here=world(terminal=terminal))
        check = checks.in_a_terminal(terminal[0], folds=folds) if terminal else checks.in_a_pipe
        yield Document("stdout", stdout, check)
        yield Document("stderr", stderr, checks.in_a_pipe)

    return show


def printed_json(*arguments: str, forge: Forge = as_names) -> Show:
    """The command's output for programs."""

    def show(rig: Rig, text: str) -> Iterator[Document]:
        forge(rig.aws, text)
        stdout, stderr = rig.shows(*arguments, "--json")
        yield Document("stdout", stdout, checks.json_text)
        yield Document("stderr", stderr, checks.in_a_pipe)

    return show


class Hasty(Time):
    """Passes by whole pauses: what is drawn every second of one is the same."""

    def sleep(self, seconds: float) -> None:
        super().sleep(max(seconds, 5.0))


def _interrupt() -> None:
    raise KeyboardInterrupt


def watched(*arguments: str, terminal: tuple[int, int] | None = None, check: Check | None = None) -> Show:
    """The output of `watch` about names, a change, and a look that fails."""

    def show(rig: Rig, text: str) -> Iterator[Document]:
        rig.aws.change = _pending
        time = Hasty(
            events={
                5.0: lambda: as_names(rig.aws, text),
                10.0: lambda: as_message("DescribeOrganization")(rig.aws, text),
                15.0: _interrupt,
            }
        )
        as_names(rig.aws, text)
        named = rig.aws.change
        rig.aws.change = lambda operation, answer: named(operation, _pending(operation, answer))
        here = world(time, terminal=terminal)
        stdout, stderr = rig.shows("watch", "--interval=5", "--until=interrupted", *arguments, here=here)
        yield Document("stdout", stdout, check or checks.in_a_pipe)
        yield Document("stderr", stderr, checks.in_a_pipe)

    return show


def _pending(_operation: str, answer: Any) -> Any:
    for handshake in answer.get("Handshakes", []):
        if handshake["State"] == "DECLINED":
            handshake["State"] = "OPEN"
    return answer


def reported(forge: Forge) -> Show:
    """A report's files."""

    def show(rig: Rig, text: str) -> Iterator[Document]:
        forge(rig.aws, text)
        html, markdown, history = (rig.folder / name for name in ("a.html", "a.md", "a.jsonl"))
        history.unlink(missing_ok=True)
        files = (f"--html={html}", f"--markdown={markdown}", f"--history={history}")
        stdout, stderr = rig.shows("report", *files)
        yield Document("stdout", stdout, checks.in_a_pipe)
        yield Document("stderr", stderr, checks.in_a_pipe)
        yield Document("HTML", html.read_bytes().decode(), checks.html)
        yield Document("Markdown", markdown.read_bytes().decode(), checks.markdown)
        yield Document("history", history.read_bytes().decode(), checks.json_lines)

    return show


_BY_SUFFIX: Final = {".md": checks.markdown, ".csv": checks.csv_table, ".yaml": checks.yaml_text}


def kit(rig: Rig, text: str) -> Iterator[Document]:
    """Every file of an approval kit."""
    as_names(rig.aws, text)
    folder = rig.folder / "kit"
    stdout, stderr = rig.shows("approval-kit", "--to", str(folder), "--force")
    yield Document("stdout", stdout, checks.in_a_pipe)
    yield Document("stderr", stderr, checks.in_a_pipe)
    for path in sorted(folder.rglob("*.*")):
        yield Document(path.name, path.read_bytes().decode(), _BY_SUFFIX[path.suffix])


# Where it is shown: resources


FEATURE_SET: Final = {
    "organization_id": ORGANIZATION,
    "feature_set": "ALL",
    "finalize": False,
    "attempt": 1,
    "wait_until": "requested",
    "timeout": "30m",
    "on_destroy": "leave",
    "observe": "diff",
    "goal": "ENABLED",
}
APPROVER: Final = {"role_name": "Approver"}
POLICY_TYPE: Final = {
    "organization_id": ORGANIZATION,
    "policy_type": "TAG_POLICY",
    "on_destroy": "refuse-if-used",
    "goal": "ENABLED",
}

TRUSTED_SERVICE: Final = {
    "organization_id": ORGANIZATION,
    "service_principal": "ram.amazonaws.com",
    "on_destroy": "refuse-if-used",
    "goal": "ENABLED",
}


def configured(provider: Any, configuration: dict[str, str] | None = None) -> Any:
    """A provider with a stack's configuration."""

    class Config:
        def get(self, key: str) -> str | None:
            return (configuration or {}).get(key)

    request = ConfigureRequest.__new__(ConfigureRequest)
    request.config = Config()  # type: ignore[assignment]  # reads as the SDK's does
    provider.configure(request)
    return provider


def failed(step: Callable[[], object]) -> list[str]:
    """The text for the engine to print about a step that fails: an error of ours, which has a reference."""
    try:
        step()
    except Exception as error:
        if "-" not in type(error).__name__:
            raise
        return [str(error)]
    return []


def resource(make: Callable[[], Any], inputs: dict[str, Any], *, forge: Forge, kept: Any = None) -> Show:
    """The messages, state and errors of a resource, from its check to its end."""

    def show(rig: Rig, text: str) -> Iterator[Document]:
        forge(rig.aws, text)
        provider, told = configured(make()), []
        news, outs = dict(inputs), {}
        if isinstance(provider, edge.LifecycleProvider):
            checked = provider.check({}, news)
            told += [failure.reason for failure in checked.failures]
            news = dict(checked.inputs)
        for step in (
            lambda: outs.update({**provider.create(news).outs, **(kept or {})}),
            lambda: outs.update(provider.read(ORGANIZATION, {**news, **outs}).outs),
            lambda: provider.diff("id", {**news, **outs}, news),
            lambda: provider.delete("id", {**news, **outs}),
        ):
            rig.begin_run()
            told += failed(step)
        yield Document("outputs", json.dumps(outs, default=str), checks.state)
        for said in (*rig.said, *told):
            yield Document("told", said, checks.one_line)

    return show


def closed_gate(_desk: Rig, text: str) -> Iterator[Document]:
    """The messages of a gate that isn't open."""
    inputs = {"organization_id": ORGANIZATION, "enabled": False, "status": text, "reason": text}
    with pytest.raises(Exception, match="doesn't have all features") as caught:
        AllFeaturesGateProvider().create(inputs)
    yield Document("error", str(caught.value), checks.one_line)


def asked_by_a_program(forge: Forge) -> Show:
    """The result of `get_organization_feature_set`, or its error."""

    def show(rig: Rig, text: str) -> Iterator[Document]:
        forge(rig.aws, text)
        try:
            found = get_organization_feature_set(organization_id=ORGANIZATION)
        except pulumi.RunError as error:
            yield Document("error", str(error), checks.one_line)
        else:
            outputs = {name: getattr(found, name) for name in type(found).__annotations__}
            yield Document("outputs", json.dumps(outputs), checks.state)

    return show


def refused_inputs(rig: Rig, text: str) -> Iterator[Document]:
    """The messages about inputs, as values and as names of settings, and about the stack's configuration."""
    del rig
    roles = {"assume_roles": [{"role_arn": text, "duration": text, text: text}]}
    connection: Any = {**roles, "endpoints": {"sts": text, text: text}, text: text}
    approver = {"role_name": text, "only": [text], "max_calls_per_second": text}
    for make, inputs in (
        (OrganizationFeatureSetProvider, {**dict.fromkeys(FEATURE_SET, text), "connection": connection}),
        (OrganizationFeatureSetProvider, {**FEATURE_SET, "approver": approver}),
        (OrganizationFeatureSetProvider, {**FEATURE_SET, "approver": {text: text}}),
        (RootPolicyTypeProvider, dict.fromkeys((*POLICY_TYPE, "root_id"), text)),
        (TrustedServiceProvider, dict.fromkeys(TRUSTED_SERVICE, text)),
        (FeatureSetApprovalProvider, {"organization_id": text, "connection": connection}),
    ):
        failures = configured(make()).check({}, inputs).failures
        assert failures
        for failure in failures:
            yield Document("told", failure.reason, checks.one_line)
    with pytest.raises(pulumi.RunError) as asked:
        get_organization_feature_set(organization_id=text, connection=connection)
    yield Document("told", str(asked.value), checks.one_line)
    for key in ("assumeRole", "assumeRoles", "endpoints", "allowedAccountIds"):
        for value in (text, json.dumps({text: text}), json.dumps([{"roleArn": text, "sts": text}])):
            provider = configured(RootPolicyTypeProvider(), {f"aws:{key}": value})
            for failure in provider.check({}, dict(POLICY_TYPE)).failures:
                yield Document("told", failure.reason, checks.one_line)


def refused_options(rig: Rig, text: str) -> Iterator[Document]:
    """The messages about options on a command line, which is the typist's own terminal."""
    typed = os.fsdecode(text.replace("\0", "").encode("utf-8", "surrogatepass"))
    commands = (
        ("status", f"--organization-id={typed}"),
        ("status", f"--assume-role={typed}"),
        ("status", f"--profile={typed}"),
        ("status", f"--stack={typed}"),
        ("watch", f"--until={typed}"),
        ("approve", f"--role-name={typed}"),
        ("approve", "--role-name=A", f"--only={typed}"),
        ("report", f"--history={typed}/{typed}"),
        ("report", f"--evidence={typed}", "--markdown"),
    )
    for arguments in commands:
        _, stderr = rig.run(*arguments)
        yield Document(f"{arguments[0]} {arguments[-1].partition('=')[0]}", stderr, checks.few_lines)


def by_a_stack(rig: Rig, text: str) -> Iterator[Document]:
    """The messages about a stack's configuration: what it names, and what it must not."""
    folder = rig.folder / "project"
    folder.mkdir(exist_ok=True)
    configs: dict[str, dict[str, Any]] = {
        "followed": {"aws:profile": text, f"{text}:organizationId": ORGANIZATION},
        "no role": {"aws:assumeRole": {"roleArn": text}},
        "unknown": {f"aws:{text}": text},
    }
    for name, config in configs.items():
        (folder / "Pulumi.yaml").write_text(json.dumps({"name": text}))
        (folder / "Pulumi.dev.yaml").write_text(json.dumps({"config": config}))
        with rig.monkeypatch.context() as here:
            here.chdir(folder)
            stderr = rig.run("status", "--stack=dev")[1]
        yield Document(name, stderr, checks.few_lines)


# The table

_TERMINALS: Final = {"80 columns": (80, 24), "200 columns": (200, 60)}
APPROVE: Final = ("approve", "--role-name", "Approver", "--max-calls-per-second", "1000")


def _unbegun(forge: Forge) -> Forge:
    def before(aws: FixedAws, text: str) -> None:
        aws.begun = False
        forge(aws, text)

    return before


def _with_all_features(forge: Forge) -> Forge:
    def usual(_operation: str, answer: Any) -> Any:
        if "Organization" in answer:
            answer["Organization"]["FeatureSet"] = "ALL"
        return answer

    def enabled(aws: FixedAws, text: str) -> None:
        aws.usual = usual
        forge(aws, text)

    return enabled


def _as_member(forge: Forge) -> Forge:
    def asked(aws: FixedAws, text: str) -> None:
        aws.caller = INVITED[0]
        forge(aws, text)

    return asked


def _without_names(aws: FixedAws, text: str) -> None:
    aws.change = _pending
    as_message("ListAccounts")(aws, text)


COMMANDS: Final[dict[str, Show]] = {
    **{
        f"{command} of {what}": printed(command, forge=forge)
        for command in ("status", "plan")
        for what, forge in {"names": as_names, "words": as_words}.items()
        if (command, what) != ("status", "words")
    },
    **{
        # Where an email address doesn't fit beside an account, it stands below.
        f"{command} of names, {columns}": printed(
            command, terminal=size, folds=(command, size[0]) == ("plan", 80)
        )
        for command in ("status", "plan")
        for columns, size in _TERMINALS.items()
    },
    **{
        f"{command} of {what} as JSON": printed_json(command, forge=forge)
        for command in ("status", "plan")
        for what, forge in {"names": as_names, "words": as_words}.items()
    },
    "status without names": printed("status", forge=_without_names),
    "plan before the start": printed("plan", forge=_unbegun(as_names)),
    "plan before the start, 80 columns": printed(
        "plan", forge=_unbegun(as_names), terminal=(80, 24), folds=True
    ),
    "plan that IAM is not asked about": printed(
        "plan", forge=as_message("SimulatePrincipalPolicy", code="AccessDenied")
    ),
    "watch in a log": watched(),
    "watch in a terminal": watched(terminal=(80, 40), check=checks.in_a_terminal(80, folds=True)),
    "watch as JSON": watched("--json", check=checks.json_lines),
    "report of names": reported(as_names),
    "report of words": reported(as_words),
    "report that was denied": reported(as_message("ListAccounts")),
    "approval kit": kit,
    "approval kit as JSON": lambda rig, text: printed_json(
        "approval-kit", "--to", str(rig.folder / "json"), "--force"
    )(rig, text),
    "approve of names": printed(*APPROVE),
    "approve as JSON": printed_json(*APPROVE),
    "approve that fails": printed(*APPROVE, "--yes", forge=as_message("AssumeRole", code="AccessDenied")),
    "approve that fails, as JSON": printed_json(
        *APPROVE, "--yes", forge=as_message("AssumeRole", code="AccessDenied")
    ),
    "an error's message": printed("status", forge=as_message("DescribeOrganization")),
    "an error's code": printed("status", forge=as_code),
    "an error as JSON": printed_json("status", forge=as_code),
    "refused options": refused_options,
    "a stack's configuration": by_a_stack,
}
"""Surfaces of commands."""

RESOURCES: Final[dict[str, Show]] = {
    "feature set before the start": resource(
        OrganizationFeatureSetProvider, FEATURE_SET, forge=_unbegun(as_names)
    ),
    "feature set, unknown": resource(OrganizationFeatureSetProvider, FEATURE_SET, forge=as_feature_set),
    "feature set, words": resource(OrganizationFeatureSetProvider, FEATURE_SET, forge=as_words),
    "feature set that fails": resource(
        OrganizationFeatureSetProvider, FEATURE_SET, forge=as_message("DescribeOrganization")
    ),
    "feature set whose approver fails": resource(
        OrganizationFeatureSetProvider,
        {**FEATURE_SET, "approver": APPROVER},
        forge=as_message("AssumeRole", code="AccessDenied"),
    ),
    "policy type, names": resource(
        RootPolicyTypeProvider, POLICY_TYPE, forge=as_names, kept={"enabled_by_this_resource": True}
    ),
    "policy type, words": resource(RootPolicyTypeProvider, POLICY_TYPE, forge=as_words),
    "trusted service, names": resource(
        TrustedServiceProvider,
        TRUSTED_SERVICE,
        forge=_with_all_features(as_names),
        kept={"enabled_by_this_resource": True},
    ),
    "trusted service that fails": resource(
        TrustedServiceProvider,
        TRUSTED_SERVICE,
        forge=_with_all_features(as_message("ListAWSServiceAccessForOrganization")),
    ),
    "approval, words": resource(
        FeatureSetApprovalProvider, {"organization_id": ORGANIZATION}, forge=_as_member(as_words)
    ),
    "approval that fails": resource(
        FeatureSetApprovalProvider,
        {"organization_id": ORGANIZATION},
        forge=as_message("GetCallerIdentity", code="AccessDenied"),
    ),
    "closed gate": closed_gate,
    "a program's question": asked_by_a_program(as_words),
    "a program's question that fails": asked_by_a_program(as_message("DescribeOrganization")),
    "refused inputs": refused_inputs,
}
"""Surfaces of resources: to the engine, in the state, in errors."""

SURFACES: Final = {**COMMANDS, **RESOURCES}
