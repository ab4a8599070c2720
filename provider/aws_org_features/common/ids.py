"""Forms of ids, in a program or on a command line: of whom to act as or to trust. Pure.

Patterns are for a text as a whole, and are those of IAM's, STS's and Organizations' API references; a role's
path is held to what needs no quoting.
"""

from __future__ import annotations

import math
import re
import string
from typing import Final

ACCOUNT_ID: Final = re.compile(r"[0-9]{12}")
ORGANIZATION_ID: Final = re.compile(r"o-[a-z0-9]{10,32}")
STACK: Final = re.compile(r"(?:[\w.-]+/){0,2}[\w.-]{1,100}", re.ASCII)
"""Of Pulumi; its whole name begins with those of an organization and a project."""
ROLE_NAME: Final = re.compile(r"(?:[\w+=,.@-]{1,128}/){0,8}[\w+=,.@-]{1,64}", re.ASCII)
"""With its path, if it has one."""
ROLE_ARN: Final = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+", re.ASCII)
SESSION_NAME: Final = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
EXTERNAL_ID: Final = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
SERVICE_PRINCIPAL: Final = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)

FASTEST: Final = 1000
"""Calls a second."""


def role_arn_template(name: str) -> str:
    """The template that stands for a role of the same name in each account."""
    return f"arn:{{partition}}:iam::{{account_id}}:role/{name}"


def is_role_arn_template(text: str) -> bool:
    """Return whether a text becomes the ARN of a role of an account, with the account's id filled in.

    That is `{account_id}`, maybe in the role's name as well, and `{partition}` may stand for the partition.
    """
    try:
        fields = {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
        filled = text.format(account_id="123456789012", partition="aws")
    except (ValueError, LookupError, AttributeError):
        return False
    # A role of one and the same account would be assumed in the name of all.
    named = fields <= {"account_id", "partition"} and ":iam::{account_id}:role/" in text
    return named and ROLE_ARN.fullmatch(filled) is not None


def is_rate(value: object) -> bool:
    """Return whether a value can be a number of calls a second."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and 0 < value <= FASTEST
