"""AWS Organizations' errors that moto lacks: one class an error, with AWS's own words.

Only what an error is called and what it says belongs here; when it is raised is decided elsewhere.
Codes and Reasons are those of botocore's service model for Organizations (2016-11-28). Words are those that
AWS was seen to use, and botocore's where nobody has shown any. moto renders the `reason` attribute as the
error's `Reason` member. Errors of inputs are in `invalid_input`.
"""

from moto.organizations.exceptions import OrganizationsClientError


class OrganizationsError(OrganizationsClientError):
    """An error of Organizations, answered with HTTP status 400.

    Attributes:
        code: AWS's name for the error.
        message: what AWS says, unless `say` is given.
        reason: the error's `Reason`, of the enum in botocore's model, or None.
    """

    reason: str | None = None

    def __init__(self, say: str | None = None) -> None:
        super().__init__(say or self.message)


class AccessDeniedError(OrganizationsError):
    """The caller may not do this: message as captured from AWS."""

    code = "AccessDeniedException"
    message = "You don't have permissions to access this resource."


class ServiceLinkedRoleDeniedError(OrganizationsError):
    """An account that lacks its service-linked role accepts, and the caller may not make the role."""

    code = "AccessDeniedForDependencyException"
    reason = "ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE"
    message = (
        "The operation that you attempted requires you to have the iam:CreateServiceLinkedRole for "
        "organizations.amazonaws.com permission so that Organizations can create the required service-linked "
        "role. You don't have that permission."
    )


class HandshakeNotFoundError(OrganizationsError):
    """No handshake has this id, or it finished more than 30 days ago."""

    code = "HandshakeNotFoundException"
    message = "You specified a handshake that doesn't exist."


class HandshakeAlreadyInStateError(OrganizationsError):
    """The handshake is already what the call would make it."""

    code = "HandshakeAlreadyInStateException"
    message = "The handshake is already in the requested state."


class InvalidHandshakeTransitionError(OrganizationsError):
    """The handshake's state doesn't allow the call."""

    code = "InvalidHandshakeTransitionException"
    message = (
        "You cannot perform this operation on a handshake in its current state, such as attempting to "
        "cancel a handshake that was previously accepted or attempting to accept a handshake that was "
        "declined."
    )


class HandshakeConstraintViolationError(OrganizationsError):
    """Base of all handshake constraints; raise one of its subclasses."""

    code = "HandshakeConstraintViolationException"


class AlreadyHasAllFeaturesError(HandshakeConstraintViolationError):
    """EnableAllFeatures in an organization that is ALL: message as captured from AWS."""

    reason = "ORGANIZATION_ALREADY_HAS_ALL_FEATURES"
    message = "All features are already enabled on this organization."


class AlreadyPendingMigrationError(HandshakeConstraintViolationError):
    """EnableAllFeatures while a migration is in progress."""

    reason = "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION"
    message = (
        "The handshake request is invalid because the organization has already started the "
        "process to enable all features."
    )


class InvitationsDisabledError(HandshakeConstraintViolationError):
    """InviteAccountToOrganization during a migration, by botocore's older documentation."""

    reason = "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES"
    message = (
        "You can't issue new invitations to join an organization while it's in the process of "
        "enabling all features."
    )


class AlreadyInAnOrganizationError(HandshakeConstraintViolationError):
    """Inviting a member, or a member accepting an invitation."""

    reason = "ALREADY_IN_AN_ORGANIZATION"
    message = "The AWS account is already a member of an organization."


class DuplicateHandshakeError(OrganizationsError):
    """A second invitation to an account whose first is pending."""

    code = "DuplicateHandshakeException"
    message = "A handshake with the specified type and parameters already exists for the given parties."


class OrganizationTooLargeError(OrganizationsError):
    """EnableAllFeatures in an organization of more than 5,000 accounts."""

    code = "ConstraintViolationException"
    reason = "ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED"
    message = (
        "Your organization has more than 5000 accounts, and you can only use the standard "
        "migration process for organizations with less than 5000 accounts. Use the assisted "
        "migration process to enable all features mode, or create a support case for additional "
        "assistance if you are unable to use assisted migration."
    )


class ChildNotFoundError(OrganizationsError):
    """ListParents of something that isn't in the organization."""

    code = "ChildNotFoundException"
    message = "You specified a child that doesn't exist."


class DelegatedAdministratorCannotLeaveError(OrganizationsError):
    """Removing an account that administers a service for the organization."""

    code = "ConstraintViolationException"
    reason = "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG"
    message = (
        "You attempted to remove an account from the organization that is registered as a delegated "
        "administrator for a service integrated with your organization. To complete this operation, "
        "you must first deregister this account as a delegated administrator."
    )


class ConstraintViolationError(OrganizationsError):
    """Base of the constraints below; raise one of its subclasses."""

    code = "ConstraintViolationException"


class NotInAllFeaturesModeError(ConstraintViolationError):
    """Something that needs all features, in an organization with consolidated billing."""

    reason = "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"
    message = (
        "The request failed because the organization does not have all features enabled. Please enable all "
        "features in your organization and then retry."
    )


class WaitingPeriodError(ConstraintViolationError):
    """A created account leaves in its first four days."""

    reason = "WAIT_PERIOD_ACTIVE"
    message = (
        "After you create an Amazon Web Services account, you must wait until at least four days after "
        "the account was created. Invited accounts aren't subject to this waiting period."
    )


class PaymentMethodRequiredError(ConstraintViolationError):
    """An account leaves that has no payment method of its own."""

    reason = "MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED"
    message = (
        "To complete this operation with this member account, you first must associate a valid payment "
        "instrument, such as a credit card, with the account."
    )


class CannotCloseManagementAccountError(ConstraintViolationError):
    """CloseAccount on the management account."""

    reason = "CANNOT_CLOSE_MANAGEMENT_ACCOUNT"
    message = (
        "You attempted to close the management account. To close the management account for the "
        "organization, you must first either remove or close all member accounts in the organization."
    )


class CloseAccountQuotaError(ConstraintViolationError):
    """CloseAccount more often in 30 days than is allowed."""

    reason = "CLOSE_ACCOUNT_QUOTA_EXCEEDED"
    message = "You have exceeded close account quota for the past 30 days."


class ServiceAccessNotEnabledError(ConstraintViolationError):
    """EnablePolicyType of a type whose service isn't trusted."""

    reason = "SERVICE_ACCESS_NOT_ENABLED"
    message = (
        "You attempted to perform an operation that requires service access to be enabled first. Call the "
        "EnableAWSServiceAccess API first."
    )


class PolicyTypeEnabledForServiceError(ConstraintViolationError):
    """DisableAWSServiceAccess of a service that an enabled policy type needs."""

    reason = "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE"
    message = (
        "You attempted to disable service access before you disabled the policy type (for example, "
        "SECURITYHUB_POLICY). To complete this operation, you must first disable the policy type."
    )


class LastPolicyError(ConstraintViolationError):
    """DetachPolicy of a target's last SCP."""

    reason = "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"
    message = (
        "You cannot remove the last policy attached to the specified target. You must have at least one "
        "attached at all times."
    )


class PolicyTypeNotAvailableError(OrganizationsError):
    """A policy type under consolidated billing, or one that the organization doesn't offer."""

    code = "PolicyTypeNotAvailableForOrganizationException"
    message = (
        "You can't use the specified policy type with the feature set currently enabled for this "
        "organization. For example, you can enable SCPs only after you enable all features in the "
        "organization."
    )


class PolicyChangesInProgressError(OrganizationsError):
    """A policy type changes while another change isn't done."""

    code = "PolicyChangesInProgressException"
    message = (
        "Changes to the effective policy are in progress, and its contents can't be returned. Try the "
        "operation again later."
    )


class AttachedAlreadyError(OrganizationsError):
    """AttachPolicy to what it is attached to."""

    code = "DuplicatePolicyAttachmentException"
    message = "The selected policy is already attached to the specified target."


class NotAttachedError(OrganizationsError):
    """DetachPolicy from what it isn't attached to."""

    code = "PolicyNotAttachedException"
    message = "The policy isn't attached to the specified target in the specified root."


class AccountChangesAlreadyError(OrganizationsError):
    """CloseAccount on an account that is being closed."""

    code = "ConflictException"
    message = "The request failed because it conflicts with the current state of the specified resource."


class MasterCannotLeaveError(OrganizationsError):
    """Removing the management account, or its leaving."""

    code = "MasterCannotLeaveOrganizationException"
    message = "You can't remove a management account from an organization."


class SerializationError(OrganizationsError):
    """A body that isn't JSON, or has something of another kind than the model says. Of every operation."""

    code = "SerializationException"
    message = "The request can't be read as what the operation takes."


class UnknownOperationError(OrganizationsError):
    """An operation that there isn't. Of the service, so no operation declares it."""

    code = "UnknownOperationException"
    message = "The operation that you requested doesn't exist."


class TooManyTagsError(ConstraintViolationError):
    """More tags than a resource can have."""

    reason = "MAX_TAG_LIMIT_EXCEEDED"
    message = "You have exceeded the number of tags allowed on this resource."


class ParentNotFoundError(OrganizationsError):
    """A root or unit that there isn't, as what something is in."""

    code = "ParentNotFoundException"
    message = "You specified a parent that doesn't exist."


class SourceParentNotFoundError(OrganizationsError):
    """MoveAccount from where the account isn't."""

    code = "SourceParentNotFoundException"
    message = "You specified a source parent that doesn't exist."


class DestinationParentNotFoundError(OrganizationsError):
    """MoveAccount to what there isn't."""

    code = "DestinationParentNotFoundException"
    message = "You specified a destination parent that doesn't exist."


class DuplicateAccountError(OrganizationsError):
    """MoveAccount to where the account is."""

    code = "DuplicateAccountException"
    message = "The account is already present in the specified destination."


class OrganizationalUnitNotFoundError(OrganizationsError):
    """A unit that there isn't."""

    code = "OrganizationalUnitNotFoundException"
    message = "You specified an organizational unit that doesn't exist."


class UnitNotEmptyError(OrganizationsError):
    """DeleteOrganizationalUnit of one that something is in."""

    code = "OrganizationalUnitNotEmptyException"
    message = "The specified organizational unit is not empty."


class UnitTooDeepError(ConstraintViolationError):
    """A unit in as many others as may be."""

    reason = "OU_DEPTH_LIMIT_EXCEEDED"
    message = "You have exceeded the maximum number of levels of nested organizational units."


class TooManyUnitsError(ConstraintViolationError):
    """More units than an organization can have."""

    reason = "OU_NUMBER_LIMIT_EXCEEDED"
    message = "You have exceeded the maximum number of organizational units."


class TargetNotFoundError(OrganizationsError):
    """A root, unit, account or policy that there isn't."""

    code = "TargetNotFoundException"
    message = "You specified a target that doesn't exist."


class PolicyNotFoundError(OrganizationsError):
    """A policy that there isn't."""

    code = "PolicyNotFoundException"
    message = "You specified a policy that doesn't exist."


class PolicyInUseError(OrganizationsError):
    """DeletePolicy of one that is attached."""

    code = "PolicyInUseException"
    message = "The specified policy is in use and cannot be deleted."


class DuplicatePolicyError(OrganizationsError):
    """A second policy of one name and type."""

    code = "DuplicatePolicyException"
    message = "A policy with the specified name and type already exists."


class MalformedPolicyDocumentError(OrganizationsError):
    """A text that is no policy of its type."""

    code = "MalformedPolicyDocumentException"
    message = "The provided policy document does not meet the requirements of the specified policy type."


class PolicyTooLargeError(ConstraintViolationError):
    """A policy with more characters than its type allows."""

    reason = "POLICY_CONTENT_LIMIT_EXCEEDED"
    message = "You have exceeded the maximum policy size."


class TooManyPoliciesError(ConstraintViolationError):
    """More policies of a type than an organization can have."""

    reason = "POLICY_NUMBER_LIMIT_EXCEEDED"
    message = "You have exceeded the maximum number of policies of this type."


class TooManyAttachedError(ConstraintViolationError):
    """More policies of a type than one target can have."""

    reason = "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"
    message = "You have attached the maximum number of policies to the specified target."


class ManagementAsDelegateError(ConstraintViolationError):
    """The management account as a delegated administrator."""

    reason = "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR"
    message = "You cannot register master account/yourself as delegated administrator for your organization."


class SuspendedDelegateError(ConstraintViolationError):
    """A suspended or closed account as a delegated administrator."""

    reason = "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR"
    message = "You cannot register a suspended account as a delegated administrator."


class EffectivePolicyNotFoundError(OrganizationsError):
    """The effective policy of a type that isn't enabled."""

    code = "EffectivePolicyNotFoundException"
    message = (
        "The specified policy type is not enabled. Enable that policy type on your organization root and "
        "then retry."
    )


class ResourcePolicyNotFoundError(OrganizationsError):
    """Reading or deleting a resource policy that there isn't."""

    code = "ResourcePolicyNotFoundException"
    message = "No resource-based policy found."


class ResourcePolicyTagsError(ConstraintViolationError):
    """PutResourcePolicy with tags where there is a policy already."""

    reason = "UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED"
    message = "Adding tags on updating an existing resource-based policy is not supported."


class CreateAccountStatusNotFoundError(OrganizationsError):
    """A request to make an account that there isn't."""

    code = "CreateAccountStatusNotFoundException"
    message = "You specified a create account request that doesn't exist."


class OrganizationNotEmptyError(OrganizationsError):
    """DeleteOrganization while others are members."""

    code = "OrganizationNotEmptyException"
    message = "To delete an organization you must first remove all member accounts (except the master)."


class SourceIsTargetError(HandshakeConstraintViolationError):
    """An organization that asks itself for a responsibility transfer."""

    reason = "SOURCE_AND_TARGET_CANNOT_MATCH"
    message = (
        "An account can't accept a transfer invitation if it is both the sender and recipient of the "
        "invitation."
    )


class TransferExistsError(HandshakeConstraintViolationError):
    """A second transfer between the same two organizations."""

    reason = "RESPONSIBILITY_TRANSFER_ALREADY_EXISTS"
    message = "You cannot perform this operation with the current transfer."


class TransferNotFoundError(OrganizationsError):
    """A transfer that there isn't, or that is somebody else's."""

    code = "ResponsibilityTransferNotFoundException"
    message = "You specified a responsibility transfer that doesn't exist."


class TransferUpdateError(ConstraintViolationError):
    """A new name for a transfer that is over."""

    reason = "TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED"
    message = (
        "You cannot update this transfer because it is no longer active. Transfers that have been withdrawn, "
        "declined, expired, or cancelled cannot be modified."
    )


class TransferAlreadyInStatusError(OrganizationsError):
    """Ending a transfer that was ended."""

    code = "ResponsibilityTransferAlreadyInStatusException"
    message = "The responsibility transfer is already in the status that you specified."


class InvalidTransferTransitionError(OrganizationsError):
    """Ending a transfer that never began."""

    code = "InvalidResponsibilityTransferTransitionException"
    message = (
        "The responsibility transfer can't transition to the requested state because it's not in a valid "
        "state for this operation."
    )
