"""botocore's errors as ours: the one place where AWS's codes and reasons are read.

Every error that leaves `aws` has passed here; a test walks botocore's model to hold that.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from aws_org_features.aws.credential_errors import Source, profile_of, trouble
from aws_org_features.aws.endpoints import shown
from aws_org_features.aws.gc_pause import gc_paused
from aws_org_features.aws.parse import MisshapenError
from aws_org_features.aws.reasons import REASONS
from aws_org_features.common import errors
from aws_org_features.model.organizations import FEATURE_SETS
from aws_org_features.model.policy_types import SERVICES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from botocore.exceptions import ClientError

    from aws_org_features.model.organizations import Organization

    Make = Callable[["Refusal"], errors.OrgFeaturesError]

_AGAIN = "Run `pulumi up` again: it continues where this one stopped."
_ASK_AGAIN = "Nothing was lost. Run the command again in a few minutes."


class Refusal:
    """The parts of a `ClientError`.

    Attributes:
        operation: The API operation, as AWS names it: `EnableAllFeatures`.
        subject: The handshake, account, policy type or service that the call was about, or an empty string.
        code: AWS's error code.
        reason: `Reason`, or an empty string.
        kind: The reason's part before the colon. What AWS may write after it is the member that it is about.
        text: AWS's own words.
    """

    def __init__(self, error: ClientError, operation: str, subject: str) -> None:
        answer = error.response
        details = answer.get("Error", {})
        self.operation = operation
        self.subject = subject
        # May be of any type: botocore doesn't check.
        self.code = str(details.get("Code") or "")
        self.reason = str(answer.get("Reason") or details.get("Reason") or "")
        self.kind = self.reason.partition(":")[0]
        self.text = str(details.get("Message") or "").strip() or "(AWS gave no message)"

    @property
    def call(self) -> str:
        """The call, for a person."""
        return f"{self.operation} of {self.subject}" if self.subject else self.operation


@contextlib.contextmanager
def told(service: str, operation: str, subject: str = "") -> Iterator[None]:
    """Raise botocore's errors as ours.

    Args:
        service: The IAM prefix of the operation: `organizations` or `sts`.
        operation: The API operation.
        subject: The handshake, account, policy type or service it is about.
    """
    with gc_paused():
        from botocore import exceptions as bc
        from botocore.parsers import ResponseParserError

    try:
        yield
    except bc.ClientError as error:
        raise _from_answer(error, service, operation, subject) from error
    except (bc.HTTPClientError, bc.ConnectionError) as error:
        if type(error) is bc.HTTPClientError:
            raise _not_sent(operation, error) from error
        raise errors.EndpointUnreachableError(
            f"{operation} got no response: {shown(str(error))}",
            "Check your network, and `aws:endpoints` if you set it. " + _AGAIN,
        ) from error
    except (ResponseParserError, MisshapenError) as error:
        raise _not_aws(operation, str(error)) from error
    except _MISREAD as error:
        raise _not_aws(operation, "it doesn't have the operation's shape") from error
    except (bc.BotoCoreError, RuntimeError, ValueError) as error:
        raise trouble(error, Source(profile_of(None))) or _not_sent(operation, error) from error


# What botocore and reading raise where an answer has a list for a text, lacks what belongs to it, or is
# nested without end.
_MISREAD: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError)


def _not_aws(operation: str, why: str) -> errors.OrgFeaturesError:
    return errors.ServiceFailedError(
        f"{operation} got a response that isn't from AWS: {shown(why).removesuffix('.')}.",
        "Look for a proxy between here and AWS, and check `aws:endpoints` if you set it. " + _AGAIN,
    )


def _not_sent(operation: str, error: Exception) -> errors.OrgFeaturesError:
    # Not with its text, which may show the request: a token, an external id.
    return errors.ConfigurationError(
        f"{operation} couldn't be sent: the AWS SDK raised {type(error).__name__}.",
        "Check for a region that doesn't exist, an invalid address, or a line break in the credentials.",
    )


def _from_answer(error: ClientError, service: str, operation: str, subject: str) -> errors.OrgFeaturesError:
    # Credentials are fetched when first used, so another call may have failed: AssumeRole, or one of single
    # sign-on.
    failed = getattr(error, "operation_name", operation)
    if failed != operation:
        # A note names the source of the credentials.
        whose = next(iter(getattr(error, "__notes__", ())), "")
        return _credentials_refused(Refusal(error, failed, ""), whose)
    refusal = Refusal(error, operation, subject)
    make = _BY_REASON.get(refusal.reason) or _BY_REASON.get(refusal.kind) or _BY_CODE.get(refusal.code)
    if make is not None:
        return make(refusal)
    if refusal.code in _DENIED:
        return _denied(refusal, service)
    return errors.ServiceFailedError(f"{refusal.call} failed with {refusal.code}: {refusal.text}", _ASK_AGAIN)


def _credentials_refused(refusal: Refusal, whose: str) -> errors.OrgFeaturesError:
    make = _BY_CODE.get(refusal.code)
    if make is not None:
        return make(refusal)
    by = f" by {whose}" if whose else ""
    return errors.RoleNotAssumedError(
        f"{refusal.operation} returned no credentials{by}: {refusal.text}",
        "Check the role's name, that its trust policy allows the caller, and the external id that it "
        "requires.",
    )


def _denied(refusal: Refusal, service: str) -> errors.OrgFeaturesError:
    return errors.AccessDeniedError(
        f"{refusal.call} was denied: {refusal.text}",
        f"Allow the action {service}:{refusal.operation}, or find the policy that denies it.",
    )


def _dependency_denied(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.AccessDeniedError(
        f"{refusal.call} was denied: {refusal.text}",
        "Allow the caller iam:CreateServiceLinkedRole: AWS creates the organization's service-linked "
        "role again.",
    )


def _no_organization(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.NoOrganizationError(
        f"The account that these credentials belong to isn't in an organization: {refusal.text}",
        "Use the management account's credentials; or create an organization with `aws organizations "
        "create-organization --feature-set ALL`, which has all features from the start.",
    )


def _expired(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.CredentialsExpiredError(
        f"The AWS session has ended: {refusal.text}", "Sign in again, and run `pulumi up` again."
    )


def _invalid(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.CredentialsInvalidError(
        f"AWS rejects the credentials: {refusal.text}",
        "Check which credentials are used (`aws sts get-caller-identity`), and the machine's clock.",
    )


def _throttled(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.ThrottledError(
        f"AWS throttled {refusal.call} for up to a minute.",
        "All callers of this organization share the rate limit. " + _AGAIN,
    )


def _concurrent(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.ConcurrentModificationError(
        f"{refusal.call} failed for up to a minute because something else keeps changing the organization.",
        _AGAIN,
    )


def _too_large(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.OrganizationTooLargeError(
        f"The organization has more accounts than AWS migrates by self-service: {refusal.text}",
        "Ask AWS Support for an assisted migration. It requires Enterprise Support and a signed statement "
        "that you own every account, gives accounts 14 days to leave, and can't be rolled back.",
    )


def _refused(refusal: Refusal) -> errors.OrgFeaturesError:
    why = f"{refusal.text} ({refusal.reason})" if refusal.reason else refusal.text
    refused = _REFUSED.get(refusal.operation, errors.MigrationRefusedError)
    meaning = REASONS.get(refusal.kind)
    if meaning is None:
        next_step = (
            "Look up this reason in the Organizations API reference, fix the problem, and run it again."
        )
        return refused(f"AWS refuses {refusal.call}: {why}", next_step)
    return refused(f"AWS refuses {refusal.call}, as {meaning.what}: {why}", meaning.next_step)


def unknown_feature_set(found: Organization) -> errors.OrgFeaturesError:
    """The error for a feature set that this version doesn't know."""
    return errors.FeatureSetUnknownError(
        f"AWS says that organization {found.id} has the feature set {found.feature_set!r}. This version of "
        f"aws-org-features knows only {' and '.join(FEATURE_SETS)}, so it can't tell what to do.",
        "Nothing was written. Install a newer version of aws-org-features if there is one. If AWS doesn't "
        "show this feature set (`aws organizations describe-organization`), look for a proxy between here "
        "and AWS, and check `aws:endpoints` if you set it.",
    )


def _already_enabled(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.AlreadyEnabledError(refusal.text, _AGAIN)


def _already_migrating(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.AlreadyMigratingError(refusal.text, _AGAIN)


def _handshake_refused(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.HandshakeRefusedError(f"AWS refuses {refusal.call}: {refusal.text}", _AGAIN)


def _handshake_not_found(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.HandshakeNotFoundError(f"{refusal.call} failed: {refusal.text}", _AGAIN)


def _root_not_found(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.RootNotFoundError(f"{refusal.call} failed: {refusal.text}", _AGAIN)


def _policy_not_found(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.PolicyNotFoundError(f"{refusal.call} failed: {refusal.text}", _AGAIN)


def _type_not_available(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.PolicyTypeNotAvailableError(
        f"AWS refuses {refusal.call}: {refusal.text}",
        "This type isn't available in the organization or its partition. Nothing was changed. Remove the "
        "resource from the program. `aws organizations list-roots` shows the enabled types.",
    )


def _type_already_enabled(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.PolicyTypeAlreadyEnabledError(f"{refusal.call}: {refusal.text}", _AGAIN)


def _type_not_enabled(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.PolicyTypeNotEnabledError(f"{refusal.call}: {refusal.text}", _AGAIN)


def _policy_changes(refusal: Refusal) -> errors.OrgFeaturesError:
    return errors.PolicyChangesInProgressError(
        f"{refusal.call} failed because AWS is still changing the root's policy types: {refusal.text}", _AGAIN
    )


def _service_not_trusted(refusal: Refusal) -> errors.OrgFeaturesError:
    known = SERVICES.get(refusal.subject)
    principal = known or "PRINCIPAL"
    where = "" if known else ", where PRINCIPAL is the service principal in the service's own guide"
    return errors.ServiceAccessNotEnabledError(
        f"AWS refuses {refusal.call} because its service has no trusted access to the organization: "
        f"{refusal.text}",
        f"Nothing was changed. Declare a TrustedService of {principal}, and have this resource depend on it "
        "(an AllFeaturesOrganization does both if its trusted_services name it); or enable trusted access by "
        f"hand, with `aws organizations enable-aws-service-access --service-principal {principal}`{where}. "
        "Then run `pulumi up` again.",
    )


def _unrecognized(refusal: Refusal) -> errors.OrgFeaturesError:
    if refusal.operation not in _OF_TRUSTED_SERVICES:
        return _refused(refusal)
    return errors.TrustedServiceUnknownError(
        f"AWS refuses {refusal.call}: {refusal.text}",
        "Look its principal up in the Organizations User Guide (AWS services that you can use with AWS "
        "Organizations).",
    )


def _service_in_use(refusal: Refusal) -> errors.OrgFeaturesError:
    if refusal.operation != "DisableAWSServiceAccess":
        return _refused(refusal)
    meaning = REASONS[refusal.kind]
    return errors.TrustedServiceInUseError(
        f"AWS refuses {refusal.call}, as {meaning.what}: {refusal.text}",
        f"Nothing was changed. {meaning.next_step}",
    )


def _not_at_this_endpoint(refusal: Refusal) -> errors.OrgFeaturesError:
    return _refused(refusal) if refusal.operation in _OF_TRUSTED_SERVICES else _type_not_available(refusal)


_OF_POLICY_TYPES: Final = frozenset(
    {"DisablePolicyType", "EnablePolicyType", "ListPolicies", "ListRoots", "ListTargetsForPolicy"}
)

_OF_TRUSTED_SERVICES: Final = frozenset(
    {
        "DisableAWSServiceAccess",
        "EnableAWSServiceAccess",
        "ListAWSServiceAccessForOrganization",
        "ListDelegatedAdministrators",
    }
)

_REFUSED: Final[dict[str, type[errors.OrgFeaturesError]]] = {
    **dict.fromkeys(_OF_POLICY_TYPES, errors.PolicyTypeRefusedError),
    **dict.fromkeys(_OF_TRUSTED_SERVICES, errors.TrustedServiceRefusedError),
}

_DENIED: Final = frozenset({"AccessDeniedException", "AccessDenied", "UnauthorizedOperation"})

_BY_REASON: Final[dict[str, Make]] = {
    "ORGANIZATION_ALREADY_HAS_ALL_FEATURES": _already_enabled,
    "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION": _already_migrating,
    "ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED": _too_large,
    "INVALID_ENUM:POLICY_TYPE": _type_not_available,
    "INVALID_ENUM_POLICY_TYPE": _type_not_available,
    "SERVICE_ACCESS_NOT_ENABLED": _service_not_trusted,
    "UNRECOGNIZED_SERVICE_PRINCIPAL": _unrecognized,
    "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE": _service_in_use,
    "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE": _service_in_use,
}

_BY_CODE: Final[dict[str, Make]] = {
    "AWSOrganizationsNotInUseException": _no_organization,
    "AccessDeniedForDependencyException": _dependency_denied,
    "ConcurrentModificationException": _concurrent,
    "TooManyRequestsException": _throttled,
    "Throttling": _throttled,
    "ThrottlingException": _throttled,
    "PolicyChangesInProgressException": _policy_changes,
    "PolicyNotFoundException": _policy_not_found,
    "PolicyTypeAlreadyEnabledException": _type_already_enabled,
    "PolicyTypeNotAvailableForOrganizationException": _type_not_available,
    "PolicyTypeNotEnabledException": _type_not_enabled,
    "RootNotFoundException": _root_not_found,
    "UnsupportedAPIEndpointException": _not_at_this_endpoint,
    "ConstraintViolationException": _refused,
    "HandshakeConstraintViolationException": _refused,
    "MasterCannotLeaveOrganizationException": _refused,
    "InvalidInputException": _refused,
    "InvalidHandshakeTransitionException": _handshake_refused,
    "HandshakeAlreadyInStateException": _handshake_refused,
    "HandshakeNotFoundException": _handshake_not_found,
    "ExpiredTokenException": _expired,
    "ExpiredToken": _expired,
    "UnrecognizedClientException": _invalid,
    "InvalidClientTokenId": _invalid,
    "InvalidSignatureException": _invalid,
    "SignatureDoesNotMatch": _invalid,
    "IncompleteSignature": _invalid,
    "MissingAuthenticationTokenException": _invalid,
}
