"""`org-features plan`: what is going to happen, to whom, what stands against it, and nothing is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import pytest

from aws_org_emulator import Member, Scenario, Switches
from aws_org_features.cli.exit_codes import Exit
from aws_org_features.cli.render.plan_json import SCHEMA_ID, schema_text
from aws_org_features.model.migration import Status
from tests.cli.conftest import error_of
from tests.cli.phases import PHASES, declined, scenario, started
from tests.cli.worlds import NOW, Time, world
from tests.policies import actions, policy

if TYPE_CHECKING:
    from click.testing import Result

    from aws_org_emulator import Emulator
    from tests.cli.conftest import Invoke, InvokeIn

SCHEMA: Final = jsonschema.Draft202012Validator(
    json.loads(schema_text()), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)
ACTIONS: Final = {
    Status.NOT_STARTED: ("START", False),
    Status.AWAITING_APPROVALS: ("NONE", False),
    Status.DECLINED: ("NONE", True),
    Status.AWAITING_FINALIZATION: ("ACCEPT", False),
    Status.EXPIRED: ("START", False),
    Status.CANCELED: ("NONE", True),
    Status.ENABLED: ("NONE", False),
}
MUST_APPROVE: Final = {
    "not started": 3,
    "awaiting": 2,
    "declined": 3,
    "declined and over": 3,
    "responded": 0,
    "finalized": 0,
    "canceled": 3,
    "expired": 3,
}
LABELS: Final = {"next_step": "Then", "must_act": "Must act", "if_nobody_acts": "If nobody acts"}
LOOKS: Final = {
    "organizations:DescribeOrganization",
    "organizations:ListAccounts",
    "organizations:ListHandshakesForOrganization",
}
ENFORCED: Final = Switches(iam_enforcement=True)


def document(result: Result) -> dict[str, Any]:
    """Parse what `--json` printed, which is as its schema says."""
    found: dict[str, Any] = json.loads(result.stdout)
    SCHEMA.validate(found)
    return found


def verdicts(found: dict[str, Any]) -> dict[str, str]:
    return {each["action"]: each["verdict"] for each in found["permissions"]}


def at(org: Emulator, **more: Any) -> Any:
    """The world, when the organization's clock says so."""
    return world(Time((org.clock.now() - NOW).total_seconds()), **more)


def beside(result: Result, label: str) -> str:
    """The text beside a label, in a pipe."""
    (found,) = [line for line in result.stdout.splitlines() if line.startswith(f"{label}  ")]
    return found.removeprefix(label).strip()


# Where it stands, and what is done


@pytest.mark.parametrize(
    "scenario", [scenario(handshake_actions=each) for each in ("guide", "model")], ids=["guide", "model"]
)
def test_after_a_decline_it_names_the_accounts_that_another_attempt_asks(
    org: Emulator, invoke_in: InvokeIn
) -> None:
    declined(org)
    assert "Would be asked to approve: 3 accounts" in invoke_in(at(org), "plan").stdout
    foreseen = document(invoke_in(at(org), "plan", "--json"))["must_approve"]
    org.cancel()
    org.enable_all_features()
    asked = {child["Parties"][1]["Id"] for child in org.children if child["State"] == "OPEN"}
    assert {each["account_id"] for each in foreseen} == asked


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize(
    "scenario", [scenario(handshake_actions=each) for each in ("guide", "model")], ids=["guide", "model"]
)
def test_each_status_says_what_is_done_and_to_whom(org: Emulator, invoke_in: InvokeIn, phase: str) -> None:
    happens, status = PHASES[phase]
    happens(org)
    text, told = (invoke_in(at(org), "plan", *more) for more in ((), ("--json",)))
    found = document(told)
    assert (found["schema"], found["status"]) == (SCHEMA_ID, status)
    assert (found["action"], found["blocked"]) == ACTIONS[status]
    assert text.exit_code == told.exit_code == (Exit.OBSTRUCTED if found["blocked"] else Exit.DONE)
    assert len(found["must_approve"]) == MUST_APPROVE[phase]
    first, whose, *_ = text.stdout.splitlines()
    assert first == "All features for o-exampleorg1, management account 111111111111"
    assert whose == f"as {found['caller']} sees it; nothing was written"
    for field, label in LABELS.items():
        assert beside(text, label) == found[field]
    assert ("No way back" in text.stdout) is (status is not Status.ENABLED)
    assert bool(found["considerations"]) is (status is not Status.ENABLED)
    assert text.stderr + told.stderr == ""
    assert not org.writes


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("scenario", [scenario(40)])
def test_a_reviewers_questions_are_answered_where_they_stay_in_sight(
    org: Emulator, invoke_in: InvokeIn, phase: str
) -> None:
    happens, status = PHASES[phase]
    happens(org)
    rows = invoke_in(at(org, terminal=(80, 24)), "plan").stdout.splitlines()
    assert max(map(len, rows)) <= 80
    seen = rows[-23:]
    asked = [*LABELS.values(), *(["No way back", "Blockers"] if status is not Status.ENABLED else [])]
    for label in asked:
        assert [each for each in seen if each.startswith(label)], label


# Who, and what else becomes of it


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(
            invited=1,
            created=1,
            start=NOW,
            members=(
                Member("600000000001", name="Old sandbox", state="SUSPENDED"),
                Member("600000000002", joined="CREATED", service_linked_role=False),
            ),
        )
    ],
)
def test_accounts_that_aws_asks_are_shown_as_far_as_aws_shows_them(
    org: Emulator, invoke_in: InvokeIn
) -> None:
    before = invoke_in(at(org), "plan")
    assert "2 accounts that were created in the organization, unless one of these has lost" in before.stdout
    assert beside(before, "Blockers").startswith("Maybe 600000000001: it is SUSPENDED")
    assert before.stdout.index("600000000001  Old sandbox") < before.stdout.index(
        f"{org.invited[0]}  invited"
    )
    found = document(invoke_in(at(org), "plan", "--json"))
    assert [each["account_state"] for each in found["must_approve"]] == ["SUSPENDED", None]
    assert (found["created_accounts"], found["roles_lost"], found["accounts"]) == (2, None, 5)

    started(org)
    after = invoke_in(at(org), "plan")
    assert "but for 600000000002: it lost its service-linked role, so AWS asks it as well." in after.stdout
    found = document(invoke_in(at(org), "plan", "--json"))
    assert found["roles_lost"] == ["600000000002"]
    assert {each["account_id"] for each in found["must_approve"]} == {
        org.invited[0],
        "600000000001",
        "600000000002",
    }


@pytest.mark.parametrize("scenario", [Scenario(invited=0, created=2, start=NOW)])
def test_where_nobody_is_asked_it_is_finalized_at_once(org: Emulator, invoke_in: InvokeIn) -> None:
    result = invoke_in(at(org), "plan")
    assert beside(result, "Then").startswith(
        "`pulumi up` starts and finalizes it at once, which can't be undone: no account must be asked"
    )
    assert document(invoke_in(at(org), "plan", "--json"))["next_up"]["writes"] == 2


@pytest.mark.parametrize("scenario", [scenario()])
def test_invitations_that_aws_is_going_to_cancel_are_named(org: Emulator, invoke_in: InvokeIn) -> None:
    client = org.client("organizations", org.management)
    email = client.invite_account_to_organization(Target={"Type": "EMAIL", "Id": "a@b.example"})
    client.invite_account_to_organization(Target={"Type": "ACCOUNT", "Id": "700000000001"})
    org.reset_calls()
    result = invoke_in(at(org), "plan")
    assert beside(result, "Invitations").startswith("2 are pending, and AWS cancels them")
    invitations = document(invoke_in(at(org), "plan", "--json"))["invitations"]
    assert {each["invited"] for each in invitations} == {"a@b.example", "700000000001"}
    assert email["Handshake"]["Id"] in {each["handshake_id"] for each in invitations}
    assert not org.writes
    started(org)
    states = {
        h["State"]
        for page in [client.list_handshakes_for_organization(Filter={"ActionType": "INVITE"})]
        for h in page["Handshakes"]
    }
    assert states == {"CANCELED"}, "as it was set"
    assert document(invoke_in(at(org), "plan", "--json"))["invitations"] == []


@pytest.mark.parametrize("scenario", [Scenario(invited=5_001, created=0, start=NOW)])
def test_an_organization_that_is_too_large_is_reported_beforehand(org: Emulator, invoke_in: InvokeIn) -> None:
    result = invoke_in(at(org), "plan")
    assert result.exit_code == Exit.OBSTRUCTED
    assert beside(result, "Blockers").startswith(
        "The organization has 5,002 accounts, and self-service migration allows at most 5,000"
    )
    found = document(invoke_in(at(org), "plan", "--json"))
    assert [each["reference"] for each in found["obstacles"]] == ["organization-too-large"]
    with pytest.raises(Exception, match="ConstraintViolationException"):
        org.enable_all_features()


NASTY: Final = "\x1b[31m[bold]a[/bold]\n600000000009 \u202eb :smile:"


@pytest.mark.parametrize(
    "scenario",
    [Scenario(invited=0, created=0, start=NOW, members=(Member("600000000001", name=NASTY),))],
)
@pytest.mark.parametrize("terminal", [None, (80, 24)])
def test_names_do_nothing(org: Emulator, invoke_in: InvokeIn, terminal: Any) -> None:
    result = invoke_in(at(org, terminal=terminal), "plan")
    assert "\x1b[31m[bold]" not in result.output
    assert "\u202e" not in result.output
    assert document(invoke_in(at(org), "plan", "--json"))["must_approve"][0]["name"] == NASTY


# What the caller may do


def as_only(org: Emulator, document: str, kind: str) -> dict[str, str]:
    """The environment of a user, or of a session of a role with a path, that may do this and nothing else."""
    iam = org.client("iam", org.management)
    iam.create_user(UserName="only", Path="/people/")
    if kind == "user":
        iam.put_user_policy(UserName="only", PolicyName="only", PolicyDocument=document)
    key = iam.create_access_key(UserName="only")["AccessKey"]
    keys = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    if kind == "user":
        return keys
    trust = {"Effect": "Allow", "Principal": {"AWS": org.management}, "Action": "sts:AssumeRole"}
    role = iam.create_role(
        RoleName="only",
        Path="/teams/",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )["Role"]
    iam.put_role_policy(RoleName="only", PolicyName="only", PolicyDocument=document)
    allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role["Arn"]}
    iam.put_user_policy(
        UserName="only",
        PolicyName="assume",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow]}),
    )
    return keys | {"ROLE": role["Arn"]}


def merged(*documents: str) -> str:
    statements = [each for text in documents for each in json.loads(text)["Statement"]]
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{**s, "Sid": f"S{n}"} for n, s in enumerate(statements)]}
    )


@pytest.mark.parametrize("kind", ["user", "role"])
@pytest.mark.parametrize("phase", ["not started", "awaiting", "responded"])
@pytest.mark.parametrize("lacking", [None, *sorted(set(actions("operate")) - LOOKS)])
@pytest.mark.parametrize("scenario", [Scenario(invited=3, start=NOW, switches=ENFORCED)])
def test_a_permission_that_is_missing_is_found_without_trying(
    org: Emulator, invoke_in: InvokeIn, lacking: str | None, phase: str, kind: str
) -> None:
    PHASES[phase][0](org)
    environment = as_only(org, merged(policy("operate", lacking), policy("plan")), kind)
    role = environment.pop("ROLE", None)
    more = ("--assume-role", role) if role else ()
    org.reset_calls()
    result = invoke_in(at(org), "plan", "--json", *more, **environment)
    found = document(result)
    assert {action for action, verdict in verdicts(found).items() if verdict == "DENIED"} == {lacking} - {
        None
    }
    assert "UNKNOWN" not in verdicts(found).values()
    assert result.exit_code == (Exit.OBSTRUCTED if lacking else Exit.DONE)
    assert not org.writes
    if lacking:
        assert [each["reference"] for each in found["obstacles"]] == ["access-denied"]
        assert lacking in found["obstacles"][0]["what"]


@pytest.mark.parametrize("scenario", [Scenario(invited=3, start=NOW, switches=ENFORCED)])
def test_under_the_read_only_policy_what_isnt_known_is_unknown(org: Emulator, invoke_in: InvokeIn) -> None:
    environment = as_only(org, policy("read"), "user")
    result = invoke_in(at(org), "plan", **environment)
    assert result.exit_code == Exit.DONE
    assert beside(result, "Permissions").startswith(
        "Unknown whether the caller has organizations:EnableAllFeatures"
    )
    found = document(invoke_in(at(org), "plan", "--json", **environment))
    told = verdicts(found)
    assert {action for action, verdict in told.items() if verdict == "ALLOWED"} == LOOKS
    assert {action for action, verdict in told.items() if verdict == "UNKNOWN"} == set(told) - LOOKS
    assert "SimulatePrincipalPolicy" in found["permissions_untold"]
    assert len(found["must_approve"]) == 3


@pytest.mark.parametrize("without", actions("plan"))
@pytest.mark.parametrize("scenario", [Scenario(invited=3, start=NOW, switches=ENFORCED)])
def test_each_permission_of_its_policy_is_needed(org: Emulator, invoke_in: InvokeIn, without: str) -> None:
    environment = as_only(org, policy("plan", without), "role")
    result = invoke_in(at(org), "plan", "--json", "--assume-role", environment.pop("ROLE"), **environment)
    if without in LOOKS - {"organizations:ListAccounts"}:
        assert json.loads(result.stdout)["error"]["reference"] == "access-denied"
        return
    found = document(result)
    if without == "organizations:ListAccounts":
        assert found["must_approve"] is found["accounts"] is None
        assert verdicts(found)[without] == "DENIED"
    else:
        assert "UNKNOWN" in verdicts(found).values()
        assert without.removeprefix("iam:") in found["permissions_untold"]


# Where it can't look


def test_another_organization_is_refused(org: Emulator, invoke: Invoke) -> None:
    reference, _ = error_of(invoke("plan", "--organization-id", "o-another0001"))
    assert reference == "organization-mismatch"
    assert not org.writes


@pytest.mark.parametrize("scenario", [scenario()])
def test_a_member_reports_that_it_cant_look(org: Emulator, invoke: Invoke) -> None:
    reference, _ = error_of(invoke("plan", account=org.invited[0]))
    assert reference == "not-management-account"


def test_the_schema_is_printed_without_asking_aws(org: Emulator, invoke: Invoke) -> None:
    org.reset_calls()
    result = invoke("plan", "--json-schema")
    assert json.loads(result.stdout)["$id"] == SCHEMA_ID
    assert not org.calls


@pytest.mark.parametrize("scenario", [scenario(2)])
def test_in_a_pipe_a_fact_is_a_line_however_long_awss_words_are(org: Emulator, invoke_in: InvokeIn) -> None:
    message = " ".join(["no"] * 600)
    org.fail("SimulatePrincipalPolicy", error="AccessDenied", message=message, times=9)
    lines = invoke_in(world(), "plan").stdout.splitlines()
    assert [line for line in lines if line.startswith("Permissions") and line.endswith(".")]
    assert not [line for line in lines if line.startswith(" ")]
