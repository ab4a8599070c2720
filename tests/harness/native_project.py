"""A stack with one native feature set, driven as one with the dynamic resource is (`tests/stacks.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_org_features.plugin import wire
from tests.harness.yaml_project import YamlProject

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.harness.cli_project import Told


class NativeProject(YamlProject):
    """A stack on one organization, whose default provider acts as its management account."""

    def __init__(self, folder: Path, org: Emulator, name: str = "test") -> None:
        super().__init__(folder, name)
        self.org = org
        self.act_as(org)

    def declare_feature_set(
        self, name: str = "org", options: dict[str, Any] | None = None, **given: Any
    ) -> None:
        """Make one feature set the stack's program.

        Args:
            name: The resource's.
            options: Its options.
            given: Inputs, by the names of the dynamic resource.
        """
        self.resources, self.outputs = {}, {}
        self.declare(name, self.org, options, **_in_camel_case(given))

    def destroy(self) -> Told:
        """`pulumi destroy`."""
        return self.command("destroy", "--yes", "--skip-preview")

    def cancel(self) -> None:
        """`pulumi cancel`: take the lock away that a killed engine has left."""
        self.command("cancel", "--yes")

    def kept(self, name: str = "org") -> dict[str, Any]:
        """A resource's outputs, as the state holds them."""
        return dict(self.state()[name]["outputs"])


def _in_camel_case(value: Any) -> Any:
    if isinstance(value, dict):
        return {wire.camel(name): _in_camel_case(each) for name, each in value.items()}
    return value
