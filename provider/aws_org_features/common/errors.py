"""All errors of this package, in words for a person.

Every error has a stable reference that pipelines may branch on, says what happened and to whom, and what
to do next. One class a reference. `aws.errors` makes them from botocore's; the edges decide where to show
them.
"""

from __future__ import annotations

from typing import ClassVar, Final

from aws_org_features.common.sanitize import message


class OrgFeaturesError(Exception):
    """Base of everything that this package raises on purpose.

    Its sentences go to terminals, logs and states, and may quote AWS or a configuration: each is one inert
    line.

    Attributes:
        reference: Stable and unique; documented in `docs/errors.md`.
        what: What happened, to which account or handshake.
        next_step: What to do about it.
    """

    reference: ClassVar[str] = "unexpected"

    def __init__(self, what: str, next_step: str) -> None:
        self.what = message(what)
        self.next_step = message(next_step)
        super().__init__(self.what, self.next_step)

    def __str__(self) -> str:
        """Both sentences, in the order in which they are needed."""
        return f"{self.what} {self.next_step}"


class CredentialsMissingError(OrgFeaturesError):
    """No credentials were found anywhere."""

    reference = "credentials-missing"


class CredentialsExpiredError(OrgFeaturesError):
    """The session has ended."""

    reference = "credentials-expired"


class CredentialsInvalidError(OrgFeaturesError):
    """AWS doesn't know these credentials, or rejects their signature."""

    reference = "credentials-invalid"


class CredentialsSourceError(OrgFeaturesError):
    """A program, a file or an endpoint that should give credentials gave none."""

    reference = "credentials-source-failed"


class MfaCodeNeededError(OrgFeaturesError):
    """A profile's role needs a code of an MFA device, and nobody can be asked for it here."""

    reference = "credentials-mfa-needed"


class ProfileUnusableError(OrgFeaturesError):
    """A profile contradicts itself, or names something that isn't there."""

    reference = "credentials-profile-unusable"


class CredentialsFileError(OrgFeaturesError):
    """An AWS configuration file can't be read."""

    reference = "credentials-file-unreadable"


class RoleNotAssumedError(OrgFeaturesError):
    """A role on the way to the management account can't be assumed."""

    reference = "role-not-assumed"


class EndpointUnreachableError(OrgFeaturesError):
    """Nothing answers at the address."""

    reference = "endpoint-unreachable"


class EndpointUnencryptedError(OrgFeaturesError):
    """Credentials would go over plain http to another machine."""

    reference = "endpoint-unencrypted"


class AccessDeniedError(OrgFeaturesError):
    """The caller lacks a permission."""

    reference = "access-denied"


class NotManagementAccountError(OrgFeaturesError):
    """The credentials belong to another account of the organization."""

    reference = "not-management-account"


class NotMemberAccountError(OrgFeaturesError):
    """The credentials belong to the management account, which isn't asked to approve."""

    reference = "not-member-account"


class AccountMismatchError(OrgFeaturesError):
    """The credentials belong to another account than the recorded one."""

    reference = "account-mismatch"


class NoOrganizationError(OrgFeaturesError):
    """The account isn't in an organization."""

    reference = "no-organization"


class OrganizationMismatchError(OrgFeaturesError):
    """The credentials belong to another organization than the declared one."""

    reference = "organization-mismatch"


class AccountNotAllowedError(OrgFeaturesError):
    """The stack's configuration forbids acting as this account."""

    reference = "account-not-allowed"


class ConfigurationError(OrgFeaturesError):
    """The stack's `aws:` configuration isn't usable as it is."""

    reference = "configuration-unsupported"


class StackNotFoundError(OrgFeaturesError):
    """The Pulumi project that a command is run in has no such stack, or there is no project."""

    reference = "stack-not-found"


class StackUnreadableError(OrgFeaturesError):
    """The configuration of the stack that a command goes by can't be read."""

    reference = "stack-unreadable"


class StackPassphraseError(OrgFeaturesError):
    """The configuration of that stack has secrets, and their passphrase isn't there, or is another."""

    reference = "stack-passphrase-needed"


class FeatureSetUnknownError(OrgFeaturesError):
    """AWS shows a feature set that this version doesn't know."""

    reference = "feature-set-unknown"


class OrganizationTooLargeError(OrgFeaturesError):
    """Beyond what AWS migrates by self-service."""

    reference = "organization-too-large"


class MigrationRefusedError(OrgFeaturesError):
    """AWS refuses to start or go on, for a reason of the organization's own."""

    reference = "migration-refused"


class AlreadyEnabledError(OrgFeaturesError):
    """All features are already enabled; the caller looks again and finds them so."""

    reference = "already-enabled"


class AlreadyMigratingError(OrgFeaturesError):
    """A migration is already in progress; the caller looks again and adopts it."""

    reference = "already-migrating"


class HandshakeRefusedError(OrgFeaturesError):
    """The handshake isn't in a state that allows the step."""

    reference = "handshake-refused"


class HandshakeNotFoundError(OrgFeaturesError):
    """AWS doesn't know the handshake."""

    reference = "handshake-not-found"


class HandshakeUnclearError(OrgFeaturesError):
    """A handshake contradicts itself, or says too little to be recognized as the migration's."""

    reference = "handshake-unclear"


class ThrottledError(OrgFeaturesError):
    """AWS kept throttling the request."""

    reference = "throttled"


class ConcurrentModificationError(OrgFeaturesError):
    """Somebody else kept changing the organization at the same time."""

    reference = "concurrent-modification"


class ServiceFailedError(OrgFeaturesError):
    """AWS failed, or answered something unexpected."""

    reference = "aws-failed"


class RootNotFoundError(OrgFeaturesError):
    """The organization has another root than the declared one."""

    reference = "root-not-found"


class PolicyTypeNotAvailableError(OrgFeaturesError):
    """The organization, or its partition, doesn't offer the policy type."""

    reference = "policy-type-not-available"


class PolicyTypeRefusedError(OrgFeaturesError):
    """AWS refuses to change or show a policy type, for a reason of the organization's own."""

    reference = "policy-type-refused"


class ServiceAccessNotEnabledError(OrgFeaturesError):
    """The policy type's service needs trusted access to the organization first."""

    reference = "service-access-not-enabled"


class PolicyTypeAlreadyEnabledError(OrgFeaturesError):
    """The policy type is on already; the caller takes it as it is."""

    reference = "policy-type-already-enabled"


class PolicyTypeNotEnabledError(OrgFeaturesError):
    """The policy type is off already; the caller takes it as it is."""

    reference = "policy-type-not-enabled"


class PolicyChangesInProgressError(OrgFeaturesError):
    """AWS hasn't finished another change of the root's policy types."""

    reference = "policy-changes-in-progress"


class PolicyTypeInUseError(OrgFeaturesError):
    """Disabling the policy type would detach somebody's policies."""

    reference = "policy-type-in-use"


class PolicyNotFoundError(OrgFeaturesError):
    """The policy was deleted meanwhile; the caller goes on without it."""

    reference = "policy-not-found"


class TrustedServiceUnknownError(OrgFeaturesError):
    """AWS knows no service with the principal."""

    reference = "trusted-service-unknown"


class TrustedServiceRefusedError(OrgFeaturesError):
    """AWS refuses to change or show trusted access, for a reason of the organization's own."""

    reference = "trusted-service-refused"


class TrustedServiceInUseError(OrgFeaturesError):
    """Something needs the service: accounts that administer for it, or a policy type."""

    reference = "trusted-service-in-use"


class FeatureSetNotEnabledError(OrgFeaturesError):
    """The gate is closed: the organization doesn't have all features yet."""

    reference = "feature-set-not-enabled"


class ImportUnsupportedError(OrgFeaturesError):
    """The resource stands for nothing in AWS that could be imported."""

    reference = "import-unsupported"


class NoApprovalPendingError(OrgFeaturesError):
    """No approvals are outstanding, or none for the accounts that were named."""

    reference = "no-approval-pending"


class FolderUnusableError(OrgFeaturesError):
    """The folder to write to has something in it already, or can't be written to."""

    reference = "folder-unusable"


class FileUnusableError(OrgFeaturesError):
    """A file that was named can't be written, or is needed for something else."""

    reference = "file-unusable"


class HistoryUnusableError(OrgFeaturesError):
    """The file is no history of reports, or another organization's, or it can't be read or written."""

    reference = "history-unusable"


class RecordingUnusableError(OrgFeaturesError):
    """The file is no recording of AWS's answers, or it can't be read."""

    reference = "recording-unusable"


class ProbeRefusedError(OrgFeaturesError):
    """The probe would act where it mustn't, or AWS refused what should have worked."""

    reference = "probe-refused"


class EvidenceUnusableError(OrgFeaturesError):
    """The file is no export of CloudTrail's, or something in it can't be understood."""

    reference = "evidence-unusable"


class PulumiMissingError(OrgFeaturesError):
    """Pulumi's command line isn't on PATH."""

    reference = "pulumi-missing"


class PulumiFailedError(OrgFeaturesError):
    """Pulumi's command line refused, or failed."""

    reference = "pulumi-failed"


_WHOSE: Final = (
    AccountNotAllowedError,
    ConfigurationError,
    NoOrganizationError,
    NotManagementAccountError,
    NotMemberAccountError,
    OrganizationMismatchError,
)

CERTAIN: Final = (*_WHOSE, FeatureSetUnknownError)
"""Errors by which a preview of a create fails: the create would end in them as well."""

WHO_ACTS: Final = (
    *_WHOSE,
    AccountMismatchError,
    CredentialsExpiredError,
    CredentialsFileError,
    CredentialsInvalidError,
    CredentialsMissingError,
    CredentialsSourceError,
    EndpointUnencryptedError,
    EndpointUnreachableError,
    MfaCodeNeededError,
    ProfileUnusableError,
    RoleNotAssumedError,
)
"""Errors that other credentials, or another address of AWS, may fix."""
