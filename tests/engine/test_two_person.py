"""Two-person finalization as its page has it: its program, its commands, and two users with less and more."""

from __future__ import annotations

import json
import os
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Emulator, Scenario, Switches
from aws_org_features.views.iam_policies import policy_for
from tests.docs import pages
from tools.docs import transcript
from tools.docs.terminal import Session
from tools.local import hermetic
from tools.progress import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.harness.provider import Zygote

PAGE = pages.ROOT / "docs" / "two-person-finalization.md"
FINALIZING = "FinalizeOrCancelTheMigration"


@pytest.fixture
def org() -> Iterator[Emulator]:
    with Emulator(Scenario(switches=Switches(iam_enforcement=True))) as org:
        yield org


def _policy(without: str | None = None) -> dict[str, Any]:
    document = policy_for(
        "operate", partition="aws", organization_id="o-exampleorg1", management_account_id="111111111111"
    )
    document["Statement"] = [each for each in document["Statement"] if each["Sid"] != without]
    return document


class Person:
    """A user of the management account who may do so much, with a shell in the checkout that both share."""

    def __init__(self, name: str, policy: dict[str, Any], checkout: Path, org: Emulator) -> None:
        iam = org.client("iam", org.management)
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        environment = {
            **hermetic(),
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": org.endpoint,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "PULUMI_BACKEND_URL": f"file://{checkout.parent}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_HOME": str(checkout.parent / "pulumi"),
        }
        self._session = Session(checkout, environment)

    def types(self, *commands: str) -> str:
        """Run commands, with yes for an answer; gives what the last one showed."""
        shown = ""
        for command in commands:
            answers = ("yes",) if command == "pulumi up" else ()
            shown = self._session.run(command, answers)
        return shown


def _told(text: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "2027-02-01 09:00 UTC", text)


def _quoted() -> str:
    lines = [line[2:] for line in PAGE.read_text().splitlines() if line.startswith("> ")]
    return " ".join(lines)


@pytest.mark.exhaustive
def test_the_first_asks_and_the_second_finalizes(tmp_path: Path, org: Emulator, zygote: Zygote) -> None:
    ask, propose, finalize = (
        block.text.splitlines() for block in pages.blocks("sh", (PAGE,)) if "iam-policy" not in block.text
    )
    checkout = tmp_path / "check out"
    checkout.mkdir()
    transcript.copy_checkout(checkout)
    shutil.rmtree(checkout / ".venv")
    zygote.environment_in(checkout / ".venv")
    (program,) = pages.blocks("python", (PAGE,))
    (checkout / "__main__.py").write_text(program.text)
    first = Person("first", _policy(without=FINALIZING), checkout, org)
    second = Person("second", _policy(), checkout, org)

    first.types("pulumi stack init production", "pulumi config set organizationId o-exampleorg1", *ask)
    org.approve_all()
    first.types(*ask)
    message = first.types("pulumi stack output message")
    assert _told(" ".join(message.split())) == _quoted()
    assert "unchanged" in first.types("pulumi preview --expect-no-changes")

    preview = first.types(*propose)
    assert "IRREVERSIBLE: `pulumi up` enables all features by finalizing" in " ".join(preview.split())
    assert "finalize: true" in " ".join((checkout / "Pulumi.production.yaml").read_text().split()).replace(
        '"', ""
    )
    with pytest.raises(CommandError) as refused:
        first.types(*finalize)
    assert "access-denied" in refused.value.output
    assert org.feature_set == "CONSOLIDATED_BILLING"

    second.types(*finalize)
    assert org.feature_set == "ALL"
    # The first one's was refused.
    assert org.writes == {"EnableAllFeatures": 1, "AcceptHandshake": 2}
