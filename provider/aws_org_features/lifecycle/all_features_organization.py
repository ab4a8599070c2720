"""The component: what its children are called, which waits for which, and what is wrong with its lists.

Types and children's names stand in users' state files: they never change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aws_org_features.lifecycle.on_off import on_destroy_problems
from aws_org_features.lifecycle.policy_type import policy_type_problems
from aws_org_features.lifecycle.trusted_service import service_principal_problems
from aws_org_features.lifecycle.unknown import is_known
from aws_org_features.model.policy_types import SERVICES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aws_org_features.lifecycle.resource import Problem

DYNAMIC_TYPE: Final = "aws-org-features:organizations:AllFeaturesOrganization"
"""The component's type in Python, whose children are dynamic resources."""


def gate_name(name: str) -> str:
    """Name of a component's gate."""
    return f"{name}-gate"


def child_name(name: str, each: str) -> str:
    """Name of the resource of a policy type, or of a service."""
    return f"{name}-{each}"


def service_needed_by(policy_type: str) -> str:
    """The service that AWS wants trusted before a policy type is enabled; empty if there is none."""
    return SERVICES.get(policy_type, "")


class _Listed(NamedTuple):
    """An input that lists what names resources.

    Attributes:
        name: The input.
        what: What it lists.
        problems: What is wrong with one of them.
    """

    name: str
    what: str
    problems: Callable[[str], Iterator[Problem]]


_LISTS: Final = (
    _Listed("policy_types", "AWS's policy types", lambda each: policy_type_problems(None, each)),
    _Listed("trusted_services", "services' principals", service_principal_problems),
)


def refusal(name: str, given: Mapping[str, Any]) -> str | None:
    """Refuse at once what would otherwise be refused once all features are enabled, weeks later.

    Args:
        name: The component's.
        given: Its inputs. A value that isn't known yet names no resource.

    Returns:
        What is wrong, with its reference; None if nothing is.
    """
    for listed in _LISTS:
        for problem in _problems(listed, given):
            return f"{listed.name.replace('_', '-')}-invalid: {name}: {problem}"
    return None


def _problems(listed: _Listed, given: Mapping[str, Any]) -> Iterator[str]:
    name, values = listed.name, given.get(listed.name, ())
    if isinstance(values, str) or not isinstance(values, Sequence):
        yield f"{name} is {values!r}, but must be a list of {listed.what}"
        return
    for each in values:
        if not isinstance(each, str):
            yield f"{name} holds {each!r}, but it names resources, which takes plain texts"
        elif values.count(each) > 1:
            yield f"{name} names {each} twice"
        else:
            yield from (text for _, text in listed.problems(each))
    on_destroy = given.get(f"{name}_on_destroy")
    if on_destroy is not None and is_known(on_destroy):
        yield from (f"{name}_{text}" for _, text in on_destroy_problems(on_destroy))
