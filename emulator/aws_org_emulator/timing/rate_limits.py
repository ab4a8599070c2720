"""AWS's published rates for Organizations, as token buckets.

From the User Guide, "Throttling limits": a bucket for the account that calls and, for some operations, one
that all accounts of an organization share. Operations that aren't listed aren't throttled here.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """Calls a second that are always allowed, and how many at once after a rest."""

    steady: float
    burst: int


@dataclass(frozen=True, slots=True)
class Rates:
    """One operation's: for each account, and for the organization as a whole."""

    account: Rate
    organization: Rate | None = None


_LISTS = Rates(Rate(5, 8), Rate(6, 10))
_SERVICES = Rates(Rate(1, 3), Rate(1, 4))
_ONE_BY_ONE = Rates(Rate(1, 1))
_ONE_OR_TWO = Rates(Rate(1, 2))
_FEW_READS = Rates(Rate(2, 2), Rate(2, 3))
_WRITES = Rates(Rate(2, 3))
_CREATIONS = Rates(Rate(0.1, 3))
_TAGGING = Rates(Rate(4, 6))

RATES: Mapping[str, Rates] = {
    "AcceptHandshake": Rates(Rate(1, 2), Rate(5, 5)),
    "AttachPolicy": _WRITES,
    "CancelHandshake": _WRITES,
    "CloseAccount": Rates(Rate(0.05, 1)),
    "CreateAccount": _CREATIONS,
    "CreateGovCloudAccount": _CREATIONS,
    "CreateOrganization": _ONE_BY_ONE,
    "CreateOrganizationalUnit": _ONE_OR_TWO,
    "CreatePolicy": _WRITES,
    "DeclineHandshake": Rates(Rate(1, 1), Rate(5, 5)),
    "DeleteOrganization": _ONE_BY_ONE,
    "DeleteOrganizationalUnit": _WRITES,
    "DeletePolicy": _WRITES,
    "DeregisterDelegatedAdministrator": _ONE_OR_TWO,
    "DescribeAccount": Rates(Rate(20, 30), Rate(24, 36)),
    "DescribeCreateAccountStatus": _FEW_READS,
    "DescribeHandshake": Rates(Rate(1, 2), Rate(6, 10)),
    "DescribeOrganization": _ONE_OR_TWO,
    "DescribeOrganizationalUnit": _FEW_READS,
    "DescribePolicy": _FEW_READS,
    "DetachPolicy": _WRITES,
    "DisableAWSServiceAccess": _ONE_OR_TWO,
    "DisablePolicyType": _ONE_BY_ONE,
    "EnableAWSServiceAccess": _ONE_OR_TWO,
    "EnableAllFeatures": _ONE_BY_ONE,  # which the guide still calls EnableFullControl
    "EnablePolicyType": _ONE_BY_ONE,
    "InviteAccountToOrganization": Rates(Rate(3, 5)),
    "LeaveOrganization": _ONE_BY_ONE,
    "ListAWSServiceAccessForOrganization": _SERVICES,
    "ListAccounts": Rates(Rate(8, 12), Rate(9, 15)),
    "ListAccountsForParent": _LISTS,
    "ListChildren": Rates(Rate(6, 10), Rate(7, 12)),
    "ListCreateAccountStatus": _LISTS,
    "ListDelegatedAdministrators": _LISTS,
    "ListDelegatedServicesForAccount": _SERVICES,
    "ListHandshakesForAccount": _LISTS,
    "ListHandshakesForOrganization": _LISTS,
    "ListOrganizationalUnitsForParent": _LISTS,
    "ListParents": _LISTS,
    "ListPolicies": _LISTS,
    "ListPoliciesForTarget": _LISTS,
    "ListRoots": Rates(Rate(1, 2), Rate(1, 3)),
    "ListTagsForResource": Rates(Rate(10, 15), Rate(12, 18)),
    "ListTargetsForPolicy": _LISTS,
    "MoveAccount": _WRITES,
    "RegisterDelegatedAdministrator": _ONE_OR_TWO,
    "RemoveAccountFromOrganization": Rates(Rate(2, 2)),
    "TagResource": _TAGGING,
    "UntagResource": _TAGGING,
    "UpdateOrganizationalUnit": _WRITES,
    "UpdatePolicy": _WRITES,
}


class TokenBuckets:
    """Contents of each bucket; a bucket begins full."""

    def __init__(self) -> None:
        self._left: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, operation: str, account_id: str, organization_id: str | None, now: float) -> bool:
        """Let a call take its tokens, if every bucket that it needs has one.

        Args:
            operation: AWS's name.
            account_id: who calls.
            organization_id: names the organization that the account is in, if any.
            now: seconds, from whenever.

        Returns:
            Whether the call may go on; a refused one takes nothing.
        """
        rates = RATES.get(operation)
        if rates is None:
            return True
        wanted = [((operation, account_id), rates.account)]
        if rates.organization is not None and organization_id is not None:
            wanted.append(((operation, f"organization {organization_id}"), rates.organization))
        tokens = [self._tokens(key, rate, now) for key, rate in wanted]
        if min(tokens) < 1:
            return False
        for (key, _), left in zip(wanted, tokens, strict=True):
            self._left[key] = (left - 1, now)
        return True

    def _tokens(self, key: tuple[str, str], rate: Rate, now: float) -> float:
        left, at = self._left.get(key, (rate.burst, now))
        return min(rate.burst, left + (now - at) * rate.steady)
