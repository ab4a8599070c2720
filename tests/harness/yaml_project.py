"""A stack whose program is YAML, and whose provider is the plugin of this checkout, by the CLI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.harness.cli_project import CliProject, settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.harness.cli_project import Organization


class YamlProject(CliProject):
    """A project whose program is in its Pulumi.yaml."""

    def __init__(self, folder: Path, name: str = "test") -> None:
        super().__init__(folder, "yaml", name)
        self.resources: dict[str, Any] = {}
        self.outputs: dict[str, str] = {}
        self.variables: dict[str, Any] = {}

    def take(self, program: dict[str, Any]) -> None:
        """Have a program that somebody has written down."""
        self.resources, self.outputs = program.get("resources", {}), program.get("outputs", {})
        self.variables = program.get("variables", {})

    def declare(
        self, name: str, org: Organization, options: dict[str, Any] | None = None, **given: Any
    ) -> None:
        """Declare a feature set, and export where it stands."""
        self.declare_one("OrganizationFeatureSet", name, org, options, **given)
        self.outputs[f"{name}Status"] = f"${{{name}.status}}"

    def declare_one(
        self, of: str, name: str, org: Organization, options: dict[str, Any] | None = None, **given: Any
    ) -> None:
        """Declare a resource of any type."""
        self.resources[name] = {
            "type": f"org-features:{of}",
            "properties": {"organizationId": org.organization_id, **given},
            **({"options": options} if options else {}),
        }

    def declare_provider(self, name: str, org: Organization) -> dict[str, str]:
        """Declare an explicit provider; gives the option that has a resource take it."""
        self.resources[name] = {"type": "pulumi:providers:org-features", "properties": settings(org)}
        return {"provider": f"${{{name}}}"}

    def described(self) -> dict[str, Any]:
        """The contents of Pulumi.yaml."""
        program = {"variables": self.variables, "resources": self.resources, "outputs": self.outputs}
        return {**super().described(), **program}
