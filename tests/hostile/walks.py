"""The ways on which answers are read, those of commands and resources: each to its end, or to an error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pulumi

from aws_org_features.cli.exit_codes import Exit
from aws_org_features.resources.approval import FeatureSetApprovalProvider
from aws_org_features.resources.feature_set import OrganizationFeatureSetProvider
from aws_org_features.resources.get_feature_set import get_organization_feature_set
from aws_org_features.resources.root_policy_type import RootPolicyTypeProvider
from aws_org_features.resources.trusted_service import TrustedServiceProvider
from tests.hostile import checks
from tests.hostile.answers import INVITED, MANAGEMENT, ORGANIZATION, PARENT
from tests.hostile.surfaces import APPROVE, FEATURE_SET, POLICY_TYPE, TRUSTED_SERVICE, configured, failed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hostile.answers import FixedAws
    from tests.hostile.surfaces import Rig

    Prepare = Callable[[FixedAws], None]
    Walk = Callable[[Rig], list[str]]

_ERROR: Final = re.compile(r"^error: ([a-z-]+): (.+)$", re.MULTILINE)


def _as_it_is(_aws: FixedAws) -> None:
    """The migration is in progress."""


def _command(*arguments: str, prepare: Prepare = _as_it_is) -> Walk:
    def walk(rig: Rig) -> list[str]:
        prepare(rig.aws)
        filled = [each.replace("{folder}", str(rig.folder)) for each in arguments]
        code, _, stderr = rig.ran(*filled)
        assert code in set(Exit), stderr
        told = [f"{reference}: {text}" for reference, text in _ERROR.findall(stderr)]
        assert told or code != Exit.FAILED, stderr
        return told

    return walk


def _resource(
    make: Callable[[], Any], inputs: dict[str, Any], kept: dict[str, Any], prepare: Prepare = _as_it_is
) -> Walk:
    def walk(rig: Rig) -> list[str]:
        prepare(rig.aws)
        provider, news = configured(make()), dict(inputs)
        outs: dict[str, Any] = {**news, **kept}
        told: list[str] = []
        for step in (
            lambda: news.update(provider.check({}, dict(inputs)).inputs),
            lambda: outs.update({**provider.create(news).outs, **kept}),
            lambda: provider.read(ORGANIZATION, outs),
            lambda: news.update(provider.check(dict(news), dict(inputs)).inputs),
            lambda: provider.diff("id", outs, news),
            lambda: provider.update("id", outs, news),
            lambda: provider.delete("id", outs),
        ):
            rig.begin_run()
            told += failed(step)
        for said in rig.said:
            checks.one_line(said)
        return told

    return walk


def _asked(_desk: Rig) -> list[str]:
    try:
        get_organization_feature_set(organization_id=ORGANIZATION)
    except pulumi.RunError as error:
        return [str(error)]
    return []


def _unbegun(aws: FixedAws) -> None:
    aws.begun = False


def _responded(aws: FixedAws) -> None:
    def usual(_operation: str, answer: Any) -> Any:
        return _with_states(answer, {"REQUESTED": "OPEN", "DECLINED": "ACCEPTED"})

    aws.usual = usual


def _unanswered(aws: FixedAws) -> None:
    def usual(_operation: str, answer: Any) -> Any:
        return _with_states(answer, {"ACCEPTED": "OPEN", "DECLINED": "OPEN"})

    aws.usual = usual


def _with_states(answer: Any, states: dict[str, str]) -> Any:
    for handshake in answer.get("Handshakes", []):
        handshake["State"] = states.get(handshake["State"], handshake["State"])
    return answer


def _member(aws: FixedAws) -> None:
    aws.caller = INVITED[0]


def _session(aws: FixedAws) -> None:
    aws.who = "arn:aws:sts::{caller}:assumed-role/Admin/jane"


def _all_features(aws: FixedAws) -> None:
    def usual(_operation: str, answer: Any) -> Any:
        if "Organization" in answer:
            answer["Organization"]["FeatureSet"] = "ALL"
        return answer

    aws.usual = usual


_CANCEL: Final = {**FEATURE_SET, "on_destroy": "cancel"}
_STARTED: Final = {
    "started_by_this_resource": True,
    "status": "AWAITING_APPROVALS",
    "management_account_id": MANAGEMENT,
    "handshake": {"id": PARENT, "state": "REQUESTED"},
}
_ENABLED_HERE: Final = {"enabled_by_this_resource": True}
_TYPE: Final = {**POLICY_TYPE, "policy_type": "BACKUP_POLICY"}

WALKS: Final[dict[str, Walk]] = {
    "status": _command("status"),
    "status as JSON": _command("status", "--json"),
    "plan": _command("plan"),
    "plan of a session": _command("plan", prepare=_session),
    "plan before the start": _command("plan", "--json", prepare=_unbegun),
    "report": _command("report", "--html={folder}/f.html", "--markdown={folder}/f.md"),
    "approval kit": _command("approval-kit", "--to={folder}/fuzzed", "--force"),
    "approve": _command(*APPROVE, "--yes", "--json"),
    "probe": _command(*APPROVE, "--probe"),
    "feature set": _resource(OrganizationFeatureSetProvider, FEATURE_SET, {}),
    "feature set to start": _resource(OrganizationFeatureSetProvider, FEATURE_SET, {}, _unbegun),
    "feature set to cancel": _resource(OrganizationFeatureSetProvider, _CANCEL, _STARTED, _unanswered),
    "feature set to finalize": _resource(
        OrganizationFeatureSetProvider, {**FEATURE_SET, "finalize": True}, {}, _responded
    ),
    "policy type": _resource(RootPolicyTypeProvider, POLICY_TYPE, _ENABLED_HERE),
    "policy type to disable": _resource(
        RootPolicyTypeProvider, {**POLICY_TYPE, "on_destroy": "disable"}, _ENABLED_HERE, _all_features
    ),
    "policy type to enable": _resource(RootPolicyTypeProvider, _TYPE, {}, _all_features),
    "trusted service": _resource(TrustedServiceProvider, TRUSTED_SERVICE, _ENABLED_HERE, _all_features),
    "trusted service to disable": _resource(
        TrustedServiceProvider, {**TRUSTED_SERVICE, "on_destroy": "disable"}, _ENABLED_HERE, _all_features
    ),
    "approval": _resource(FeatureSetApprovalProvider, {"organization_id": ORGANIZATION}, {}, _member),
    "question": _asked,
}
"""By name."""
