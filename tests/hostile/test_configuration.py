"""Every value of a program, a stack, a command line or a scenario is taken, or refused by name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from aws_org_emulator.scenario.file import ScenarioFileError, parse
from aws_org_emulator.scenario.scenario import Member, Scenario
from aws_org_emulator.scenario.switches import Switches
from aws_org_features.cli.group import org_features, subcommand
from aws_org_features.common import errors
from aws_org_features.resources.approval import FeatureSetApprovalProvider
from aws_org_features.resources.feature_set import OrganizationFeatureSetProvider
from aws_org_features.resources.root_policy_type import RootPolicyTypeProvider
from aws_org_features.resources.trusted_service import TrustedServiceProvider
from tests.cli.worlds import world
from tests.hostile import checks
from tests.hostile.answers import INVITED, MANAGEMENT, ORGANIZATION
from tests.hostile.anything import anything, numbers, texts
from tests.hostile.surfaces import FEATURE_SET, POLICY_TYPE, TRUSTED_SERVICE, configured
from tests.hostile.test_answers import SECTION, examples, fuzzed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hostile.surfaces import Rig
    from tests.shares import Share

    Counted = Callable[[str, str, int], None]

ROLE: Final = "arn:aws:iam::111111111111:role/organization"


def nearly(*sound: Any) -> st.SearchStrategy[Any]:
    """A sound value, more often than anything else."""
    return st.one_of(st.sampled_from(sound), st.sampled_from(sound), anything)


def settings_of(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A dictionary of some of these, now and then with a stranger among them, or no dictionary at all."""
    known = st.fixed_dictionaries({}, optional=members)
    strange = st.tuples(known, st.dictionaries(texts, anything, max_size=1)).map(
        lambda two: {**two[1], **two[0]}
    )
    return st.one_of(known, known, strange, anything)


roles = st.lists(
    settings_of(
        role_arn=nearly(ROLE), external_id=nearly("secret"), session_name=nearly("me"), duration=nearly("1h")
    ),
    max_size=2,
)
addresses = nearly("https://example.com", "http://[::1]:80", "http://[", "https://a:99999", "https://u:p@h")
connections = settings_of(
    profile=nearly("default"),
    region=nearly("us-east-1"),
    assume_roles=st.one_of(roles, anything),
    endpoints=settings_of(organizations=addresses, sts=addresses, iam=addresses),
)
accounts = st.one_of(st.lists(nearly(*INVITED), max_size=3), anything)
approvers = settings_of(
    role_name=nearly("Approver"),
    role_arn_template=nearly("arn:{partition}:iam::{account_id}:role/A", "{account_id.__class__}", "{"),
    external_id=nearly("secret"),
    session_name=nearly("me"),
    only=accounts,
    exclude=accounts,
    max_calls_per_second=st.one_of(numbers, anything),
)
INPUTS: Final[dict[str, tuple[Callable[[], Any], dict[str, st.SearchStrategy[Any]]]]] = {
    "OrganizationFeatureSet": (
        OrganizationFeatureSetProvider,
        {
            **{name: nearly(value) for name, value in FEATURE_SET.items()},
            "attempt": st.one_of(st.just(1), numbers),
            "timeout": nearly("30m", "1h", "99999h99999m", "0s"),
            "approver": approvers,
            "connection": connections,
        },
    ),
    "RootPolicyType": (
        RootPolicyTypeProvider,
        {
            **{name: nearly(value) for name, value in POLICY_TYPE.items()},
            "root_id": nearly("r-tm1i", None),
            "connection": connections,
        },
    ),
    "TrustedService": (
        TrustedServiceProvider,
        {**{name: nearly(value) for name, value in TRUSTED_SERVICE.items()}, "connection": connections},
    ),
    "FeatureSetApproval": (
        FeatureSetApprovalProvider,
        {"organization_id": nearly(ORGANIZATION), "connection": connections},
    ),
}

_JSON_KEYS: Final = ("assumeRole", "assumeRoles", "endpoints", "allowedAccountIds", "forbiddenAccountIds")
_configured_role = settings_of(
    roleArn=nearly(ROLE),
    externalId=nearly("x"),
    duration=nearly("1h", 3600),
    durationSeconds=nearly(3600),
    sessionName=nearly("me"),
)
_json_values = st.one_of(
    anything,
    _configured_role,
    st.lists(_configured_role, max_size=2),
    settings_of(sts=addresses),
    st.lists(settings_of(organizations=addresses), max_size=2),
    st.lists(st.one_of(st.sampled_from([MANAGEMENT, 7]), anything), max_size=2),
)
stacks = st.fixed_dictionaries(
    {},
    optional={
        **{f"aws:{key}": st.one_of(_json_values.map(json.dumps), texts) for key in _JSON_KEYS},
        **{
            f"aws:{key}": texts
            for key in ("region", "profile", "accessKey", "secretKey", "token", "insecure")
        },
    },
)


CERTAIN: Final = tuple(f"{kind.reference}: " for kind in errors.CERTAIN)
"""Errors of sound inputs where the owner of the credentials is wrong."""


@pytest.mark.parametrize("kind", INPUTS)
def test_inputs_and_a_stacks_configuration(rig: Rig, kind: str, counted: Counted, share: Share) -> None:
    make, members = INPUTS[kind]
    tried = refused = 0

    @settings(fuzzed, max_examples=examples(share, 120))
    @given(inputs=st.fixed_dictionaries(members), stack=st.one_of(st.just({}), stacks))
    def fuzz(inputs: dict[str, Any], stack: dict[str, str]) -> None:
        nonlocal tried, refused
        rig.begin()
        failures = configured(make(), stack).check({}, inputs).failures
        for failure in failures:
            checks.one_line(failure.reason)
            assert any(name in failure.reason for name in (*members, "aws:", *CERTAIN))
        tried, refused = tried + 1, refused + bool(failures)

    fuzz()
    assert refused > 0
    if not share.chosen:
        counted(SECTION, "inputs and configurations that were taken, or refused by name", tried)


def _options(command: str) -> list[Any]:
    return [option for option in subcommand(command).params if option.name not in {"json_schema", "to"}]


@pytest.mark.parametrize(
    "command", ["status", "watch", "plan", "approve", "approval-kit", "report", "iam-policy"]
)
def test_a_command_line(rig: Rig, command: str, counted: Counted, share: Share) -> None:
    # Nothing of it may be written beside the folder.
    words = texts.map(
        lambda text: text.replace("\0", "").replace("/", "").encode("utf-8", "replace").decode()
    )
    given_options = st.lists(st.tuples(st.sampled_from(_options(command)), words), max_size=3)
    tried = 0

    @settings(fuzzed, max_examples=examples(share, 40))
    @given(chosen=given_options, stray=st.lists(words, max_size=1))
    def fuzz(chosen: list[tuple[Any, str]], stray: list[str]) -> None:
        nonlocal tried
        rig.begin()
        arguments = [command]
        for option, value in chosen:
            arguments.append(option.opts[0] if option.is_flag else f"{option.opts[0]}={value}")
        result = CliRunner().invoke(org_features, [*arguments, *stray], obj=world())
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        if result.exit_code == 2:
            assert "Error: " in result.stderr
        checks.in_a_pipe(result.stderr, result.stderr)
        tried += 1

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(rig.folder)
        fuzz()
    if not share.chosen:
        counted(SECTION, "command lines that ran, or were refused", tried)


_plain = st.one_of(
    anything, st.sampled_from([INVITED[0], "CREATED", "ALL", "A", "B", "2026-01-05T09:00:00Z"])
)
_SMALL: Final = st.one_of(st.integers(-3, 20), anything)
scenarios = settings_of(
    accounts=_SMALL,
    **{
        name: _SMALL if name in {"invited", "created"} else _plain
        for name in Scenario.__dataclass_fields__
        if name not in {"switches", "members"}
    },
    switches=settings_of(**dict.fromkeys(Switches.__dataclass_fields__, _plain)),
    members=st.one_of(
        st.lists(settings_of(**dict.fromkeys(Member.__dataclass_fields__, _plain)), max_size=2), anything
    ),
)


scenario_texts = st.one_of(
    texts,
    st.text("-:?[]{}&*!|>'\"%@`#,~ \n\tabinvte0", max_size=60),
    st.sampled_from(
        [
            "&a [*a]",
            "{? [1]: 2}",
            "a: &a {b: *a}",
            "!!python/object:x {}",
            "members: [*a]",
            "invited: 1e9",
            "start: !!binary x",
            "\ufeff{}",
            "a: b\n---\nc: d",
            "<<: {invited: 1}",
        ]
    ),
)
FILES: Final[dict[str, st.SearchStrategy[str]]] = {
    "a scenario as YAML has it": scenarios.map(lambda found: yaml.safe_dump(found, allow_unicode=True)),
    "anything": scenario_texts,
}


def _read(text: str) -> None:
    try:
        scenario = parse(text)
    except ScenarioFileError as error:
        name, line, why = str(error).split(":", 2)
        assert name == "scenario"
        assert line.isdigit()
        assert why.strip()
    else:
        assert isinstance(scenario, Scenario)


@pytest.mark.parametrize("file", FILES)
def test_a_scenario_file(file: str, counted: Counted, share: Share) -> None:
    @settings(fuzzed, max_examples=examples(share, 250))
    @given(FILES[file])
    def fuzz(text: str) -> None:
        _read(text)

    fuzz()
    if not share.chosen:
        counted(SECTION, "scenario files that were taken, or refused with a line", 250)
