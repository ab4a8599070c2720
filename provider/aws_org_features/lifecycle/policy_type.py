"""Check, diff, create, read, update and delete of a policy type on the root."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.aws import Roots, botocore_version, known_policy_types
from aws_org_features.aws.caller import permit_caller
from aws_org_features.lifecycle.inputs import connection_problems, organization_id_problems
from aws_org_features.lifecycle.on_off import OnOffLifecycle, on_destroy_of, on_destroy_problems
from aws_org_features.lifecycle.resource import GOAL, Call, connection_of
from aws_org_features.lifecycle.unknown import is_known
from aws_org_features.model.policy_types import Declared
from aws_org_features.policy_types.reconcile import PolicyTypeReconciler
from aws_org_features.policy_types.state import recorded_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_org_features.common.on_off import Outcome
    from aws_org_features.lifecycle.resource import Problem

INPUTS: Final = ("organization_id", "policy_type", "root_id", "on_destroy", "connection", GOAL)

_POLICY_TYPE: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_ROOT_ID: Final = re.compile(r"r-[0-9a-z]{4,32}")


class PolicyTypeLifecycle(OnOffLifecycle):
    """The lifecycle of a policy type on the root, in one call of the engine.

    Args:
        call: What the call brings along.
    """

    inputs = INPUTS
    subject = "policy_type"
    ahead = "which policy types must be enabled first"

    def __init__(self, call: Call) -> None:
        super().__init__(call, call.run.policy_types)

    def _problems(self, before: Mapping[str, Any], news: Mapping[str, Any]) -> list[Problem]:
        return find_problems(before, news)

    def _doubt(self, subject: str) -> str | None:
        return unknown_policy_type(subject)

    def _replaced_by(self, kept: Mapping[str, Any], news: Mapping[str, Any]) -> tuple[str, ...]:
        return _replaced_by(kept, news)

    def _id(self, props: Mapping[str, Any], outcome: Outcome[Any]) -> str:
        return f"{outcome.seen.root.id}/{props['policy_type']}"

    def _api(self, props: Mapping[str, Any]) -> Roots:
        connection = connection_of(self._call, props)
        return Roots(connection, self._log.progress, paces=self._call.run.paces, warn=self._log.warn)

    def _reconciler(self, kept: Mapping[str, Any], props: Mapping[str, Any]) -> PolicyTypeReconciler:
        return PolicyTypeReconciler(
            self._api(props),
            declared_by(props),
            recorded_from(kept),
            self._log,
            self._call.run.policy_types,
            over=self._call.is_over,
        )


def organization_led_to(call: Call) -> str:
    """The organization that the settings lead to: of what is only known by its root, it is the one.

    Raises:
        OrgFeaturesError: They lead to none.
    """
    api = Roots(connection_of(call, {}), call.log.progress, warn=call.log.warn)
    permit_caller(api)
    return api.organization().id


def declared_by(props: Mapping[str, Any]) -> Declared:
    """Read valid inputs; the outputs hold a copy of them, so this reads a state as well."""
    return Declared(
        organization_id=props["organization_id"],
        policy_type=props["policy_type"],
        root_id=props.get("root_id"),
        on_destroy=on_destroy_of(props),
    )


def find_problems(recorded: Mapping[str, Any], given: Mapping[str, Any]) -> list[Problem]:
    """Problems with the inputs: pairs of an input's name, if it may be shown, and a sentence.

    Args:
        recorded: The inputs of the existing resource; empty for a new one.
        given: The inputs of the program.
    """
    return [
        *organization_id_problems(recorded, given.get("organization_id")),
        *policy_type_problems(recorded.get("policy_type"), given.get("policy_type")),
        *_root_id(given.get("root_id")),
        *on_destroy_problems(given.get("on_destroy")),
        *connection_problems(given.get("connection")),
    ]


def policy_type_problems(before: Any, value: Any) -> Iterator[Problem]:
    """Problems with the form of a policy type's name; only AWS knows whether it exists."""
    if not is_known(value) or (isinstance(value, str) and (value == before or _POLICY_TYPE.fullmatch(value))):
        return
    close = nearest_policy_type(value)
    hint = f": did you mean {close}?" if close else ", like TAG_POLICY"
    yield ("policy_type", f"policy_type is {value!r}, but AWS's policy types are capitals{hint}")


def unknown_policy_type(value: str) -> str | None:
    """A warning about a policy type that the installed botocore lacks; None if it has it."""
    if value in known_policy_types():
        return None
    close = nearest_policy_type(value)
    hint = f"Did you mean {close}? If not, AWS" if close else "AWS"
    return f"botocore {botocore_version()} doesn't know {value}. {hint} decides whether there is such a type."


def nearest_policy_type(value: object) -> str | None:
    """The known policy type that a name may have been meant for."""
    wanted = str(value).upper().replace("-", "_")
    return next(iter(difflib.get_close_matches(wanted, known_policy_types(), n=1, cutoff=0.8)), None)


def _root_id(value: Any) -> Iterator[Problem]:
    if value is None or not is_known(value):
        return
    if not isinstance(value, str) or not _ROOT_ID.fullmatch(value):
        text = f"root_id is {value!r}, but a root's id is r- and 4 to 32 lower-case letters or digits"
        yield ("root_id", f"{text}; leave it out to use the organization's root")


def _replaced_by(kept: Mapping[str, Any], news: Mapping[str, Any]) -> tuple[str, ...]:
    """The inputs that make it another resource. Naming the root that was found doesn't."""
    replaces = []
    policy_type, root_id = news.get("policy_type"), news.get("root_id")
    if is_known(policy_type) and policy_type != kept.get("policy_type"):
        replaces.append("policy_type")
    if is_known(root_id) and root_id not in {None, kept.get("current_root_id")}:
        replaces.append("root_id")
    return tuple(replaces)
