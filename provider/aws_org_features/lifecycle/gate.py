"""Check, diff, create, read, update and delete of the gate that dependents wait behind. Asks AWS nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common.errors import FeatureSetNotEnabledError
from aws_org_features.lifecycle.inputs import organization_id_problems
from aws_org_features.lifecycle.resource import Call, Checked, Difference, State
from aws_org_features.lifecycle.unknown import is_known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_org_features.lifecycle.resource import Problem

INPUTS: Final = ("organization_id", "enabled", "status", "reason")


class GateLifecycle:
    """The lifecycle of a gate, in one call of the engine.

    Args:
        call: What the call brings along.
    """

    def __init__(self, call: Call) -> None:
        self._call = call

    def check(self, before: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
        """Say before the run that it is going to stop here, as far as that is known.

        Args:
            before: The inputs of the existing resource; empty for a new one.
            news: The inputs of the program.
        """
        problems = tuple(_problems(news))
        if not problems and before.get("enabled") is not True and news.get("enabled") is not True:
            self._call.log.warn(closed(news, self._call.urn))
        return Checked(problems)

    def diff(self, kept: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:
        """An open gate stays open; what the migration says on its way is no change of the gate.

        Args:
            kept: The outputs in the state.
            news: The inputs, checked.
        """
        wanted = news.get("organization_id")
        if is_known(wanted) and kept.get("organization_id") != wanted:
            return Difference(changes=True, replaces=("organization_id",))
        return Difference(changes=news.get("enabled") is False)

    def create(self, props: Mapping[str, Any]) -> State:
        """Succeed, or hold the dependents back with one line that says what is missing.

        Args:
            props: The inputs, checked.

        Raises:
            FeatureSetNotEnabledError: Not all features are enabled.
        """
        if props.get("enabled") is not True:
            raise not_enabled(props)
        return State(props["organization_id"], dict(props))

    def read(self, id_: str, props: Mapping[str, Any]) -> State:
        """Read the state: there is nothing to ask AWS.

        Args:
            id_: The organization's id.
            props: The outputs in the state.
        """
        return State(id_, dict(props))

    def update(self, _kept: Mapping[str, Any], news: Mapping[str, Any]) -> State:
        """Do the same as `create`: an organization that isn't ALL closes the gate.

        Args:
            news: The inputs, checked.
        """
        return self.create(news)

    def delete(self, _id: str, _props: Mapping[str, Any]) -> None:
        """Nothing was made."""


def _problems(news: Mapping[str, Any]) -> Iterator[Problem]:
    """Problems of the inputs. Those that the feature set hasn't given yet aren't there."""
    enabled = news.get("enabled")
    if is_known(enabled) and enabled is not None and not isinstance(enabled, bool):
        yield ("enabled", f"enabled is {enabled!r}, but must be true or false, as the feature set's is")
    if enabled is True:
        yield from organization_id_problems({}, news.get("organization_id"))


def not_enabled(props: Mapping[str, Any], what: str = "the gate") -> FeatureSetNotEnabledError:
    """The reason why dependents are held back.

    Args:
        props: The organization, where its migration stands (`status`), and that in words (`reason`).
        what: That they depend on.
    """
    return FeatureSetNotEnabledError(
        f"{props.get('organization_id')} doesn't have all features enabled yet "
        f"({props.get('status') or 'unknown'}): {props.get('reason') or ''}",
        f"What depends on {what} is held back, and the next `pulumi up` continues.",
    )


def closed(news: Mapping[str, Any], urn: str) -> str:
    """The message of a closed gate, before the run stops at it."""
    unless = "" if is_known(news.get("enabled")) else " unless all features are enabled by then"
    # A URN as it is would be taken for a command by a pipeline's runner, for its "::".
    gate = f"**AllFeaturesGate**:{urn.rpartition('::')[2]}"
    return (
        f"the gate is closed{unless}: this `pulumi up` fails here, and resources that depend on it are held "
        f"back. To run without these: pulumi up --exclude '{gate}' --exclude-dependents"
    )
