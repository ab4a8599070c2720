"""InvalidInputException, one class a Reason, with AWS's own words.

AWS writes the member that it is about after the Reason, `INVALID_ENUM:POLICY_TYPE`, where a value isn't what
the model says; it writes none where a rule beyond the model is broken.
"""

from aws_org_emulator.protocol.exceptions import OrganizationsError


class InvalidInputError(OrganizationsError):
    """Base of all invalid inputs; raise one of its subclasses."""

    code = "InvalidInputException"


class MemberError(InvalidInputError):
    """A member of the request that isn't what the model says.

    Args:
        member: as AWS writes it, `HANDSHAKE_ID`; without one, the Reason stands alone.
    """

    reason: str

    def __init__(self, member: str = "") -> None:
        super().__init__()
        if member:
            self.reason = f"{self.reason}:{member}"


class InputRequiredError(MemberError):
    """A required member that isn't there, or is null."""

    reason = "INPUT_REQUIRED"
    message = "You must provide a value for the parameter."


class InvalidPatternError(MemberError):
    """A value that doesn't look as the model says."""

    reason = "INVALID_PATTERN"
    message = "You provided a value that does not match the required pattern."


class InvalidEnumError(MemberError):
    """A value that isn't one of the model's."""

    reason = "INVALID_ENUM"
    message = "You specified an invalid value."


class TextTooLongError(MemberError):
    """A text, or a list, that is longer than the model's maximum."""

    reason = "MAX_LENGTH_EXCEEDED"
    message = "You provided a string that exceeds that maximum length."


class TextTooShortError(MemberError):
    """A text, or a list, that is shorter than the model's minimum."""

    reason = "MIN_LENGTH_EXCEEDED"
    message = "You provided a string that is shorter than the minimum length."


class ValueTooLargeError(MemberError):
    """A number above the model's maximum."""

    reason = "MAX_VALUE_EXCEEDED"
    message = "You provided a numeric value that is larger than the maximum allowed."


class ValueTooSmallError(MemberError):
    """A number below the model's minimum."""

    reason = "MIN_VALUE_EXCEEDED"
    message = "You provided a numeric value that is smaller than the minimum allowed."


class TwoFiltersError(InvalidInputError):
    """A list filtered by ActionType and ParentHandshakeId at once."""

    reason = "MAX_LIMIT_EXCEEDED_FILTER"
    message = "You specified too many filter parameters."


class InvalidNextTokenError(InvalidInputError):
    """A NextToken that no answer to the same call carried."""

    reason = "INVALID_NEXT_TOKEN"
    message = (
        "You specified an invalid value for nextToken. You must get the value from the response to a "
        "previous call to the API."
    )


class InvalidPolicyTypeError(InvalidInputError):
    """A policy type that there is, but not for this operation."""

    reason = "INVALID_ENUM_POLICY_TYPE"
    message = "You specified an invalid policy type."


class InvalidPartyTypeError(InvalidInputError):
    """An invitation to something that is neither an account nor an email address."""

    reason = "INVALID_PARTY_TYPE_TARGET"
    message = "You specified an invalid party type as the target parameter."


class InvalidEmailAddressError(InvalidInputError):
    """An invitation to an email address that is none."""

    reason = "INVALID_EMAIL_ADDRESS_TARGET"
    message = "You specified an invalid email address for the invited account owner."


class DuplicateTagKeyError(InvalidInputError):
    """Two tags with one key."""

    reason = "DUPLICATE_TAG_KEY"
    message = "Your request includes duplicate tag keys."


class SystemTagError(InvalidInputError):
    """A tag whose key begins as AWS's own do."""

    reason = "INVALID_SYSTEM_TAGS_PARAMETER"
    message = (
        "You specified a tag key that is a system tag. You can't add, edit, or delete system tag keys "
        "because they're reserved for AWS use. System tags don't count against your tags per resource limit."
    )


class TargetNotSupportedError(InvalidInputError):
    """An effective policy of something that has none: only accounts have."""

    reason = "TARGET_NOT_SUPPORTED"
    message = "You specified a target that is not currently supported."


class UnrecognizedServicePrincipalError(InvalidInputError):
    """A service principal that can't be trusted, or not administer for."""

    reason = "UNRECOGNIZED_SERVICE_PRINCIPAL"
    message = "You specified an unrecognized service principal."


class ImmutablePolicyError(InvalidInputError):
    """Changing a policy of AWS's."""

    reason = "IMMUTABLE_POLICY"
    message = "You specified a policy that is managed by AWS and can't be modified."


class ResourcePolicyJsonError(InvalidInputError):
    """A resource policy that isn't one."""

    reason = "INVALID_RESOURCE_POLICY_JSON"
    message = "This resource-based policy contains invalid JSON."


class UnsupportedActionError(InvalidInputError):
    """A resource policy for an action that can't be delegated."""

    reason = "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"

    def __init__(self, action: str) -> None:
        super().__init__(f"{action} is not a supported action for this resource-based policy.")


class UnsupportedResourceError(InvalidInputError):
    """A resource policy for something that isn't the organization's."""

    reason = "UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY"

    def __init__(self, resource: str) -> None:
        super().__init__(f"{resource} is not a supported resource for this resource-based policy.")


class InvalidRoleNameError(InvalidInputError):
    """A role with a name that AWS keeps for its own."""

    reason = "INVALID_ROLE_NAME"
    message = (
        "You provided a role name that isn't valid. A role name can't begin with the reserved prefix "
        "AWSServiceRoleFor."
    )


class StartNotBeginningOfDayError(InvalidInputError):
    """A transfer that is to begin within a day."""

    reason = "START_DATE_NOT_BEGINNING_OF_DAY"
    message = (
        "You provided an invalid start date. The start date must be the beginning of the day (00:00:00.000)."
    )


class StartNotBeginningOfMonthError(InvalidInputError):
    """A transfer that is to begin within a month."""

    reason = "START_DATE_NOT_BEGINNING_OF_MONTH"
    message = "You provided an invalid start date. The start date must be the first day of the month."


class StartTooEarlyError(InvalidInputError):
    """A transfer that is to begin in the past."""

    reason = "START_DATE_TOO_EARLY"
    message = "You provided an invalid start date. The start date is too early."


class NotEndOfMonthError(InvalidInputError):
    """A transfer that is to end within a month."""

    reason = "END_DATE_NOT_END_OF_MONTH"
    message = (
        "You provided an invalid end date. The end date must be the end of the last day of the month "
        "(23.59.59.999)."
    )


class EndTooEarlyError(InvalidInputError):
    """A transfer that is to end in the past."""

    reason = "END_DATE_TOO_EARLY"
    message = "You provided an invalid end date. The end date is too early."
