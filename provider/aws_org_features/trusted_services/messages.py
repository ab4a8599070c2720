"""Messages about a trusted service. No relative times, so that a sentence stays the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.common import errors, sanitize
from aws_org_features.common.on_off import Words
from aws_org_features.model.trusted_services import TrustedServiceStatus
from aws_org_features.trusted_services.decide import status_of
from aws_org_features.trusted_services.services import nearest, own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_org_features.model.organizations import AccountDetails
    from aws_org_features.model.trusted_services import Declared, Seen

_ACCOUNTS: Final = 10
"""Number of those that an error names."""


def enabling(declared: Declared) -> str:
    """One line that says what is being done, or would be."""
    return (
        f"enabling trusted access of {declared.service_principal} to organization {declared.organization_id}"
    )


def words(declared: Declared, seen: Seen) -> Words:
    """Describe its status."""
    return Words(
        enabling=enabling(declared),
        to_do=f"to do: {enabling(declared)}",
        short=str(status_of(declared.service_principal, seen)),
        disabled_by_hand=(
            f"somebody disabled trusted access of {declared.service_principal} to organization "
            f"{declared.organization_id}; enabling it brings nothing back that the service removed meanwhile"
        ),
    )


def message(declared: Declared, seen: Seen) -> str:
    """One or two sentences: where it stands, and what happens next."""
    return _MESSAGES[status_of(declared.service_principal, seen)].format(
        service=declared.service_principal, organization=declared.organization_id
    )


_MESSAGES: Final = {
    TrustedServiceStatus.ENABLED: "Organization {organization} trusts {service}.",
    TrustedServiceStatus.DISABLED: (
        "Organization {organization} doesn't trust {service}. The next `pulumi up` enables trusted access."
    ),
    TrustedServiceStatus.WAITING_FOR_ALL_FEATURES: (
        "Organization {organization} doesn't have all features enabled yet, which trusted access needs. Once "
        "it has, the next `pulumi up` enables that of {service}."
    ),
}


def doubt(service_principal: str) -> str | None:
    """A warning before a service is trusted, if there is one."""
    if close := nearest(service_principal):
        return f"did you mean {close}? If not, AWS decides whether there is a service {service_principal}"
    if enable := own(service_principal).enable:
        return (
            f"for {service_principal}, AWS's guide says to {enable}: that also makes what the service needs. "
            "Do so first; what is enabled already is adopted"
        )
    return None


def disabling(declared: Declared) -> str:
    """A warning as trust ends."""
    known = own(declared.service_principal)
    begun = f"disabling trusted access of {declared.service_principal}"
    told = f"{begun}, by which {known.loss}" if known.loss else begun
    return f"{told}. {_leave(declared)}"


def _leave(declared: Declared) -> str:
    first = own(declared.service_principal).leave
    return f"AWS recommends to {first} first: only then does it clean up what it made in the accounts."


def in_use(declared: Declared, administrators: Sequence[AccountDetails]) -> errors.OrgFeaturesError:
    """The error that tells who administers for a service."""
    shown = ", ".join(_account(each) for each in administrators[:_ACCOUNTS])
    more = len(administrators) - _ACCOUNTS
    others = f" and {more} more" if more > 0 else ""
    return errors.TrustedServiceInUseError(
        f"{declared.service_principal} is in use: it has delegated administrators, {shown}{others}.",
        "Nothing was changed. Deregister them first (`aws organizations deregister-delegated-administrator "
        f"--service-principal {declared.service_principal} --account-id ACCOUNT`). {_leave(declared)} Or set "
        'on_destroy to "disable" to disable trusted access all the same, or to "leave" to keep it, run '
        "`pulumi up`, and destroy again.",
    )


def _account(account: AccountDetails) -> str:
    return f"account {account.id} ({sanitize.line(account.name)})"


def refused(declared: Declared, refusal: errors.OrgFeaturesError) -> errors.OrgFeaturesError:
    """The error that tells why AWS ends no trust, and what may come first."""
    return type(refusal)(refusal.what, f"{refusal.next_step} {_leave(declared)}")


def unknown(declared: Declared, refusal: errors.OrgFeaturesError) -> errors.OrgFeaturesError:
    """The error that tells of a principal which AWS doesn't know, with the one that may have been meant."""
    close = nearest(declared.service_principal)
    meant = f"Did you mean {close}? " if close else ""
    enable = own(declared.service_principal).enable
    own_way = f" For {declared.service_principal}, AWS's guide says to {enable}." if enable else ""
    return errors.TrustedServiceUnknownError(
        refusal.what, f"Nothing was changed. {meant}{refusal.next_step}{own_way}"
    )


def waiting(declared: Declared) -> str:
    """Say what a run is waiting for."""
    return f"waiting for AWS to finish another change, before trusted access of {declared.service_principal}"
