"""The command itself: its subcommands, in the order of the alphabet."""

from __future__ import annotations

import click

from aws_org_features.cli.approval_kit import approval_kit
from aws_org_features.cli.approve import approve
from aws_org_features.cli.iam_policy import iam_policy
from aws_org_features.cli.plan import plan
from aws_org_features.cli.report import report
from aws_org_features.cli.status import status
from aws_org_features.cli.watch import watch


@click.group(
    "org-features", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="aws-org-features", prog_name="org-features")
def org_features() -> None:
    """All features for an AWS organization: what a stack can't do.

    Where a command is about an organization, the credentials lead to it: those of its management account.
    --organization-id guards against acting on another one.
    """


for _command in (approval_kit, approve, iam_policy, plan, report, status, watch):
    org_features.add_command(_command)
