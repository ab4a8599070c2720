"""`aws:organizations/organizationalUnit:OrganizationalUnit`, after Terraform's `organizational_unit.go`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tests.fake_pulumi_aws import tags
from tests.fake_pulumi_aws.errors import telling, unless_gone
from tests.fake_pulumi_aws.resource_types.resource_type import ResourceType
from tests.fake_pulumi_aws.schema import Input, Schema, always

if TYPE_CHECKING:
    from tests.fake_pulumi_aws.connection import Aws
    from tests.fake_pulumi_aws.values import Values

_PARENT: Final = re.compile(r"r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}")
_LONGEST_NAME: Final = 128
_NOT_FOUND: Final = "OrganizationalUnitNotFoundException"


def _name_problem(name: str) -> str | None:
    return None if 1 <= len(name) <= _LONGEST_NAME else "expected length of name to be in the range (1 - 128)"


def _parent_problem(parent_id: str) -> str | None:
    return None if _PARENT.fullmatch(parent_id) else f"invalid value for parent_id: {parent_id}"


class OrganizationalUnit(ResourceType):
    """A unit; a move makes a new one."""

    schema = Schema(
        "aws:organizations/organizationalUnit:OrganizationalUnit",
        inputs={
            "name": Input(problem=_name_problem),
            "parentId": Input(required=True, replaces=always, problem=_parent_problem),
            "tags": Input("map"),
        },
        outputs=("accounts", "arn", "tagsAll"),
        autonamed=True,
    )

    def derived(self, aws: Aws, inputs: Values) -> Values:
        """All its tags."""
        return tags.all_tags(aws.default_tags, inputs)

    def create(self, aws: Aws, inputs: Values) -> str:
        """Make it, with its tags."""
        with telling("creating Organizations Organizational Unit"):
            made = aws.organizations.create_organizational_unit(
                Name=inputs["name"],
                ParentId=inputs["parentId"],
                Tags=tags.given(self.derived(aws, inputs)["tagsAll"]),  # type: ignore[arg-type]  # TypedDicts
            )
        return made["OrganizationalUnit"]["Id"]

    def read(self, aws: Aws, resource_id: str, known: Values) -> Values | None:
        """Look at it, its parent, its accounts and its tags."""
        client = aws.organizations
        with telling(f"reading Organizations Organizational Unit ({resource_id})"):
            unit = unless_gone(
                lambda: client.describe_organizational_unit(OrganizationalUnitId=resource_id), _NOT_FOUND
            )
            if unit is None:
                return None
            parents = client.list_parents(ChildId=resource_id)["Parents"]
            pages = client.get_paginator("list_accounts_for_parent").paginate(ParentId=resource_id)
            return {
                "accounts": [_account(each) for page in pages for each in page["Accounts"]],
                "arn": unit["OrganizationalUnit"]["Arn"],
                "name": unit["OrganizationalUnit"]["Name"],
                "parentId": parents[0]["Id"],
                **tags.shown(client, resource_id, aws.default_tags, known),
            }

    def update(self, aws: Aws, resource_id: str, state: Values, inputs: Values) -> None:
        """Rename it, change its tags."""
        with telling(f"updating Organizations Organizational Unit ({resource_id})"):
            if self.differs("name", state, inputs):
                aws.organizations.update_organizational_unit(
                    OrganizationalUnitId=resource_id, Name=inputs["name"]
                )
            wanted = self.derived(aws, inputs)["tagsAll"]
            tags.change(aws.organizations, resource_id, state.get("tagsAll") or {}, wanted)

    def delete(self, aws: Aws, resource_id: str, state: Values) -> None:  # noqa: ARG002
        """Remove it, which AWS refuses while there is something in it."""
        with telling(f"deleting Organizations Organizational Unit ({resource_id})"):
            unless_gone(
                lambda: aws.organizations.delete_organizational_unit(OrganizationalUnitId=resource_id),
                _NOT_FOUND,
            )


def _account(account: Any) -> Values:
    return {key.lower(): account.get(key) for key in ("Arn", "Email", "Id", "Name")}
