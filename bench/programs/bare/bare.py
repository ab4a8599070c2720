"""A dynamic resource that makes the calls that ours makes, with one client of boto3, and nothing of them.

As fast as it can be written by hand: boto3 is imported in the one process that needs it.
"""

import functools
from typing import Any

from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider


@functools.cache
def look() -> dict[str, Any]:
    """Ask AWS how far the migration is, once in a process, as ours does."""
    import boto3  # noqa: PLC0415

    client = boto3.client("organizations")
    organization = client.describe_organization()["Organization"]
    if organization["FeatureSet"] == "ALL":
        return {"enabled": True}
    pages = client.get_paginator("list_handshakes_for_organization")
    (parent,) = pages.paginate(Filter={"ActionType": "ENABLE_ALL_FEATURES"}).build_full_result()["Handshakes"]
    children = pages.paginate(Filter={"ParentHandshakeId": parent["Id"]}).build_full_result()["Handshakes"]
    return {"enabled": False, "approvals": len(children)}


class BareProvider(ResourceProvider):
    """Looks wherever ours looks."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Exist from now on."""
        return CreateResult("bare", {**props, **look()})

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Nothing differs, which takes a look as long as the migration is in progress."""
        if not _olds["enabled"]:
            look()
        return DiffResult(changes=False)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Look."""
        return ReadResult(id_, {**props, **look()})


class Bare(Resource):
    """A resource that does nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(BareProvider(), name, {})
