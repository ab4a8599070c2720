"""The common part of all resource types: calls of AWS, with plain values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from tests.fake_pulumi_aws.connection import Aws
    from tests.fake_pulumi_aws.schema import Schema
    from tests.fake_pulumi_aws.values import Values


class ResourceType(ABC):
    """One resource type, without a state of its own.

    All methods but `derived` and `differs` call AWS, and raise `Refused` in AWS's words.
    """

    schema: ClassVar[Schema]

    def derived(self, aws: Aws, inputs: Values) -> Values:  # noqa: ARG002 - most have none
        """Those outputs that follow from the inputs."""
        return {}

    @abstractmethod
    def create(self, aws: Aws, inputs: Values) -> str:
        """Make one; gives its id."""

    @abstractmethod
    def read(self, aws: Aws, resource_id: str, known: Values) -> Values | None:
        """Look at one.

        Args:
            aws: Where.
            resource_id: Which.
            known: Its state; empty in an import.

        Returns:
            What AWS shows of it; None if it is gone.
        """

    @abstractmethod
    def update(self, aws: Aws, resource_id: str, state: Values, inputs: Values) -> None:
        """Make one as it is declared."""

    @abstractmethod
    def delete(self, aws: Aws, resource_id: str, state: Values) -> None:
        """Remove one; one that is gone is no error."""

    def differs(self, name: str, state: Values, inputs: Values) -> bool:
        """Return whether an input is declared otherwise than the state has it."""
        return self.schema.inputs[name].differs(state.get(name), inputs.get(name))
