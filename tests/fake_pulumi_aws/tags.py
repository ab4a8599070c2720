"""Tags: a resource's own, and those that the provider's configuration gives to all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fake_pulumi_aws.values import UNKNOWN, Values

if TYPE_CHECKING:
    from types_boto3_organizations import OrganizationsClient

Tags = dict[str, str]


def all_tags(defaults: Tags, inputs: Values) -> Values:
    """The output `tagsAll`; a resource's own go before the provider's."""
    own = inputs.get("tags") or {}
    return {"tagsAll": UNKNOWN if own == UNKNOWN else {**defaults, **own}}


def shown(client: OrganizationsClient, resource_id: str, defaults: Tags, known: Values) -> Values:
    """The outputs `tags` and `tagsAll`, as AWS shows them.

    One that the provider gives to all is the resource's own too if it declares it as well.
    """
    pages = client.get_paginator("list_tags_for_resource").paginate(ResourceId=resource_id)
    every = {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}
    declared = known.get("tags") or {}
    own = {
        key: value for key, value in every.items() if key in declared or (key, value) not in defaults.items()
    }
    return {"tags": own, "tagsAll": every}


def given(tags: Tags) -> list[dict[str, str]]:
    """Tags as a request takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def change(client: OrganizationsClient, resource_id: str, before: Tags, wanted: Tags) -> None:
    """Give a resource other tags than it has."""
    if gone := [key for key in before if key not in wanted]:
        client.untag_resource(ResourceId=resource_id, TagKeys=gone)
    if new := {key: value for key, value in wanted.items() if before.get(key) != value}:
        client.tag_resource(ResourceId=resource_id, Tags=given(new))  # type: ignore[arg-type]  # TypedDicts
