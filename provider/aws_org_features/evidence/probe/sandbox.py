"""All that the probe does in two accounts that nobody needs."""

from __future__ import annotations

from typing import Any, Final

from aws_org_features.evidence.probe.step import Step, Who, look, provoke, write

POLICY_TYPE: Final = "TAG_POLICY"
_FINISHED: Final = frozenset({"HandshakeAlreadyInStateException", "InvalidHandshakeTransitionException"})
_GONE: Final = frozenset({"AWSOrganizationsNotInUseException"})
_RUNNING: Final = "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION"
_DONE: Final = "ORGANIZATION_ALREADY_HAS_ALL_FEATURES"
_M, _B = Who.MANAGEMENT, Who.MEMBER


def _on(fact: str) -> dict[str, str]:
    return {"HandshakeId": f"{{{fact}}}"}


def _below(fact: str) -> dict[str, Any]:
    return {"Filter": {"ParentHandshakeId": f"{{{fact}}}"}}


_POLICY: Final = {"RootId": "{root}", "PolicyType": POLICY_TYPE}


def _undo_by_canceling(name: str, fact: str) -> Step:
    return write(
        f"undo {name}",
        "CancelHandshake",
        request=_on(fact),
        already=_FINISHED | {"HandshakeNotFoundException"},
    )


def _create(name: str) -> Step:
    return write(
        name,
        "CreateOrganization",
        request={"FeatureSet": "CONSOLIDATED_BILLING"},
        tells=("organization", "feature_set"),
        already=frozenset({"AlreadyInOrganizationException"}),
        undo=write(f"undo {name}", "DeleteOrganization", already=_GONE),
    )


def _start(name: str) -> Step:
    return write(
        name,
        "EnableAllFeatures",
        tells=("parent",),
        already=frozenset({_RUNNING, _DONE}),
        undo=_undo_by_canceling(name, "parent"),
        unless_all=True,
    )


def _created(name: str) -> Step:
    return look(
        name,
        "DescribeOrganization",
        _M,
        "organization",
        "feature_set",
        needs=("organization",),
        unless=("organization", "feature_set"),
    )


def _started(name: str, **others: Any) -> Step:
    return look(
        name, "ListHandshakesForOrganization", _M, "parent", needs=("parent",), unless_all=True, **others
    )


def _asked(name: str) -> Step:
    return look(name, "ListHandshakesForAccount", _B, "child", needs=("child",), unless_all=True)


def _cancel(name: str, start: str) -> Step:
    return write(
        name,
        "CancelHandshake",
        request=_on("parent"),
        already=_FINISHED,
        settles=(start,),
        unless_all=True,
    )


SANDBOX: Final = (
    _create("create"),
    _created("created"),
    # With nobody to ask
    _start("start alone"),
    look("alone", "ListHandshakesForOrganization", _M, "parent", unless=("parent",)),
    look("features alone", "DescribeOrganization", _M, "feature_set", unless=("parent",)),
    _cancel("cancel alone", "start alone"),
    write("delete", "DeleteOrganization", already=_GONE, settles=("create", "start alone"), only_all=True),
    # Only after that: it says of itself whether there was something to make again.
    _create("create again"),
    _created("created again"),
    # A member
    write(
        "invite",
        "InviteAccountToOrganization",
        request={"Target": {"Type": "ACCOUNT", "Id": "{member}"}, "Notes": "A probe of aws-org-features"},
        tells=("invitation",),
        already=frozenset({"DuplicateHandshakeException"}),
        undo=_undo_by_canceling("invite", "invitation"),
    ),
    look("invited", "ListHandshakesForAccount", _B, "invitation", needs=("invitation",)),
    provoke("accept as the sender", "AcceptHandshake", request=_on("invitation")),
    write(
        "join",
        "AcceptHandshake",
        _B,
        request=_on("invitation"),
        already=frozenset({"HandshakeAlreadyInStateException"}),
        settles=("invite",),
        undo=write(
            "undo join",
            "RemoveAccountFromOrganization",
            request={"AccountId": "{member}"},
            already=_GONE | {"AccountNotFoundException"},
        ),
    ),
    look("accounts", "ListAccounts", _M, "email", needs=("email",)),
    look("roots", "ListRoots", _M, "root", needs=("root",)),
    provoke(
        "policy type too early",
        "EnablePolicyType",
        request=_POLICY,
        unless_all=True,
    ),
    # A migration that is declined and canceled
    _start("start"),
    _started("started"),
    _asked("asked"),
    look("children", "ListHandshakesForOrganization", request=_below("parent"), unless_all=True),
    provoke("start twice", "EnableAllFeatures", unless_all=True),
    provoke("finalize too early", "AcceptHandshake", request=_on("parent"), unless_all=True),
    provoke("finalize as the member", "AcceptHandshake", _B, request=_on("parent"), unless_all=True),
    provoke("approve as management", "AcceptHandshake", request=_on("child"), unless_all=True),
    provoke(
        "invite meanwhile",
        "InviteAccountToOrganization",
        request={"Target": {"Type": "EMAIL", "Id": "{email}"}},
        unless_all=True,
    ),
    write(
        "decline",
        "DeclineHandshake",
        _B,
        request=_on("child"),
        already=_FINISHED,
        unless_all=True,
    ),
    look("declined", "ListHandshakesForOrganization", request=_below("parent"), unless_all=True),
    look("parent, declined", "DescribeHandshake", request=_on("parent"), unless_all=True),
    provoke(
        "finalize, declined", "AcceptHandshake", request=_on("parent"), tells=("accepted",), unless_all=True
    ),
    look("features, declined", "DescribeOrganization", _M, "feature_set", given=("accepted",)),
    _cancel("cancel", "start"),
    provoke("cancel twice", "CancelHandshake", request=_on("parent"), unless_all=True),
    # One that is canceled before anybody answers
    _start("start for nothing"),
    _started("started for nothing", unless=("parent",)),
    _asked("asked for nothing"),
    _cancel("cancel unanswered", "start for nothing"),
    look("unanswered", "ListHandshakesForAccount", _B, unless_all=True),
    # One that is approved and finalized
    _start("start again"),
    _started("started again", unless=("parent",)),
    _asked("asked again"),
    write(
        "approve",
        "AcceptHandshake",
        _B,
        request=_on("child"),
        already=frozenset({"HandshakeAlreadyInStateException"}),
        unless_all=True,
    ),
    look("parent, approved", "DescribeHandshake", request=_on("parent"), unless_all=True),
    provoke("approve twice", "AcceptHandshake", _B, request=_on("child"), unless_all=True),
    write(
        "finalize",
        "AcceptHandshake",
        request=_on("parent"),
        already=frozenset({"HandshakeAlreadyInStateException"}),
        settles=("start again",),
        unless_all=True,
    ),
    look("features", "DescribeOrganization", _M, "feature_set", "all features", needs=("all features",)),
    provoke("start on all features", "EnableAllFeatures", only_all=True),
    # A policy type
    write(
        "enable",
        "EnablePolicyType",
        request=_POLICY,
        already=frozenset({"PolicyTypeAlreadyEnabledException"}),
        only_all=True,
        undo=write(
            "undo enable",
            "DisablePolicyType",
            request=_POLICY,
            already=_GONE | {"PolicyTypeNotEnabledException", "RootNotFoundException"},
        ),
    ),
    look("roots after", "ListRoots", _M, "enabled", only_all=True),
    look("roots once more", "ListRoots", only_all=True, unless=("enabled",)),
    provoke(
        "enable twice",
        "EnablePolicyType",
        request=_POLICY,
        only_all=True,
    ),
)
"""Steps in a sandbox, in this order; then they are undone in reverse."""
