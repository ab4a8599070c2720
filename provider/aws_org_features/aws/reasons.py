"""Meaning and next step for each `Reason` of AWS's refusals.

The meanings follow botocore's model, whose exceptions describe their reasons, and the Organizations API
reference. Most belong to calls that we never make. AWS may return them for ours one day, so all are here.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Meaning(NamedTuple):
    """A reason in words for a person.

    Attributes:
        what: Why AWS refuses the call, as a clause.
        next_step: What to do; whole sentences.
    """

    what: str
    next_step: str


_RUN_AGAIN: Final = "Then run it again."
_QUOTA: Final = f"Ask AWS Support for a higher quota. {_RUN_AGAIN}"
_LATER: Final = "Wait until AWS allows more, and run it again."
_TRANSFER: Final = (
    "Look at the organization's billing transfers (`list-inbound-responsibility-transfers` and "
    "`list-outbound-responsibility-transfers` of `aws organizations`). aws-org-features makes none, so ask "
    "AWS Support if nobody started one."
)
_OURS: Final = (
    "aws-org-features sent this, so this is most likely its bug, or a proxy changed the request. Report it "
    "with this message."
)
_NOT_OURS: Final = (
    "aws-org-features never requests this. Look for a proxy between here and AWS, and send AWS Support this "
    "message."
)
_POLICY: Final = "Look at the root's policies (`aws organizations list-policies`). "
_LEAVING: Final = (
    "aws-org-features removes no account. Finish this in the AWS console, as the User Guide describes for "
    "accounts that leave."
)

REASONS: Final[dict[str, Meaning]] = {
    # What blocks a migration
    "LEGACY_PERMISSIONS_STILL_IN_USE": Meaning(
        "the management account still uses IAM's retired billing permissions (`aws-portal:…`)",
        "Move its policies to the fine-grained billing permissions, as described in the AWS Billing User "
        f"Guide (Migrating access control for AWS Billing). {_RUN_AGAIN}",
    ),
    "ACCOUNT_NUMBER_LIMIT_EXCEEDED": Meaning("the organization has reached its quota of accounts", _QUOTA),
    "HANDSHAKE_RATE_LIMIT_EXCEEDED": Meaning(
        "the organization has reached its daily quota of handshakes", "Run it again tomorrow."
    ),
    "ALREADY_IN_AN_ORGANIZATION": Meaning(
        "the account is in an organization already", f"Look at which one it is in. {_RUN_AGAIN}"
    ),
    "ORGANIZATION_ALREADY_HAS_ALL_FEATURES": Meaning("all features are already enabled", "Run it again."),
    "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION": Meaning(
        "a migration is already in progress", "Run it again: it adopts the migration."
    ),
    "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES": Meaning(
        "no account can be invited while a migration is in progress",
        "Finish the migration or cancel it, and invite the account then.",
    ),
    "PAYMENT_INSTRUMENT_REQUIRED": Meaning(
        "the account has no payment method", f"Add one in the account's Billing console. {_RUN_AGAIN}"
    ),
    "ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD": Meaning(
        "account and organization are billed by different sellers of AWS (like AWS Inc. and AWS India)",
        "Ask AWS Support: such an account can't be in the organization.",
    ),
    "ORGANIZATION_MEMBERSHIP_CHANGE_RATE_LIMIT_EXCEEDED": Meaning(
        "the account has changed organizations too often recently", _LATER
    ),
    "MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED": Meaning(
        "the management account's email address isn't verified",
        "Verify it: the Organizations console sends the message again, and its link is valid for 24 hours. "
        f"{_RUN_AGAIN}",
    ),
    "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE": Meaning(
        "the organization doesn't have all features",
        "Enable all features first. Run it again once they are.",
    ),
    "ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED": Meaning(
        "the organization has more accounts than AWS migrates by self-service",
        "Ask AWS Support for an assisted migration.",
    ),
    "SERVICE_ACCESS_NOT_ENABLED": Meaning(
        "the service has no trusted access to the organization",
        f"Enable trusted access for it (`aws organizations enable-aws-service-access`). {_RUN_AGAIN}",
    ),
    "ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE": Meaning(
        "AWS can't create the organization's service-linked role",
        f"Allow the caller iam:CreateServiceLinkedRole. {_RUN_AGAIN}",
    ),
    "WAIT_PERIOD_ACTIVE": Meaning("AWS makes the organization wait a while after an earlier change", _LATER),
    "EMAIL_VERIFICATION_CODE_EXPIRED": Meaning(
        "the code to verify an email address has expired", f"Have it sent again. {_RUN_AGAIN}"
    ),
    # Of the management account
    "MASTER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED": Meaning(
        "the management account has no payment method",
        f"Add one in the management account's Billing console. {_RUN_AGAIN}",
    ),
    "MASTER_ACCOUNT_ADDRESS_DOES_NOT_MATCH_MARKETPLACE": Meaning(
        "the management account's address doesn't match the country of its marketplace",
        f"Correct the address in the Billing console, or ask AWS Support. {_RUN_AGAIN}",
    ),
    "MASTER_ACCOUNT_MISSING_CONTACT_INFO": Meaning(
        "the management account's address or telephone number is missing or not valid",
        f"Complete it in the management account's Account page. {_RUN_AGAIN}",
    ),
    "MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED": Meaning(
        "the management account isn't enabled for AWS GovCloud",
        f"Enable it in the management account's Account page. {_RUN_AGAIN}",
    ),
    "MASTER_ACCOUNT_MISSING_BUSINESS_LICENSE": Meaning(
        "the management account lacks a business license, which AWS in China asks for",
        f"Give it to AWS in China's partner. {_RUN_AGAIN}",
    ),
    "CANNOT_CLOSE_MANAGEMENT_ACCOUNT": Meaning(
        "a management account can't be closed while it has an organization", _NOT_OURS
    ),
    "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR": Meaning(
        "the management account can't be a delegated administrator", _NOT_OURS
    ),
    "INVALID_PAYMENT_INSTRUMENT": Meaning(
        "AWS doesn't accept the account's payment method for this",
        f"Add another one in the account's Billing console. {_RUN_AGAIN}",
    ),
    "CREATE_ORGANIZATION_IN_BILLING_MODE_UNSUPPORTED_REGION": Meaning(
        "an organization in this partition can't have consolidated billing only", _NOT_OURS
    ),
    # Of accounts that are made, leave or are closed
    "ACCOUNT_CANNOT_LEAVE_ORGANIZATION": Meaning("the account can't leave its organization", _LEAVING),
    "ACCOUNT_CANNOT_LEAVE_WITHOUT_EULA": Meaning(
        "the account must accept the AWS Customer Agreement before it leaves", _LEAVING
    ),
    "ACCOUNT_CANNOT_LEAVE_WITHOUT_PHONE_VERIFICATION": Meaning(
        "the account must verify its telephone number before it leaves", _LEAVING
    ),
    "MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED": Meaning(
        "the member account has no payment method of its own", _LEAVING
    ),
    "ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED": Meaning("accounts are created too fast", _LATER),
    "ACCOUNT_CREATION_NOT_COMPLETE": Meaning(
        "the account is still being created", "Run it again in a few minutes."
    ),
    "CLOSE_ACCOUNT_QUOTA_EXCEEDED": Meaning("no more accounts can be closed within 30 days", _NOT_OURS),
    "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED": Meaning("too many accounts are being closed at once", _NOT_OURS),
    # Of policies
    "OU_NUMBER_LIMIT_EXCEEDED": Meaning(
        "the organization has reached its quota of organizational units", _QUOTA
    ),
    "OU_DEPTH_LIMIT_EXCEEDED": Meaning("organizational units may not be nested deeper", _NOT_OURS),
    "POLICY_NUMBER_LIMIT_EXCEEDED": Meaning(
        "the organization has reached its quota of policies of this type", _QUOTA
    ),
    "POLICY_CONTENT_LIMIT_EXCEEDED": Meaning("the policy is too long", _NOT_OURS),
    "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED": Meaning(
        "the quota of attached policies of this type is reached",
        f"{_POLICY}Detach some of them. {_RUN_AGAIN}",
    ),
    "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED": Meaning(
        "at least one policy of this type must stay attached",
        f"{_POLICY}Attach another one first. {_RUN_AGAIN}",
    ),
    "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE": Meaning(
        "a policy type of this service is enabled and must be disabled first",
        f"Disable the policy type. {_RUN_AGAIN}",
    ),
    "TAG_POLICY_VIOLATION": Meaning(
        "a tag policy forbids what was asked for", f"Look at the tag policies that are in force. {_RUN_AGAIN}"
    ),
    "MAX_TAG_LIMIT_EXCEEDED": Meaning("the quota of tags would be exceeded", _NOT_OURS),
    # Of delegated administrators
    "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED": Meaning(
        "the service has reached its quota of delegated administrators", _NOT_OURS
    ),
    "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG": Meaning(
        "the account is a delegated administrator",
        f"Deregister it (`aws organizations deregister-delegated-administrator`). {_RUN_AGAIN}",
    ),
    "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE": Meaning(
        "the service has a delegated administrator",
        f"Deregister it (`aws organizations deregister-delegated-administrator`). {_RUN_AGAIN}",
    ),
    "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR": Meaning(
        "a suspended account can't be a delegated administrator", _NOT_OURS
    ),
    # Of billing transfers
    "RESPONSIBILITY_TRANSFER_ALREADY_EXISTS": Meaning("there is a billing transfer already", _TRANSFER),
    "RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION": Meaning(
        "billing transfers would be chained longer than they may be", _TRANSFER
    ),
    "RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION": Meaning(
        "the organization may not take over more billing", _TRANSFER
    ),
    "RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION": Meaning(
        "the organization may not hand over more billing", _TRANSFER
    ),
    "RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION": Meaning(
        "the organization may not have more billing transfers", _TRANSFER
    ),
    "ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS": Meaning(
        "a billing transfer is in progress", f"{_TRANSFER} Run it again once that is over."
    ),
    "TRANSFER_RESPONSIBILITY_TARGET_DELETION_IN_PROGRESS": Meaning(
        "the organization that takes over the billing is being deleted", _TRANSFER
    ),
    "TRANSFER_RESPONSIBILITY_SOURCE_DELETION_IN_PROGRESS": Meaning(
        "the organization that hands over the billing is being deleted", _TRANSFER
    ),
    "TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED": Meaning("the billing transfer can't be changed", _TRANSFER),
    "ACCOUNT_NOT_ACTIVE_FOR_TRANSFER_RESPONSIBILITY": Meaning(
        "an account of the billing transfer isn't active", _TRANSFER
    ),
    "UNSUPPORTED_PRICING": Meaning("the account's prices allow no billing transfer", _TRANSFER),
    "UNMET_BILLING_PREREQUISITE": Meaning(
        "the account doesn't meet AWS's conditions for a billing transfer", _TRANSFER
    ),
    "SOURCE_AND_TARGET_CANNOT_MATCH": Meaning(
        "the billing would be transferred to its own account", _TRANSFER
    ),
    "UNUSED_PREPAYMENT_BALANCE": Meaning("the account has an unused prepayment", _TRANSFER),
    "PAST_DUE_INVOICE": Meaning(
        "the account has an invoice that is past due",
        f"Pay it in the account's Billing console. {_RUN_AGAIN}",
    ),
    "TARGET_ACCOUNT_VALIDATION_FAILURE": Meaning("AWS doesn't take the account as a target", _TRANSFER),
    # Of inputs
    "INVALID_PARTY_TYPE_TARGET": Meaning("the target is a party of another kind than AWS takes", _OURS),
    "INVALID_SYNTAX_ORGANIZATION_ARN": Meaning("the organization's ARN has another form", _OURS),
    "INVALID_SYNTAX_POLICY_ID": Meaning("the policy's id has another form", _OURS),
    "INVALID_ENUM": Meaning("a value is not one that AWS accepts", _OURS),
    "INVALID_ENUM_POLICY_TYPE": Meaning(
        "AWS doesn't offer this policy type", f"Look at its name in AWS's guide. {_RUN_AGAIN}"
    ),
    "INVALID_LIST_MEMBER": Meaning("a list holds what AWS doesn't take", _OURS),
    "MAX_LENGTH_EXCEEDED": Meaning("a value is too long", _OURS),
    "MAX_VALUE_EXCEEDED": Meaning("a number is too large", _OURS),
    "MIN_LENGTH_EXCEEDED": Meaning("a value is too short", _OURS),
    "MIN_VALUE_EXCEEDED": Meaning("a number is too small", _OURS),
    "INVALID_PATTERN": Meaning("a value has another form than AWS takes", _OURS),
    "INVALID_PATTERN_TARGET_ID": Meaning("the target's id has another form than AWS takes", _OURS),
    "INPUT_REQUIRED": Meaning("a value is missing", _OURS),
    "INVALID_NEXT_TOKEN": Meaning(
        "AWS doesn't take the token of a list's next page", "Run it again: it reads the list from the start."
    ),
    "MAX_LIMIT_EXCEEDED_FILTER": Meaning("there are more filters than AWS takes", _OURS),
    "CALLER_REQUIRED_FIELD_MISSING": Meaning(
        "the caller's account lacks a detail that AWS asks for", _NOT_OURS
    ),
    "INVALID_FULL_NAME_TARGET": Meaning("the account's name has characters that AWS doesn't take", _NOT_OURS),
    "INVALID_EMAIL_ADDRESS_TARGET": Meaning("the email address isn't valid", _NOT_OURS),
    "INVALID_ROLE_NAME": Meaning("the role's name has another form than AWS takes", _NOT_OURS),
    "INVALID_SYSTEM_TAGS_PARAMETER": Meaning("a tag begins with `aws:`, which is AWS's own", _NOT_OURS),
    "DUPLICATE_TAG_KEY": Meaning("a tag is given twice", _NOT_OURS),
    "TARGET_NOT_SUPPORTED": Meaning("the target isn't of a kind that AWS takes here", _OURS),
    "MOVING_ACCOUNT_BETWEEN_DIFFERENT_ROOTS": Meaning("an account can't be moved to another root", _NOT_OURS),
    "UNRECOGNIZED_SERVICE_PRINCIPAL": Meaning("the service's principal is none that AWS knows", _NOT_OURS),
    "IMMUTABLE_POLICY": Meaning("the policy is AWS's own, and can't be changed", _NOT_OURS),
    "NON_DETACHABLE_POLICY": Meaning("the policy can't be detached from there", _NOT_OURS),
    "INVALID_RESOURCE_POLICY_JSON": Meaning("the resource policy isn't valid JSON", _NOT_OURS),
    "INVALID_PRINCIPAL": Meaning("the resource policy names a principal that AWS doesn't take", _NOT_OURS),
    "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY": Meaning(
        "the resource policy names an action that can't be delegated", _NOT_OURS
    ),
    "UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY": Meaning(
        "the resource policy names a policy type that can't be delegated", _NOT_OURS
    ),
    "UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY": Meaning(
        "the resource policy names a resource that can't be delegated", _NOT_OURS
    ),
    "UNSUPPORTED_ACTION_IN_RESPONSIBILITY_TRANSFER": Meaning(
        "the billing transfer doesn't take this action", _TRANSFER
    ),
    "START_DATE_NOT_BEGINNING_OF_MONTH": Meaning("a billing transfer must begin with a month", _TRANSFER),
    "START_DATE_NOT_BEGINNING_OF_DAY": Meaning("a billing transfer must begin with a day", _TRANSFER),
    "START_DATE_TOO_EARLY": Meaning("a billing transfer would begin too early", _TRANSFER),
    "START_DATE_TOO_LATE": Meaning("a billing transfer would begin too late", _TRANSFER),
    "INVALID_START_DATE": Meaning("a billing transfer can't begin on that day", _TRANSFER),
    "END_DATE_NOT_END_OF_MONTH": Meaning("a billing transfer must end with a month", _TRANSFER),
    "END_DATE_TOO_EARLY": Meaning("a billing transfer would end too early", _TRANSFER),
    "END_DATE_TOO_LATE": Meaning("a billing transfer would end too late", _TRANSFER),
    "INVALID_END_DATE": Meaning("a billing transfer can't end on that day", _TRANSFER),
}
