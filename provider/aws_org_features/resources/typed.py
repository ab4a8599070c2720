"""Base of all our resources: dynamic resources whose type a subclass keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import pulumi
from pulumi.dynamic import Resource

from aws_org_features.lifecycle.aws_settings import SET, heeded
from aws_org_features.resources.options import refuse_aws_providers, refuse_import, refuse_unconfigured

if TYPE_CHECKING:
    from pulumi.dynamic import ResourceProvider

_SDKS_OWN: Final = "pulumi-python:dynamic:Resource"
"""The type that the SDK gives to a subclass without a name of its own, and that states may hold."""


class TypedResource(Resource):
    """A dynamic resource with a type of its own, which is its subclasses' as well.

    A subclass may have another one: `class X(Base, module="m", name="X")`.
    """

    _was: ClassVar[str | None] = None

    def __init_subclass__(cls, module: str = "", name: str = "", **kwargs: Any) -> None:
        """Keep the type of the class that this one is made of, unless it is given a name."""
        if name:
            super().__init_subclass__(module=module, name=name, **kwargs)
            cls._was = None
            return
        kept = cls._resource_type_name
        super().__init_subclass__(**kwargs)
        cls._resource_type_name = kept
        cls._was = _SDKS_OWN

    def __init__(
        self,
        provider: ResourceProvider,
        name: str,
        props: dict[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare it; a state that has the SDK's own type for it goes on."""
        self._acts, self._connected = "connection" in props, props.get("connection") is not None
        wanted = heeded(pulumi.Config("aws").get, connection_given=self._connected) if self._acts else []
        if wanted and not (opts and opts.id):
            # The engine may exchange the provider yet, by transforms of its own: the provider compares.
            props = {**props, SET: wanted}
        if self._was is not None:
            aliases = pulumi.ResourceOptions(aliases=[pulumi.Alias(type_=self._was)])
            opts = pulumi.ResourceOptions.merge(opts, aliases)
        super().__init__(provider, name, props, opts)

    def _get_providers(self, t: str, pkg: str | None, opts: pulumi.ResourceOptions) -> Any:
        """Look at the options that it really gets: the SDK calls this once transformations have run."""
        refuse_import(self._name, opts)
        if self._acts:
            refuse_aws_providers(self._name, opts, connection_given=self._connected)
        found = super()._get_providers(t, pkg, opts)
        if self._acts and found[0] is not None:
            refuse_unconfigured(self._name, found[0], connection_given=self._connected)
        return found
