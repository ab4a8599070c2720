"""The line with which commands begin. Without rich, so that it is there before that is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aws_org_features.common.sanitize import line

if TYPE_CHECKING:
    from aws_org_features.model.organizations import Organization


def title(organization: Organization) -> str:
    """The organization's heading, with a terminal's codes."""
    identity = click.style(line(organization.id), bold=True)
    return f"All features for {identity}, management account {organization.management_account_id}"
