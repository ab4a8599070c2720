"""A dynamic resource that does nothing, and imports nothing to do it."""

from typing import Any

from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class EmptyProvider(ResourceProvider):
    """Does nothing."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Exist from now on."""
        return CreateResult("empty", props)


class Empty(Resource):
    """A resource that does nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(EmptyProvider(), name, {})
