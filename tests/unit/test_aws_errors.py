"""Every error that botocore's model declares for a call of ours becomes one of ours, by name."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import exceptions as bc
from botocore.parsers import ResponseParserError
from botocore.session import get_session

from aws_org_features.aws.errors import told
from aws_org_features.aws.reasons import REASONS
from aws_org_features.common import errors
from aws_org_features.common.sanitize import LONGEST_MESSAGE

CALLS = (
    "AcceptHandshake",
    "CancelHandshake",
    "DescribeOrganization",
    "DisableAWSServiceAccess",
    "DisablePolicyType",
    "EnableAWSServiceAccess",
    "EnableAllFeatures",
    "EnablePolicyType",
    "ListAWSServiceAccessForOrganization",
    "ListAccounts",
    "ListDelegatedAdministrators",
    "ListHandshakesForAccount",
    "ListHandshakesForOrganization",
    "ListPolicies",
    "ListRoots",
    "ListTargetsForPolicy",
)
_MODEL: Any = get_session().get_service_model("organizations")
DECLARED = [(call, shape.name) for call in CALLS for shape in _MODEL.operation_model(call).error_shapes]


def answer(code: str, operation: str, reason: str | None = None) -> bc.ClientError:
    response = {"Error": {"Code": code, "Message": "AWS's own words"}}
    if reason:
        response["Reason"] = reason  # type: ignore[assignment]  # as AWS puts it, beside Error
    return bc.ClientError(response, operation)  # type: ignore[arg-type]


def raised(error: Exception, operation: str, subject: str = "") -> errors.OrgFeaturesError:
    with pytest.raises(errors.OrgFeaturesError) as caught, told("organizations", operation, subject):
        raise error
    return caught.value


@pytest.mark.parametrize(("operation", "code"), DECLARED)
def test_a_declared_error_has_awss_words_and_a_next_step(operation: str, code: str) -> None:
    error = raised(answer(code, operation), operation)
    assert error.next_step
    if code == "ServiceException":
        assert error.reference == "aws-failed"
    else:
        assert error.reference != "aws-failed", f"{code} isn't mapped"
    if error.reference not in {"throttled", "concurrent-modification"}:
        assert "AWS's own words" in str(error)


_REASONS = [
    (operation, shape, reason)
    for operation, shape in (
        ("EnableAllFeatures", "ConstraintViolationException"),
        ("EnableAllFeatures", "HandshakeConstraintViolationException"),
        ("EnableAllFeatures", "InvalidInputException"),
        ("EnablePolicyType", "ConstraintViolationException"),
        ("EnablePolicyType", "InvalidInputException"),
        ("EnableAWSServiceAccess", "ConstraintViolationException"),
        ("EnableAWSServiceAccess", "InvalidInputException"),
    )
    for reason in _MODEL.shape_for(f"{shape}Reason").enum
]


@pytest.mark.parametrize("member", ["", ":SOME_MEMBER"], ids=["bare", "with its member"])
@pytest.mark.parametrize(("operation", "code", "reason"), _REASONS)
def test_a_reason_is_shown_or_has_an_error_of_its_own(
    operation: str, code: str, reason: str, member: str
) -> None:
    error = raised(answer(code, operation, reason + member), operation)
    own = {
        "ORGANIZATION_ALREADY_HAS_ALL_FEATURES": "already-enabled",
        "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION": "already-migrating",
        "ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED": "organization-too-large",
        "SERVICE_ACCESS_NOT_ENABLED": "service-access-not-enabled",
        "INVALID_ENUM_POLICY_TYPE": "policy-type-not-available",
    }
    if operation == "EnableAWSServiceAccess":
        own["UNRECOGNIZED_SERVICE_PRINCIPAL"] = "trusted-service-unknown"
    refused = f"{_kind(operation)}-refused"
    assert error.reference == own.get(reason, refused)
    if error.reference == refused:
        assert reason + member in str(error)


def test_a_policy_type_that_aws_knows_none_of_is_not_available() -> None:
    error = raised(
        answer("InvalidInputException", "EnablePolicyType", "INVALID_ENUM:POLICY_TYPE"), "EnablePolicyType"
    )
    assert error.reference == "policy-type-not-available"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("POLICY_TYPE_ENABLED_FOR_THIS_SERVICE", "Disable the policy type."),
        ("DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE", "Deregister it"),
    ],
)
def test_the_users_of_a_service_are_reported_when_it_is_disabled(reason: str, words: str) -> None:
    error = raised(
        answer("ConstraintViolationException", "DisableAWSServiceAccess", reason), "DisableAWSServiceAccess"
    )
    assert error.reference == "trusted-service-in-use"
    assert words in error.next_step


def _kind(operation: str) -> str:
    if "ServiceAccess" in operation or "Delegated" in operation:
        return "trusted-service"
    return "policy-type" if "Polic" in operation or operation == "ListRoots" else "migration"


@pytest.mark.parametrize(("operation", "code"), DECLARED)
def test_a_refusal_is_reported_with_its_reason(operation: str, code: str) -> None:
    reference = raised(answer(code, operation), operation).reference
    others = {"migration", "policy-type", "trusted-service"} - {_kind(operation)}
    assert reference not in {f"{kind}-refused" for kind in others}
    assert _kind(operation) != "trusted-service" or "policy-type" not in reference


@pytest.mark.parametrize(
    ("error", "reference"),
    [
        (bc.NoCredentialsError(), "credentials-missing"),
        (bc.PartialCredentialsError(provider="env", cred_var="x"), "credentials-missing"),
        (bc.ProfileNotFound(profile="x"), "credentials-missing"),
        (bc.TokenRetrievalError(provider="sso", error_msg="x"), "credentials-expired"),
        (bc.EndpointConnectionError(endpoint_url="http://x"), "endpoint-unreachable"),
        (bc.ConnectTimeoutError(endpoint_url="http://x"), "endpoint-unreachable"),
        (bc.ReadTimeoutError(endpoint_url="http://x"), "endpoint-unreachable"),
        (bc.ConnectionClosedError(endpoint_url="http://x"), "endpoint-unreachable"),
        (bc.SSLError(endpoint_url="http://x", error=OSError()), "endpoint-unreachable"),
        (bc.IncompleteReadError(actual_bytes=1, expected_bytes=2), "configuration-unsupported"),
        (bc.ParamValidationError(report="ExternalId: SECRET"), "configuration-unsupported"),
        (bc.HTTPClientError(error=ValueError("Invalid header value SECRET")), "configuration-unsupported"),
        (ValueError("Invalid endpoint: SECRET"), "configuration-unsupported"),
        (ResponseParserError("not XML"), "aws-failed"),
        (KeyError("Organization"), "aws-failed"),
        (answer("ExpiredTokenException", "DescribeOrganization"), "credentials-expired"),
        (answer("UnrecognizedClientException", "DescribeOrganization"), "credentials-invalid"),
        (answer("SignatureDoesNotMatch", "DescribeOrganization"), "credentials-invalid"),
        (answer("AccessDenied", "AssumeRole"), "role-not-assumed"),
        (answer("ExpiredToken", "AssumeRole"), "credentials-expired"),
        (answer("AccessDenied", "AssumeRoleWithWebIdentity"), "role-not-assumed"),
        (answer("UnauthorizedException", "GetRoleCredentials"), "role-not-assumed"),
        (answer("NeverHeardOfThis", "DescribeOrganization"), "aws-failed"),
    ],
)
def test_errors_around_a_call(error: Exception, reference: str) -> None:
    told_so = raised(error, "DescribeOrganization")
    assert told_so.reference == reference
    assert "SECRET" not in str(told_so), "the request is not shown"


def test_the_handshake_is_named() -> None:
    error = raised(
        answer("InvalidHandshakeTransitionException", "AcceptHandshake"), "AcceptHandshake", "h-abc12345"
    )
    assert str(error).startswith("AWS refuses AcceptHandshake of h-abc12345: AWS's own words")


@pytest.mark.parametrize(
    ("policy_type", "principal"),
    [
        ("SECURITYHUB_POLICY", "securityhub.amazonaws.com`"),
        ("INSPECTOR_POLICY", "inspector2.amazonaws.com`"),
        ("A_POLICY_OF_TOMORROW", "PRINCIPAL`, where PRINCIPAL is the service principal"),
    ],
)
def test_the_call_that_trusts_a_service_is_named(policy_type: str, principal: str) -> None:
    refusal = answer("ConstraintViolationException", "EnablePolicyType", "SERVICE_ACCESS_NOT_ENABLED")
    error = raised(refusal, "EnablePolicyType", policy_type)
    assert f"enable-aws-service-access --service-principal {principal}" in error.next_step
    assert f"EnablePolicyType of {policy_type}" in error.what


def test_an_error_quotes_aws_in_one_line_that_only_shows() -> None:
    error = raised(answer("NewException", "ListAccounts"), "ListAccounts")
    quoting = type(error)("AWS said \x1b]0;owned\x07\n\u202eno\ud800" + "x" * 10_000, "Look\nagain.")
    assert quoting.what.startswith("AWS said \ufffd]0;owned\ufffd \ufffdno\ufffdxxx")
    assert len(quoting.what) == LONGEST_MESSAGE
    assert (quoting.next_step, quoting.args) == ("Look again.", (quoting.what, quoting.next_step))


@pytest.mark.parametrize("message", [None, "", ["no"], {"no": 1}])
@pytest.mark.parametrize("code", [None, "", ["AccessDenied"], 7])
def test_any_code_and_message_make_an_error(code: Any, message: Any) -> None:
    response: Any = {"Error": {"Code": code, "Message": message}}
    error = raised(bc.ClientError(response, "ListAccounts"), "ListAccounts")
    assert error.reference == "aws-failed"
    assert error.what.startswith("ListAccounts failed with ")


def test_references_are_unique_and_documented_by_a_docstring() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.OrgFeaturesError)
    ]
    references = [kind.reference for kind in kinds]
    assert len(references) == len(set(references))
    assert all(kind.__doc__ for kind in kinds)


_ENUMS = sorted(
    {
        reason
        for call in CALLS
        for shape in _MODEL.operation_model(call).error_shapes
        if "Reason" in shape.members
        for reason in shape.members["Reason"].enum
    }
)


def test_every_reason_that_the_model_declares_for_our_calls_has_a_meaning() -> None:
    assert set(_ENUMS) <= REASONS.keys()
    assert len({meaning.what for meaning in REASONS.values()}) >= len(REASONS) - 2


@pytest.mark.parametrize("reason", _ENUMS)
@pytest.mark.parametrize("member", ["", ":POLICY_TYPE"])
def test_a_reason_says_what_it_means_and_what_to_do(reason: str, member: str) -> None:
    error = answer("ConstraintViolationException", "EnableAllFeatures", reason + member)
    with pytest.raises(errors.OrgFeaturesError) as refused, told("organizations", "EnableAllFeatures"):
        raise error
    assert refused.value.next_step
    assert "Fix" not in str(refused.value)
    if isinstance(refused.value, errors.MigrationRefusedError):
        assert REASONS[reason].what in refused.value.what
        assert f"({reason}{member})" in refused.value.what
        assert refused.value.next_step == REASONS[reason].next_step
