"""AWS Organizations' errors that moto lacks: one class an error, with AWS's own words.

Only what an error is called and what it says belongs here; when it is raised is decided elsewhere.
Codes and Reasons are those of botocore's service model for Organizations (2016-11-28). moto renders
the `reason` attribute as the error's `Reason` member.
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
    message = "We can't find a handshake with the HandshakeId that you specified."


class HandshakeAlreadyInStateError(OrganizationsError):
    """The handshake is already what the call would make it."""

    code = "HandshakeAlreadyInStateException"
    message = (
        "The specified handshake is already in the requested state. For example, you can't accept "
        "a handshake that was already accepted."
    )


class InvalidHandshakeTransitionError(OrganizationsError):
    """The handshake's state doesn't allow the call."""

    code = "InvalidHandshakeTransitionException"
    message = (
        "You can't perform the operation on the handshake in its current state. For example, you "
        "can't cancel a handshake that was already accepted or accept a handshake that was "
        "already declined."
    )


class HandshakeConstraintViolationError(OrganizationsError):
    """What all handshake constraints have in common; raise one of its subclasses."""

    code = "HandshakeConstraintViolationException"


class AlreadyHasAllFeaturesError(HandshakeConstraintViolationError):
    """EnableAllFeatures in an organization that is ALL: message as captured from AWS."""

    reason = "ORGANIZATION_ALREADY_HAS_ALL_FEATURES"
    message = "All features are already enabled on this organization."


class AlreadyPendingMigrationError(HandshakeConstraintViolationError):
    """EnableAllFeatures while a migration is in flight."""

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
    message = "The handshake request is invalid because the acceptor is already a member of an organization."


class DuplicateHandshakeError(OrganizationsError):
    """A second invitation to an account whose first is pending."""

    code = "DuplicateHandshakeException"
    message = "A handshake with the same action and target already exists."


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
    message = (
        "We can't find an organizational unit (OU) or Amazon Web Services account with the ChildId that "
        "you specified."
    )


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
    """What the constraints below have in common; raise one of its subclasses."""

    code = "ConstraintViolationException"


class NotInAllFeaturesModeError(ConstraintViolationError):
    """Something that needs all features, in an organization with consolidated billing."""

    reason = "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"
    message = (
        "You attempted to perform an operation that requires the organization to be configured to "
        "support all features. An organization that supports only consolidated billing features can't "
        "perform this operation."
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
        "You attempted to detach a policy from an entity that would cause the entity to have fewer than "
        "the minimum number of policies of a certain type required."
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


class InvalidInputError(OrganizationsError):
    """What all invalid inputs have in common; raise one of its subclasses."""

    code = "InvalidInputException"


class TwoFiltersError(InvalidInputError):
    """A list filtered by ActionType and ParentHandshakeId at once."""

    reason = "MAX_LIMIT_EXCEEDED_FILTER"
    message = "You can specify only one filter parameter for the operation."


class InvalidNextTokenError(InvalidInputError):
    """A NextToken that no answer to the same call carried."""

    reason = "INVALID_NEXT_TOKEN"
    message = (
        "Get the value for the NextToken parameter from the response to a previous call of the operation."
    )


class InvalidPatternError(InvalidInputError):
    """A value that doesn't look as the model says."""

    reason = "INVALID_PATTERN"
    message = "You provided a value that doesn't match the required pattern."


class InvalidEnumError(InvalidInputError):
    """A value that isn't one of the model's."""

    reason = "INVALID_ENUM"
    message = "You specified an invalid value."


class InvalidPolicyTypeError(InvalidInputError):
    """A policy type that botocore's model doesn't know."""

    reason = "INVALID_ENUM_POLICY_TYPE"
    message = "You specified an invalid policy type string."


class InvalidPartyTypeError(InvalidInputError):
    """An invitation to something that is neither an account nor an email address."""

    reason = "INVALID_PARTY_TYPE_TARGET"
    message = "You specified the wrong type of entity (account, organization, or email) as a party."


class ValueTooLargeError(InvalidInputError):
    """A number above the model's maximum."""

    reason = "MAX_VALUE_EXCEEDED"
    message = "You provided a numeric value that is larger than the maximum allowed."


class ValueTooSmallError(InvalidInputError):
    """A number below the model's minimum."""

    reason = "MIN_VALUE_EXCEEDED"
    message = "You provided a numeric value that is smaller than the minimum allowed."
