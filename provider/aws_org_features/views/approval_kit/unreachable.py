"""The steps to take if an account's owner can't be reached.

Who may approve is the Organizations User Guide's, how a root user gets in again the IAM User Guide's. What
the management account can't do is reported by the service that refuses it: IAM's
`OrganizationNotInAllFeaturesModeException`, Account Management's `StartPrimaryEmailUpdate`, Organizations'
`CloseAccount`, and the task policies of STS's `AssumeRoot`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.views.approval_kit.prose import numbered, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

_IAM: Final = "https://docs.aws.amazon.com/IAM/latest"
_STS: Final = "https://docs.aws.amazon.com/STS/latest/APIReference"
_ACCOUNT: Final = "https://docs.aws.amazon.com/accounts/latest/reference"
_ORGANIZATIONS: Final = "https://docs.aws.amazon.com/organizations/latest/userguide"

_STEPS: Final = (
    f"""Ask for others in the account. Any user or role there that may call `organizations:AcceptHandshake`
    can approve ([User Guide]({_ORGANIZATIONS}/manage-begin-all-features-standard-migration.html)); it need
    not be the root user. In an account that was created in the organization, the management account can
    assume the role `OrganizationAccountAccessRole`, unless that was named otherwise, or removed
    ([User Guide]({_ORGANIZATIONS}/orgs_manage_accounts_access.html)).""",
    f"""Set a new password for the root user. Anyone who can read the mailbox of the account's address can
    do this: on the sign-in page, choose the root user, enter the address, and choose **Forgot
    your password?** ([IAM]({_IAM}/UserGuide/reset-root-password.html)). If its MFA device is lost, there is
    [another way]({_IAM}/UserGuide/id_credentials_mfa_lost-or-broken.html).""",
    f"""Get access to the mailbox. The owner of the domain can restore the address, or catch all mail to
    addresses that no longer exist; in a company, ask those who run its mail
    ([IAM]({_IAM}/UserGuide/troubleshooting_root-user.html)).""",
    """Have the account's owner write to [AWS Support](https://aws.amazon.com/contact-us/), by the form for
    those who can't sign in. Support won't discuss someone else's account, and won't change its
    credentials ([AWS re:Post](https://repost.aws/knowledge-center/admin-left-need-acct-access)).""",
    f"""Or continue without the account. Remove it from the organization; it needs its own payment method
    then ([what removing needs]({_ORGANIZATIONS}/orgs_manage_account-before-remove.html)). Or have AWS
    migrate, with Enterprise Support: then no account owner has to act
    ([assisted migration]({_ORGANIZATIONS}/manage-begin-all-features-assisted-migration.html)).""",
)
_BY_MANAGEMENT: Final = f"""The management account can't approve instead in an account where it has no role.
    Before all features are enabled, it can't enable
    [centralized root access]({_IAM}/APIReference/API_EnableOrganizationsRootSessions.html), nor
    [change the address]({_ACCOUNT}/API_StartPrimaryEmailUpdate.html) of the root user, nor close the account.
    Once all features are enabled, centralized root access can let a root user recover its password. But its
    sessions can't accept a request: they are for [five tasks]({_STS}/API_AssumeRoot.html) only."""


def unreachable() -> str:
    """The whole text, in Markdown, without a heading."""
    return "\n\n".join(_paragraphs())


def _paragraphs() -> Iterator[str]:
    yield "\n".join(numbered(number, text) for number, text in enumerate(_STEPS, 1))
    yield paragraph(_BY_MANAGEMENT)
