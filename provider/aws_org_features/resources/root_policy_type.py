"""`RootPolicyType`: one policy type, enabled on the organization's root, as a resource.

`RootPolicyTypeProvider`'s path stands in users' state files: it never moves.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Final

import pulumi  # noqa: TC002 - the engine reads the annotations
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    UpdateResult,
)

from aws_org_features.aws import Roots, botocore_version, known_policy_types
from aws_org_features.aws.caller import is_gone
from aws_org_features.common.errors import CERTAIN, OrgFeaturesError
from aws_org_features.model.policy_types import Declared, OnDestroy, PolicyTypeStatus, Removal, Step
from aws_org_features.policy_types import messages
from aws_org_features.policy_types.reconcile import Outcome, RootReconciler, changed, drift
from aws_org_features.policy_types.state import OUTPUTS, recorded_from
from aws_org_features.resources.connection import (
    ConnectionArgs,
    ConnectionArgsDict,
    problems,
    with_secrets,
)
from aws_org_features.resources.engine import EngineSay, calling_urn, run_is_over, told
from aws_org_features.resources.inputs import (
    GOAL,
    GOAL_REACHED,
    all_known,
    is_known,
    organization_id_problems,
)
from aws_org_features.resources.memory import ROOTS
from aws_org_features.resources.options import refuse_aws_providers
from aws_org_features.resources.plain_credentials import refuse_plain_credentials
from aws_org_features.resources.provider import ConnectedProvider, differ, failure_of, failures_of
from aws_org_features.resources.typed import TypedResource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_org_features.resources.inputs import Problem

INPUTS: Final = ("organization_id", "policy_type", "root_id", "on_destroy", "connection", GOAL)

_POLICY_TYPE: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_ROOT_ID: Final = re.compile(r"r-[0-9a-z]{4,32}")


class RootPolicyTypeProvider(ConnectedProvider):
    """Carries the engine's calls to the core. Holds the stack's configuration and nothing else."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Refuse bad inputs and configuration by name, before anything is asked or written."""
        failures = failures_of(find_problems(_olds, news))
        failures = failures or self.configuration_problems(news)
        if not (failures or _olds) and all_known(news):
            if (doubt := unknown_policy_type(news["policy_type"])) is not None:
                EngineSay().warn(doubt)
            failures = self._foretell(news)
        return CheckResult({**news, GOAL: GOAL_REACHED}, failures)

    def _foretell(self, news: Mapping[str, Any]) -> list[CheckFailure]:
        """Say before a create what it is going to do; what is certain to fail in it fails here."""
        say = EngineSay()
        try:
            outcome = self._reconciler({}, news).look()
        except CERTAIN as error:
            return [failure_of(error)]
        except OrgFeaturesError as error:
            say.warn(f"what is to be enabled couldn't be looked up: {error.what}")
            return []
        if outcome.to_do:
            say.info(messages.to_do(declared_by(news), outcome.seen))
            ROOTS.announced.add(messages.enabling(declared_by(news), outcome.seen))
        return []

    @told
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Say whether the next `up` has something to do; until the type is enabled, by looking at AWS."""
        replaced = _replaced_by(_olds, _news)
        if all_known(_news):
            # It stays in the program: what another of its names leaves behind is not to be disabled.
            ROOTS.keeps(declared_by(_news), calling_urn())
        if replaced:
            return DiffResult(changes=True, replaces=replaced)
        if not all_known(_news):
            return DiffResult()  # the engine compares the inputs by itself
        inputs_differ = differ(_olds, _news, INPUTS)
        if _olds.get("status") == PolicyTypeStatus.ENABLED:
            return DiffResult(changes=inputs_differ)
        outcome = self._reconciler(_olds, _news).look()
        return DiffResult(changes=_say_what_differs(_olds, _news, outcome) or inputs_differ)

    @told
    def create(self, props: dict[str, Any]) -> CreateResult:
        """Adopt what is enabled, or enable it; while there aren't all features, wait for them."""
        outcome = self._reconciler({}, props).converge()
        ROOTS.created.add((props["organization_id"], props["policy_type"]))
        _conclude(outcome)
        id_ = f"{outcome.seen.root.id}/{props['policy_type']}"
        return CreateResult(id_, _with_inputs(props, outcome))

    @told
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Reconcile the record with what AWS shows; never writes."""
        try:
            outcome = self._reconciler(props, props).look()
        except OrgFeaturesError as error:
            if self._is_gone(props, error):
                EngineSay().warn(f"organization {props['organization_id']} no longer exists")
                return ReadResult("", {})
            raise
        return _as_read(id_, props, outcome)

    @told
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Enable the type if it isn't."""
        outcome = self._reconciler(_olds, _news).converge()
        _conclude(outcome)
        return UpdateResult(_with_inputs(_news, outcome))

    @told
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Disable the type if that was declared, this resource enabled it, and nobody would miss it."""
        removal, say = self._withdraw(_props), EngineSay()
        if removal.step is Step.DISABLE:
            say.info(f"disabled {_props['policy_type']}: {removal.reason}")
        else:
            say.info(f"{_props['policy_type']} is left as it is: {removal.reason}")

    def _withdraw(self, props: dict[str, Any]) -> Removal:
        kept = ROOTS.is_kept_by_another(declared_by(props), calling_urn())
        try:
            return self._reconciler(props, props).withdraw(kept_by_another=kept)
        except OrgFeaturesError as error:
            if self._is_gone(props, error):
                return Removal(Step.NONE, "the organization no longer exists")
            raise

    def _is_gone(self, props: Mapping[str, Any], error: OrgFeaturesError) -> bool:
        return is_gone(self._api(props, EngineSay()), props.get("management_account_id"), error)

    def _api(self, props: Mapping[str, Any], say: EngineSay) -> Roots:
        return Roots(self.connection(props), say.progress, paces=ROOTS.paces, warn=say.warn)

    def _reconciler(self, kept: Mapping[str, Any], props: Mapping[str, Any]) -> RootReconciler:
        say = EngineSay()
        return RootReconciler(
            self._api(props, say),
            declared_by(props),
            recorded_from(kept),
            say,
            ROOTS,
            over=run_is_over(),
        )


def declared_by(props: Mapping[str, Any]) -> Declared:
    """What valid inputs declare; the outputs hold a copy of them, so this reads a state as well."""
    return Declared(
        organization_id=props["organization_id"],
        policy_type=props["policy_type"],
        root_id=props.get("root_id"),
        on_destroy=OnDestroy(props.get("on_destroy") or OnDestroy.REFUSE_IF_USED),
    )


def find_problems(recorded: Mapping[str, Any], given: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the inputs: pairs of an input's name, if it may be shown, and a sentence.

    Args:
        recorded: The inputs of the existing resource; empty for a new one.
        given: The inputs of the program.
    """
    return [
        *organization_id_problems(recorded, given.get("organization_id")),
        *policy_type_problems(recorded.get("policy_type"), given.get("policy_type")),
        *_root_id(given.get("root_id")),
        *on_destroy_problems(given.get("on_destroy")),
        # The engine prints the value of the property that it blames, and a connection may hold secrets.
        *(("", text) for text in problems(given.get("connection"), is_known)),
    ]


def policy_type_problems(before: Any, value: Any) -> Iterator[Problem]:
    """What is wrong with the form of a policy type's name; whether AWS has it, AWS tells."""
    if not is_known(value) or (isinstance(value, str) and (value == before or _POLICY_TYPE.fullmatch(value))):
        return
    close = nearest_policy_type(value)
    hint = f": did you mean {close}?" if close else ", like TAG_POLICY"
    yield ("policy_type", f"policy_type is {value!r}, but AWS's policy types are capitals{hint}")


def unknown_policy_type(value: str) -> str | None:
    """What a person should know of a policy type that the installed botocore lacks; None if it has it."""
    if value in known_policy_types():
        return None
    close = nearest_policy_type(value)
    hint = f"Did you mean {close}? If not, AWS" if close else "AWS"
    return f"botocore {botocore_version()} doesn't know {value}. {hint} judges whether there is such a type."


def nearest_policy_type(value: object) -> str | None:
    """The known policy type that a name may have been meant for."""
    wanted = str(value).upper().replace("-", "_")
    return next(iter(difflib.get_close_matches(wanted, known_policy_types(), n=1, cutoff=0.8)), None)


def _root_id(value: Any) -> Iterator[Problem]:
    if value is None or not is_known(value):
        return
    if not isinstance(value, str) or not _ROOT_ID.fullmatch(value):
        text = f"root_id is {value!r}, but a root's id is r- and 4 to 32 lower-case letters or digits"
        yield ("root_id", f"{text}; without it, the root is found by itself")


def on_destroy_problems(value: Any) -> Iterator[Problem]:
    """What is wrong with what is to become of a policy type."""
    if is_known(value) and value not in tuple(OnDestroy):
        yield ("on_destroy", f"on_destroy is {value!r}, but must be one of {', '.join(OnDestroy)}")


def _replaced_by(kept: Mapping[str, Any], news: Mapping[str, Any]) -> list[str]:
    """The inputs that make it another resource. Naming the root that was found doesn't."""
    replaces = []
    policy_type, root_id = news.get("policy_type"), news.get("root_id")
    if is_known(policy_type) and policy_type != kept.get("policy_type"):
        replaces.append("policy_type")
    if is_known(root_id) and root_id not in {None, kept.get("current_root_id")}:
        replaces.append("root_id")
    return replaces


def _say_what_differs(kept: Mapping[str, Any], news: Mapping[str, Any], outcome: Outcome) -> bool:
    """Explain what would be a bare "update"."""
    say, declared = EngineSay(), declared_by(news)
    if outcome.to_do:
        say.info(messages.to_do(declared, outcome.seen))
        ROOTS.announced.add(messages.enabling(declared, outcome.seen))
        return True
    if changed(kept, outcome):
        say.info(f"to be recorded: {messages.short(declared, outcome.seen)}")
        return True
    if kept.get(GOAL) != GOAL_REACHED:
        say.info(f"recorded by the refresh: {kept.get(GOAL)}")
    return False


def _conclude(outcome: Outcome) -> None:
    EngineSay().info(outcome.outputs["message"])


def _with_inputs(props: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    """The outputs: a copy of the inputs, for `read` and `delete` are given no others, and what was seen."""
    return {**{name: props.get(name) for name in INPUTS}, **outcome.outputs}


def _as_read(id_: str, props: dict[str, Any], outcome: Outcome) -> ReadResult:
    if outcome.to_do and props.get("status") == PolicyTypeStatus.ENABLED:
        EngineSay().warn(messages.disabled_by_hand(declared_by(props), outcome.seen))
    outs, found = _with_inputs(props, outcome), drift(props, outcome)
    if found is None and outcome.status is PolicyTypeStatus.ENABLED:
        found = GOAL_REACHED
    if found in {None, props.get(GOAL)}:
        return ReadResult(id_, outs)
    outs[GOAL] = found
    return ReadResult(id_, outs, {name: outs[name] for name in INPUTS})


class RootPolicyType(TypedResource, module="organizations", name="RootPolicyType"):
    """A policy type that is enabled on the organization's root, so that policies of it can be attached.

    Creating it enables the type, or adopts it where it is enabled already. While the organization
    doesn't have all features it waits for them, which is no error: the next `pulumi up` after they are
    enabled goes on.

    Attributes:
        organization_id: The organization, as declared.
        policy_type: AWS's name of the type, as declared.
        current_root_id: The root's id, whether it was declared or found.
        root_arn: Its ARN.
        management_account_id: The organization's management account, twelve digits.
        status: `ENABLED`; `WAITING_FOR_ALL_FEATURES`; `PENDING_ENABLE` or `PENDING_DISABLE` where AWS took
            longer than a run waits; `DISABLED` where a refresh found it so.
        enabled: True when `status` is `ENABLED`.
        enabled_by_this_resource: False when it was adopted.
        message: Where it stands, and what happens next.
    """

    organization_id: pulumi.Output[str]
    policy_type: pulumi.Output[str]
    current_root_id: pulumi.Output[str]
    root_arn: pulumi.Output[str]
    management_account_id: pulumi.Output[str]
    status: pulumi.Output[str]
    enabled: pulumi.Output[bool]
    enabled_by_this_resource: pulumi.Output[bool]
    message: pulumi.Output[str]

    def __init__(  # noqa: PLR0913 - a resource's inputs
        self,
        resource_name: str,
        *,
        organization_id: pulumi.Input[str],
        policy_type: pulumi.Input[str],
        root_id: pulumi.Input[str] | None = None,
        on_destroy: pulumi.Input[str] = "refuse-if-used",
        connection: pulumi.Input[ConnectionArgs | ConnectionArgsDict] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare it.

        Args:
            resource_name: The resource's name in the program.
            organization_id: The only organization that this resource ever writes to. Credentials that lead
                elsewhere are an error before any write.
            policy_type: AWS's name of the type, like `SERVICE_CONTROL_POLICY`. Another one makes it another
                resource.
            root_id: The root; unless given, the organization's one root is found.
            on_destroy: What becomes of the type, if this resource enabled it. `refuse-if-used`: it is
                disabled unless policies of the type are attached somewhere, which is an error. `disable`:
                it is disabled, which detaches them all. `leave`: it stays enabled.
            connection: How to reach the management account, instead of the stack's `aws:` configuration.
            opts: The resource's options; an explicit aws provider is refused, for Pulumi would ignore it.

        Raises:
            pulumi.RunError: `opts` names an aws provider (`provider-ignored`), or credentials are in the
                stack's configuration in plain (`credentials-in-plain`).
        """
        refuse_aws_providers(resource_name, opts, connection_given=connection is not None)
        refuse_plain_credentials()
        super().__init__(
            RootPolicyTypeProvider(),
            resource_name,
            {
                **dict.fromkeys(OUTPUTS),
                "organization_id": organization_id,
                "policy_type": policy_type,
                "root_id": root_id,
                "on_destroy": on_destroy,
                "connection": with_secrets(connection),
            },
            opts,
        )
