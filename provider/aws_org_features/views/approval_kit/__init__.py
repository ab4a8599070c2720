"""A kit for the owners of accounts in which nobody else can approve: texts and a template. Pure.

Names and email addresses can hold anything. Here they are read, and do nothing; names of files,
commands and policies hold ids alone.
"""

from aws_org_features.views.approval_kit.commands import TEMPLATE
from aws_org_features.views.approval_kit.index import TABLE, index
from aws_org_features.views.approval_kit.outstanding import named, outstanding
from aws_org_features.views.approval_kit.page import page
from aws_org_features.views.approval_kit.table import table
from aws_org_features.views.approval_kit.template import template
from aws_org_features.views.approval_kit.values import Asked, KitFile, Request

__all__ = ["Asked", "KitFile", "Request", "kit_for", "named", "outstanding"]


def kit_for(request: Request) -> tuple[KitFile, ...]:
    """Make the kit.

    Returns:
        `README.md`, `accounts/ACCOUNT.md` for each account, `accounts.csv` and `approver-role.yaml`, in this
        order. The same request gives the same texts.
    """
    return (
        KitFile("README.md", index(request)),
        *(KitFile(asked.page, page(request, asked)) for asked in request.accounts),
        KitFile(TABLE, table(request)),
        KitFile(TEMPLATE, template(request)),
    )
