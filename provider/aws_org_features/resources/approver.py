"""`ApproverArgs`: who approves on behalf of member accounts, and the `Approver` that is made of it."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - Pulumi reads the annotations
from typing import TYPE_CHECKING, Any, Final, TypedDict

import pulumi

from aws_org_features.common.ids import (
    ACCOUNT_ID,
    EXTERNAL_ID,
    FASTEST,
    ROLE_NAME,
    SESSION_NAME,
    is_rate,
    is_role_arn_template,
    role_arn_template,
)
from aws_org_features.resources.connection import not_texts, unknown_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_org_features.model.migration import Approver


@pulumi.input_type
class ApproverArgs:
    """Approves on behalf of member accounts, by assuming a role in each of them."""

    role_name: pulumi.Input[str] | None
    role_arn_template: pulumi.Input[str] | None
    external_id: pulumi.Input[str] | None
    session_name: pulumi.Input[str] | None
    only: pulumi.Input[Sequence[pulumi.Input[str]]] | None
    exclude: pulumi.Input[Sequence[pulumi.Input[str]]] | None
    max_calls_per_second: pulumi.Input[float] | None

    def __init__(  # noqa: PLR0913 - a resource's inputs
        self,
        *,
        role_name: pulumi.Input[str] | None = None,
        role_arn_template: pulumi.Input[str] | None = None,
        external_id: pulumi.Input[str] | None = None,
        session_name: pulumi.Input[str] | None = None,
        only: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        exclude: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        max_calls_per_second: pulumi.Input[float] | None = None,
    ) -> None:
        """Describe it. One of `role_name` and `role_arn_template` is required.

        Args:
            role_name: The role's name, the same in each account, with its path if it has one.
            role_arn_template: The role's ARN instead, with `{account_id}` and maybe `{partition}` in it:
                `arn:{partition}:iam::{account_id}:role/NAME`.
            external_id: What the roles' trust policies ask for; kept secret in state and logs.
            session_name: Shown in the accounts' CloudTrail; `aws-org-features` unless given.
            only: Ids of the only accounts to approve for, as texts.
            exclude: Ids of accounts never to approve for, as texts.
            max_calls_per_second: To AWS Organizations, over all accounts. Unless given, 80 % of AWS's
                published rates, which everybody who asks the organization shares.
        """
        pulumi.set(self, "role_name", role_name)
        pulumi.set(self, "role_arn_template", role_arn_template)
        # An external id is as good as a password to whoever may assume the role.
        pulumi.set(self, "external_id", None if external_id is None else pulumi.Output.secret(external_id))
        pulumi.set(self, "session_name", session_name)
        pulumi.set(self, "only", only)
        pulumi.set(self, "exclude", exclude)
        pulumi.set(self, "max_calls_per_second", max_calls_per_second)


class ApproverArgsDict(TypedDict, total=False):
    """`ApproverArgs` as a dictionary."""

    role_name: pulumi.Input[str]
    role_arn_template: pulumi.Input[str]
    external_id: pulumi.Input[str]
    session_name: pulumi.Input[str]
    only: pulumi.Input[Sequence[pulumi.Input[str]]]
    exclude: pulumi.Input[Sequence[pulumi.Input[str]]]
    max_calls_per_second: pulumi.Input[float]


_SETTINGS: Final = frozenset(ApproverArgsDict.__annotations__)


def with_secret_id(approver: Any) -> Any:
    """An approver whose external id is secret, in whichever form it was given."""
    if isinstance(approver, pulumi.Output):
        return pulumi.Output.secret(approver)
    if not isinstance(approver, dict) or approver.get("external_id") is None:
        return approver  # ApproverArgs has seen to it
    return {**approver, "external_id": pulumi.Output.secret(approver["external_id"])}


def approver_from(declared: Mapping[str, Any] | None) -> Approver | None:
    """What a valid `approver` means, in a state as well."""
    if not declared:
        return None
    from aws_org_features.model.migration import Approver

    template = declared.get("role_arn_template")
    return Approver(
        role_arn_template=template or role_arn_template(str(declared.get("role_name"))),
        external_id=declared.get("external_id"),
        session_name=declared.get("session_name"),
        only=frozenset(declared.get("only") or ()),
        exclude=frozenset(declared.get("exclude") or ()),
        max_calls_per_second=declared.get("max_calls_per_second"),
    )


def problems(declared: Any, is_known: Callable[[Any], bool]) -> list[str]:
    """What is wrong with a resource's `approver`, a sentence each; empty when nothing is.

    Never with a value that may be the external id.

    Args:
        declared: As the engine hands it over; parts may not be known yet in a preview.
        is_known: Tells a value from a placeholder.
    """
    if declared is None or not is_known(declared):
        return []
    if not isinstance(declared, dict):
        return ["approver must be ApproverArgs or a dictionary"]
    given = {name: value for name, value in declared.items() if is_known(value) and value is not None}
    texts = ("role_name", "role_arn_template", "external_id", "session_name")
    found = unknown_keys("approver", declared, set(_SETTINGS)) + not_texts("approver", given, texts)
    if found:
        return found
    return [*_role_problems(declared, given), *_name_problems(given), *_account_problems(given, is_known)]


def _role_problems(declared: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    named = [name for name in ("role_name", "role_arn_template") if declared.get(name) is not None]
    if len(named) != 1:
        return ["approver needs either role_name or role_arn_template"]
    name, template = given.get("role_name"), given.get("role_arn_template")
    if name is not None and not ROLE_NAME.fullmatch(name):
        return [f"approver.role_name is {name!r}, not the name of a role (like {_EXAMPLE_NAME})"]
    if template is not None and not is_role_arn_template(template):
        return [f"approver.role_arn_template is {template!r}, not an ARN like {_EXAMPLE_ARN}"]
    return []


_EXAMPLE_NAME: Final = "OrganizationAccountAccessRole"
_EXAMPLE_ARN: Final = "arn:{partition}:iam::{account_id}:role/NAME"


def _name_problems(given: Mapping[str, Any]) -> list[str]:
    found = []
    session, external_id = given.get("session_name"), given.get("external_id")
    if session is not None and not SESSION_NAME.fullmatch(session):
        found.append("approver.session_name must be 2 to 64 letters, digits or any of +=,.@-_")
    if external_id is not None and not EXTERNAL_ID.fullmatch(external_id):
        found.append("approver.external_id must be 2 to 1,224 letters, digits or any of +=,.@:/-_")
    return found


def _account_problems(given: Mapping[str, Any], is_known: Callable[[Any], bool]) -> list[str]:
    found = []
    for name in ("only", "exclude"):
        accounts = given.get(name, [])
        if not isinstance(accounts, list):
            found.append(f"approver.{name} must be a list of account ids")
            continue
        odd = [a for a in accounts if is_known(a) and not (isinstance(a, str) and ACCOUNT_ID.fullmatch(a))]
        found += [f"approver.{name} holds {each!r}, but an account id is a text of 12 digits" for each in odd]
    if not is_rate(given.get("max_calls_per_second", 1)):
        found.append(f"approver.max_calls_per_second must be a number above 0, up to {FASTEST}")
    return found
