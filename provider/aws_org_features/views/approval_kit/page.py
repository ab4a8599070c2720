"""The text for an account's owner, who may know nothing of AWS Organizations and has a decision to make.

What it says of consequences is AWS's User Guide's: "Enabling all features for an organization" and "Standard
migration process".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.common.ownership import ROLE_REQUEST
from aws_org_features.common.sanitize import code
from aws_org_features.views.approval_kit import commands
from aws_org_features.views.approval_kit.prose import by, deadline, item, paragraph, shell
from aws_org_features.views.iam_policies import DEFAULT_ROLE_NAME

if TYPE_CHECKING:
    from aws_org_features.views.approval_kit.values import Asked, Request

_GUIDE: Final = "https://docs.aws.amazon.com/organizations/latest/userguide"
_CONSOLES: Final = {
    "aws": "[AWS Organizations console](https://console.aws.amazon.com/organizations/v2)",
    "aws-cn": "[AWS Organizations console](https://console.amazonaws.cn/organizations/v2)",
}


def subject(request: Request, asked: Asked) -> str:
    """The subject, in one line: its heading, and a mail's subject."""
    what = "let AWS recreate a role" if _is_role_request(asked) else "approve all features"
    return f"AWS account {asked.account_id}: please {what}{by(request)}"


def page(request: Request, asked: Asked) -> str:
    """The whole text, in Markdown."""
    sections = (
        f"# {subject(request, asked)}",
        _whom(asked),
        _what(request, asked),
        paragraph(
            "AWS has put the request into your account. Check it there before you act: anybody could send "
            "you a message like this one."
        ),
        "## What it means",
        _meaning(asked),
        "## Look at the request",
        _look(request, asked),
        "## Approve",
        _approve(request, asked),
        "## If you don't want this",
        _refuse(request, asked),
        "## Let the management account do it for you",
        _delegate(),
    )
    return "\n\n".join(sections) + "\n"


def _is_role_request(asked: Asked) -> bool:
    return asked.action == ROLE_REQUEST


def _whom(asked: Asked) -> str:
    # One line of any length, which begins with a word of ours: so a name can't be anything else.
    known = [f"named {code(asked.name)}"] if asked.name else []
    known += [f"whose root user has the email address {code(asked.email)}"] if asked.email else []
    return f"To the owner of AWS account {', '.join([asked.account_id, *known])}."


def _what(request: Request, asked: Asked) -> str:
    management, organization = request.management_account_id, request.organization_id
    sender = f"The management account {management} of the organization {organization}"
    if _is_role_request(asked):
        text = f"""{sender}, to which your account belongs, asks you to let AWS create the role
            `AWSServiceRoleForOrganizations` in your account again. The organization will get all features of
            AWS Organizations. Every account needs this role for that, and yours has lost it."""
    else:
        text = f"""{sender}, to which your account belongs, asks you to approve one change: all
            features of AWS Organizations for the organization. AWS asks every account that joined
            by invitation, and the change needs the approval of all of them."""
    until = deadline(request)
    expiry = f"The request expires on {until}. Then everyone must be asked again." if until else ""
    return paragraph(f"{text} {expiry}")


_MEANING: Final = (
    """So far the organization does one thing for your account: the management account pays its bill. That
    doesn't change.""",
    """With all features, the management account can apply policies to your account. They can restrict what
    users and roles in it may do, its administrators and its root user included, and they can keep your
    account from leaving the organization. It can also let AWS services work across all accounts.""",
    """This is irreversible. An approval can't be taken back, and after the change the organization can't
    return to sharing only a bill.""",
)
_MEANING_OF_APPROVING: Final = (
    """Your approval doesn't activate any policy. The management account decides that later, without asking
    you again.""",
    """If your account has lost the role `AWSServiceRoleForOrganizations`, by which AWS Organizations works in
    it, approving recreates it.""",
)
_MEANING_OF_THE_ROLE: Final = (
    """Accepting makes the role, by which AWS Organizations works in your account, and doesn't activate
    any policy. Your account was created in this organization, so the change itself doesn't need your
    approval.""",
)


def _meaning(asked: Asked) -> str:
    own = _MEANING_OF_THE_ROLE if _is_role_request(asked) else _MEANING_OF_APPROVING
    guide = f"AWS's own words: [all features]({_GUIDE}/orgs_manage_org_support-all-features.html)."
    return "\n".join(map(item, (*_MEANING, *own))) + f"\n\n{guide}"


def _look(request: Request, asked: Asked) -> str:
    shells = "AWS CloudShell, or in any" if request.partition == "aws" else "any"
    kind = "shell" if asked.handshake_id else "POSIX shell"
    return "\n\n".join(
        [
            paragraph(
                f"In {shells} {kind} with the AWS CLI and credentials of account {asked.account_id}, which "
                "shows it and changes nothing:"
            ),
            shell(commands.describe(request, asked)),
            _what_it_shows(request, asked),
        ]
    )


def _what_it_shows(request: Request, asked: Asked) -> str:
    sender = f"arn:{request.partition}:organizations::{request.management_account_id}"
    actions = f"`{asked.action}`" if asked.action else "`APPROVE_ALL_FEATURES` or `ENABLE_ALL_FEATURES`"
    nothing = "" if asked.handshake_id else "`[]` means that you have answered, or that it is over."
    return paragraph(
        f"`Arn` begins with `{sender}:handshake/{request.organization_id}/`, and `Action` is {actions}. "
        f"`State` is `OPEN` or `REQUESTED`: both mean that you haven't answered yet. {nothing} If it shows "
        "anything else, stop, and ask the management account's administrators. This needs the "
        "permission `organizations:ListHandshakesForAccount`."
    )


def _approve(request: Request, asked: Asked) -> str:
    permissions = ["`organizations:AcceptHandshake`"]
    if not asked.handshake_id:  # which the command looks for
        permissions.append("`organizations:ListHandshakesForAccount`")
    console = _CONSOLES.get(request.partition, "AWS Organizations console")
    return "\n\n".join(
        [
            shell(commands.accept(request, asked)),
            paragraph(
                f"""It answers with `"State": "ACCEPTED"`. Administrators and the root user may do it; anybody
                else needs {" and ".join(permissions)}, and `iam:CreateServiceLinkedRole` if the role has to
                be recreated. Or in the console:"""
            ),
            "\n".join(
                [
                    f"1. Sign in to account {asked.account_id}.",
                    f"2. Open the {console}.",
                    "3. Read what accepting the request means for your account, and choose **Accept**.",
                ]
            ),
        ]
    )


def _refuse(request: Request, asked: Asked) -> str:
    return "\n\n".join(
        [
            paragraph(
                """Talk to the management account's administrators first. As long as you don't answer, the
                change can't be made, and the request expires. To decline:"""
            ),
            shell(commands.decline(request, asked)),
            paragraph(
                """A decline can't be taken back either. Then the change can't be made until
                the management account removes your account from the organization, or cancels and asks
                every account again. A removed account pays its own bill, and needs its own payment
                method. Declining needs `organizations:DeclineHandshake`, which neither the role below nor
                its policy allows."""
            ),
        ]
    )


def _delegate() -> str:
    return "\n\n".join(
        [
            paragraph(
                f"""If you agree, but want the management account to do the rest: `{commands.TEMPLATE}`, which
                comes with this text, makes the role `{DEFAULT_ROLE_NAME}`. Deploy it in your account, as one
                of its administrators, and tell the management account's administrators:"""
            ),
            shell(commands.deploy()),
            paragraph(
                """Only the management account can assume the role. It may accept this organization's requests
                for this one change, look at requests, and have AWS's own role recreated; it may accept no
                invitation and no transfer of billing. If you were given an external id, enter it as the
                parameter `ExternalId` in the CloudFormation console, rather than on a command line. Once all
                features are enabled, remove the role:"""
            ),
            shell(commands.undeploy()),
        ]
    )
