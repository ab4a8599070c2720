"""Operations that an account may call at all; its policies can only take away from that.

From what the documentation of each operation in botocore's model says ("You can only call this operation
from the management account ..."). Who may answer which handshake is in `handshakes/permissions.py`.
"""

EVERY_ACCOUNT = frozenset(
    {
        "AcceptHandshake",
        "CancelHandshake",
        "CreateOrganization",
        "DeclineHandshake",
        "DescribeEffectivePolicy",
        "DescribeHandshake",
        "DescribeOrganization",
        "LeaveOrganization",
        "ListHandshakesForAccount",
    }
)
"""Operations that check by themselves who is calling, if it matters."""

OF_ONESELF = EVERY_ACCOUNT - {"DescribeEffectivePolicy", "DescribeOrganization"}
"""Operations of the calling account itself; all others are of the organization that it is in."""

DELEGATED_ADMINISTRATORS = frozenset(
    {
        "DescribeAccount",
        "DescribeCreateAccountStatus",
        "DescribeOrganizationalUnit",
        "DescribePolicy",
        "DescribeResourcePolicy",
        "DisablePolicyType",
        "EnablePolicyType",
        "ListAccounts",
        "ListAccountsForParent",
        "ListAWSServiceAccessForOrganization",
        "ListAccountsWithInvalidEffectivePolicy",
        "ListChildren",
        "ListCreateAccountStatus",
        "ListDelegatedAdministrators",
        "ListDelegatedServicesForAccount",
        "ListEffectivePolicyValidationErrors",
        "ListHandshakesForOrganization",
        "ListOrganizationalUnitsForParent",
        "ListParents",
        "ListPolicies",
        "ListPoliciesForTarget",
        "ListRoots",
        "ListTagsForResource",
        "ListTargetsForPolicy",
    }
)
"""Operations that delegated administrators may call too. All others are the management's own."""
