"""Asks the emulator what AWS was once asked, and tells where it answers otherwise.

What AWS answered is in `captured/*.yaml`, one file an area; what was seen where is said in each. All
exchanges of a file happen in one organization, in their order, as raw requests. `$NAME` stands for what
differs: an id that an answer gave before, a time, or, with `$ANY`, anything.
"""

import http.client
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from aws_org_emulator import Emulator, Member, Scenario, Switches
from aws_org_emulator.people.clients import REGION, isolated_session

FOLDER: Final = Path(__file__).parent / "captured"
MANAGEMENT, MEMBER = "111111111111", "222222222222"
ACCOUNTS = {"management": MANAGEMENT, "member": MEMBER}
SCENARIO: Final = Scenario(
    feature_set="ALL",
    invited=0,
    created=3,
    management_email="management@example.test",
    management_name="Management",
    members=(Member(MEMBER, joined="CREATED", email="member@example.test"),),
    switches=Switches(iam_enforcement=True),
)
"""The organization in which AWS was asked: five accounts, one of them a member that is asked."""


_READS = ["iam:ListOrganizationsFeatures", "iam:GetAccountProperties"]
USERS: Final = {
    "explicit_deny_observer": [
        {"Effect": "Allow", "Action": _READS, "Resource": "*"},
        {"Effect": "Deny", "NotAction": _READS, "Resource": "*"},
    ],
    "scoped_reads": [{"Effect": "Allow", "Action": _READS, "Resource": f"arn:aws:iam::{MANAGEMENT}:role/x"}],
}
"""Users that asked for the features of root access, and what they might do. The second one's resource was the
account's root, which moto takes for none."""


class Exchange(NamedTuple):
    """The outcome of one exchange; `says` and `status` are None where they aren't on record."""

    status: int | None
    error: str
    says: str | None
    members: Any


class Recorded(NamedTuple):
    """A file of exchanges.

    Attributes:
        name: the file's, without its suffix.
        area: what they are about.
        exchanges: in their order.
    """

    name: str
    area: str
    exchanges: tuple[dict[str, Any], ...]


@cache
def words() -> dict[str, str]:
    """AWS's words, by code and Reason."""
    found: dict[str, str] = _read(FOLDER / "words.yaml")
    return found


@cache
def recorded() -> tuple[Recorded, ...]:
    """All files."""
    paths = sorted(path for path in FOLDER.glob("*.yaml") if path.stem != "words")
    files = [(path.stem, _read(path)) for path in paths]
    return tuple(Recorded(name, file["area"], tuple(file["exchanges"])) for name, file in files)


def _read(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(), Loader=loader)  # noqa: S506 - one of the safe loaders


def observed(exchange: dict[str, Any]) -> bool:
    """Return whether AWS's answer is on record: it isn't where something was only done for what follows."""
    return not exchange.get("step")


class Replay:
    """Asks one emulator what a file says.

    Args:
        emulator: of `SCENARIO`.
    """

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._sessions: dict[str, dict[str, str]] = {}
        organization = emulator.client("organizations", MANAGEMENT)
        root = organization.list_roots()["Roots"][0]["Id"]
        self._known = {
            "ORGANIZATION": SCENARIO.organization_id,
            "BARE_ORGANIZATION": SCENARIO.organization_id.removeprefix("o-"),
            "ROOT": root,
        }

    def differences(self, file: Recorded) -> Iterator[tuple[int, str]]:
        """The exchanges whose answer isn't AWS's: their numbers, and what is otherwise."""
        for exchange in file.exchanges:
            asked = self._filled(exchange.get("with", {}))
            answer = self._ask(exchange, asked)
            for name, path in exchange.get("keeps", {}).items():
                self._known[name] = _at(answer.members, path)
            if observed(exchange):
                found = self._compare(exchange, answer) or self._afterwards(exchange, asked)
                if found:
                    yield exchange["n"], f"{exchange['asks']}: {found}"

    def _ask(self, exchange: dict[str, Any], asked: dict[str, Any]) -> Exchange:
        credentials = self._credentials(exchange.get("who", "management"), exchange.get("session"))
        service, _, operation = exchange["asks"].rpartition(":")
        if service:
            return self._ask_other(service, operation, asked, credentials)
        return ask(self._emulator, operation, asked, credentials)

    def _credentials(self, who: str, session: Any) -> dict[str, str]:
        """Keys of the account's administrator, or of a session of the role that `who` names."""
        account, _, role = who.partition(" as ")
        if who in USERS:
            return self._user(who)
        if not role:
            return {"AccessKeyId": self._emulator.credentials(ACCOUNTS[account]).access_key_id}
        key = f"{who} {json.dumps(session)}"
        if key not in self._sessions:
            policy = {"Policy": json.dumps(self._filled(session))} if session else {}
            arn = f"arn:aws:iam::{ACCOUNTS[account]}:role/{role}"
            sts = self._emulator.client("sts", MANAGEMENT)
            answer = sts.assume_role(RoleArn=arn, RoleSessionName="replay", **policy)
            self._sessions[key] = answer["Credentials"]
        return self._sessions[key]

    def _user(self, who: str) -> dict[str, str]:
        """Keys of a user of the management account, who has one policy."""
        if who not in self._sessions:
            iam = self._emulator.client("iam", MANAGEMENT)
            name = f"probe-root-access-fixture-{who}"
            iam.create_user(UserName=name, Path="/org-access/")
            document = json.dumps({"Version": "2012-10-17", "Statement": USERS[who]})
            iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=document)
            self._sessions[who] = iam.create_access_key(UserName=name)["AccessKey"]
        return self._sessions[who]

    def _ask_other(
        self, service: str, operation: str, asked: dict[str, Any], credentials: dict[str, str]
    ) -> Exchange:
        client: Any = isolated_session().create_client(
            service,
            config=Config(parameter_validation=False, retries={"total_max_attempts": 1}, proxies={}),
            region_name=REGION,
            endpoint_url=self._emulator.endpoint,
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials.get("SecretAccessKey", "emulated"),
            aws_session_token=credentials.get("SessionToken"),
        )
        sent = {name: json.dumps(each) if name.endswith("Document") else each for name, each in asked.items()}
        try:
            members = getattr(client, xform_name(operation))(**sent)
        except ClientError as error:
            refused = error.response["Error"]
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            return Exchange(status, refused["Code"], refused["Message"], {})
        finally:
            client.close()
        return Exchange(members.pop("ResponseMetadata")["HTTPStatusCode"], "", None, members)

    def _compare(self, exchange: dict[str, Any], answer: Exchange) -> str:
        refused = exchange.get("refused", "")
        status = exchange.get("status", 400 if refused else 200)
        kind = refused.partition(":")[0]
        says = exchange.get("says", words().get(kind)) if refused else None
        if (answer.status, answer.error) != (status, refused):
            return f"{answer.status} {answer.error} ({answer.says}), not {status} {refused}"
        if says is not None and answer.says != self._filled(says):
            return f"says {answer.says!r}, not {says!r}"
        if "answers" in exchange:
            return self._difference(self._filled(exchange["answers"]), answer.members, partly=False)
        if "shows" in exchange:
            return self._difference(self._filled(exchange["shows"]), answer.members, partly=True)
        return ""

    def _afterwards(self, exchange: dict[str, Any], asked: dict[str, Any]) -> str:
        """The result of a later read, if that is on record."""
        if "afterwards" not in exchange:
            return ""
        wanted = self._filled(exchange["afterwards"])
        credentials = self._credentials("management", None)
        if "tags" in wanted:
            read = ask(
                self._emulator, "ListTagsForResource", {"ResourceId": asked["ResourceId"]}, credentials
            )
            shown: dict[str, Any] = {"tags": sorted(read.members["Tags"], key=lambda tag: str(tag["Key"]))}
        elif "PolicyId" in asked:
            read = ask(self._emulator, "DescribePolicy", {"PolicyId": asked["PolicyId"]}, credentials)
            shown = read.members["Policy"]["PolicySummary"]
        else:
            unit = {"OrganizationalUnitId": self._known["UNIT"]}
            shown = ask(self._emulator, "DescribeOrganizationalUnit", unit, credentials).members[
                "OrganizationalUnit"
            ]
        shown = {name.lower(): each for name, each in shown.items()}
        found = self._difference(wanted, shown, partly=True)
        return f"afterwards {found}" if found else ""

    def _difference(self, wanted: Any, shown: Any, *, partly: bool, where: str = "") -> str:
        """The difference between what is shown and what is wanted, or an empty string."""
        if wanted in ("$ANY", "$TIME"):
            fits = isinstance(shown, int | float) if wanted == "$TIME" and not partly else shown is not None
            return "" if fits else f"{where} is {shown!r}"
        if isinstance(wanted, dict) and isinstance(shown, dict):
            counted = {**shown, "AccountCount": len(shown["Accounts"])} if "Accounts" in shown else shown
            if "OrganizationId" in wanted:
                counted = {"OrganizationId": shown["Organization"]["Id"]}
            only = set(wanted) ^ set(counted)
            if not partly and not {"AccountCount", "OrganizationId"} & set(wanted) and only:
                return f"{where} has members {sorted(shown)}, not {sorted(wanted)}"
            each = (
                self._difference(value, counted.get(name), partly=partly, where=f"{where}.{name}")
                for name, value in wanted.items()
            )
            return next(filter(None, each), "")
        if isinstance(wanted, list) and isinstance(shown, list) and where.endswith(".Parties"):
            wanted, shown = (sorted(parties, key=json.dumps) for parties in (wanted, shown))
        if isinstance(wanted, list) and isinstance(shown, list):
            if where.endswith(".Accounts"):
                ids = {account["Id"] for account in wanted}
                shown = [account for account in shown if account["Id"] in ids]
            if len(wanted) != len(shown):
                return f"{where} has {len(shown)} entries, not {len(wanted)}"
            pairs = zip(wanted, shown, strict=True)
            found = (self._difference(a, b, partly=partly, where=where) for a, b in pairs)
            return next(filter(None, found), "")
        return "" if wanted == shown else f"{where} is {shown!r}, not {wanted!r}"

    def _filled(self, value: Any) -> Any:
        """A value with what its names stand for."""
        if isinstance(value, dict):
            if set(value) == {"repeat", "times"}:
                return value["repeat"] * value["times"]
            return {name: self._filled(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._filled(each) for each in value]
        if not isinstance(value, str) or value in ("$ANY", "$TIME"):
            return value
        for name in sorted(self._known, key=len, reverse=True):
            value = value.replace(f"${name}", str(self._known[name]))
        return value


def ask(emulator: Emulator, operation: str, body: Any, credentials: dict[str, str]) -> Exchange:
    """A request of Organizations as it stands here: no client checks it."""
    host, _, port = emulator.endpoint.removeprefix("http://").rpartition(":")
    scope = f"{credentials['AccessKeyId']}/20260101/us-east-1/organizations/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"AWSOrganizationsV20161128.{operation}",
    }
    connection = http.client.HTTPConnection(host, int(port), timeout=30)
    try:
        connection.request("POST", "/", json.dumps(body), headers)
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    try:
        members = json.loads(content or b"{}")
    except ValueError:
        return Exchange(response.status, "not JSON", content.decode(errors="replace")[:80], {})
    if response.status < 300:
        return Exchange(response.status, "", None, members)
    reason = f" {members['Reason']}" if "Reason" in members else ""
    return Exchange(response.status, f"{members['__type']}{reason}", members.get("Message"), members)


def _at(members: Any, path: str) -> Any:
    for name in path.split("."):
        members = members.get(name) if isinstance(members, dict) else None
    return members
