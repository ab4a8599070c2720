"""AWS's answers without anything that tells who they are about.

An id, an address or a text becomes a pseudonym, `{account:bcdfghjkmn}`: the same one wherever the same thing
stands, for as long as a recording's key is the same. Kept is what AWS alone decides: words of enums, whether
an `o-` or `h-` stood before an id, the order of lists, names of members. Times become seconds since the
recording's first answer. What still looks like an id, an address or a key after that is left out.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aws_org_features.common.sanitize import message, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_K = TypeVar("_K")
_V = TypeVar("_V")

LEFT_OUT: Final = "{left out}"
"""Stands where something was that isn't written."""
LONGEST_TEXT: Final = 2000
"""Characters of a text that are looked at: AWS's own messages are a quarter of that."""
DEEPEST: Final = 30
"""Depth to which an answer may be nested."""
_MOST_TEXTS: Final = 20_000
"""Names and addresses that are remembered, to find them in messages."""
_SHORTEST: Final = 3
"""Characters of a name that is looked for in messages."""

_LONG_ID: Final = 8
"""Characters of an id without its prefix that are no word by chance."""

_LETTERS: Final = "bcdfghjkmnpqrstvwxz"
_LENGTH: Final = 10
TOKEN: Final = re.compile(rf"\{{([a-z]+):([{_LETTERS}]{{{_LENGTH}}})\}}")
"""A pseudonym: what kind of thing it stands for, and which one."""

_DECADE: Final = 10 * 366 * 86400.0
"""Seconds. What lies further from now isn't a time, even if its member is named like one."""
_LARGEST_NUMBER: Final = 1_000_000

_WORD: Final = re.compile(r"[A-Z][A-Z0-9]{0,31}(?:_[A-Z0-9]{1,31}){0,12}(?::[A-Z0-9_]{1,64})?")
_COMPOUND: Final = re.compile(r"[A-Z]{2,31}(?:_[A-Z0-9]{1,31}){1,12}")
_MEMBER: Final = re.compile(r"_{0,2}[A-Za-z][A-Za-z]{0,63}")

_OF_WORDS: Final = frozenset(
    {
        *("Action", "ActionType", "Code", "FailureReason", "FeatureSet", "JoinedMethod", "PolicyType"),
        *("Reason", "State", "Status", "TargetType", "Type"),
    }
)
"""Members that hold a word of an enum; one that AWS has added since is kept as well."""
_WORDS: Final = frozenset(
    {
        *("ACCOUNT", "ACTIVE", "ALL", "CLOSED", "CREATED", "EMAIL", "ENABLED", "INVITE", "INVITED", "NOTES"),
        *("OPEN", "ORGANIZATION", "REQUESTED", "ACCEPTED", "DECLINED", "CANCELED", "EXPIRED", "ROOT"),
        *("SUSPENDED", "DISABLED", "PENDING"),
    }
)
"""Words without an underscore that are AWS's, wherever they stand."""
_PRIVATE: Final = re.compile(
    r"name|mail|note|descr|content|address|phone|owner|contact|tag|title|label|comment|alias|company|token"
    r"|secret|key$|^value$|^path",
    re.IGNORECASE,
)
"""Members that hold what somebody typed, or what opens something; those of later versions too."""
_TIME: Final = re.compile(r"(?:Timestamp|Date|Time|At)$")

_OF_PARTIES: Final = {
    "ACCOUNT": "account",
    "MANAGEMENT_ACCOUNT": "account",
    "EMAIL": "email",
    "MASTER_EMAIL": "email",
    "OWNER_EMAIL": "email",
    "MANAGEMENT_EMAIL": "email",
    "ORGANIZATION": "organization",
    "PARENT_HANDSHAKE": "handshake",
}
"""Kind of a party's Id, or of a resource's Value, by its Type."""
_OF_FEATURES: Final = frozenset({"ORGANIZATION_FEATURE_SET"})
"""Resources whose Value is a word."""

_PREFIXES: Final = {
    "o": ("organization", r"[a-z0-9]{4,32}"),
    "h": ("handshake", r"[0-9a-z]{4,32}"),
    "r": ("root", r"[0-9a-z]{4,32}"),
    "ou": ("unit", r"[0-9a-z]{4,32}-[a-z0-9]{4,32}"),
    "p": ("policy", r"[0-9A-Za-z_]{4,128}"),
    "car": ("request", r"[a-z0-9]{4,32}"),
    "rt": ("transfer", r"[0-9a-z]{4,32}"),
}
_ID: Final = re.compile(
    "|".join(rf"(?P<{prefix}>{prefix}-{body})" for prefix, (_, body) in _PREFIXES.items()) + r"|(?P<n>\d{12})"
)
_EMAIL: Final = re.compile(r"[^\s@,;<>\"'()]{1,64}@[^\s@,;<>\"'()]{1,255}")
_ARN: Final = re.compile(r"arn:[\w-]*(?::[^\s:\"',;]*){3}:[^\s\"',;]+")
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]{1,15}://\S+", re.IGNORECASE)
_QUOTED: Final = re.compile(r"\"[^\"]{1,300}\"|(?<!\w)'[^']{1,300}'(?!\w)|`[^`]{1,300}`|“[^”]{1,300}”")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,7}", re.IGNORECASE)
_INLINE_ID: Final = re.compile(
    rf"(?<![\w{{-])(?:{'|'.join(f'{prefix}-{body}' for prefix, (_, body) in _PREFIXES.items())})(?![\w-])"
    r"|(?<!\d)\d{12}(?!\d)"
)
_IN_ARNS: Final = frozenset(
    {
        *("account", "handshake", "organization", "ou", "policy", "responsibilitytransfer", "root", "invite"),
        *("role", "user", "assumed-role", "federated-user", "transfer", "resourcepolicy", "create_account"),
        *("enable_all_features", "approve_all_features", "add_organizations_service_linked_role"),
        *("transfer_responsibility", "service_control_policy", "tag_policy", "backup_policy", "inbound"),
        *("resource_control_policy", "aiservices_opt_out_policy", "outbound", "instance", "*"),
    }
)
_SNAKE: Final = re.compile(r"[a-z]{2,24}(?:_[a-z0-9]{1,24}){1,8}")
_PARTITION: Final = re.compile(r"aws(?:-[a-z]{2,8}){0,2}")

_SUSPICIOUS: Final = re.compile(
    r"""
      \d{9,}                                                  # an account id, whole
    | (?<!\d)\d{4}[ ./_-]\d{4}[ ./_-]\d{4}(?!\d)              # and as people write it
    | (?<![A-Za-z0-9])(?i:o|h|r|ou|p|car|rt)-[0-9A-Za-z]{4,}  # ids with a prefix
    | \S@\S                                                   # an email address
    | \barn:aws[\w-]*:[\w-]*:[^:\s]*:(?!aws:)[^:\s]            # an ARN with an account
    | (?:A3T|AKIA|ASIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ABIA|ACCA)[A-Z0-9]{8,}
    | ://                                                     # an address
    | (?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])
    | (?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-
    | (?<![0-9a-f])[0-9a-f]{16,}(?![0-9a-f])
    | (?=[A-Za-z+/=]*\d)[A-Za-z0-9+/=]{12,}                   # a key, a token, an id that is encoded
    | (?=(?:[A-Za-z0-9+/=]*?[A-Z][a-z](?=[A-Z])){3})[A-Za-z0-9+/=]{16,}  # and without a digit
    """,
    re.VERBOSE,
)


def looks_private(text: str) -> bool:
    """Return whether something in a text looks like an id, an address or a key, besides pseudonyms."""
    return _SUSPICIOUS.search(TOKEN.sub("", text)) is not None


_SPREAD: Final = re.compile(r"\d(?:[\W_]{0,3}\d){8,}")
"""An id as people write it: with blanks or dashes in it."""


def _looks_private_as_a_text(text: str) -> bool:
    return looks_private(text) or _SPREAD.search(TOKEN.sub("", text)) is not None


@dataclass(frozen=True, slots=True)
class Masked:
    """A value without anything that tells who it is about.

    Attributes:
        value: What is left of it, as JSON has it.
        left_out: Where something stood that isn't written, like `Account.Nickname`.
    """

    value: Any
    left_out: tuple[str, ...] = ()


class Pseudonyms:
    """Makes the pseudonyms of one recording.

    Args:
        key: What they are made with; with it, one can check whether a known id is in there.
        began: The time of the first answer, in seconds since 1970.
    """

    def __init__(self, key: bytes, began: float) -> None:
        self._key = key
        self._began = began
        self._texts: dict[str, str] = {}
        self._pseudonyms: dict[tuple[str, str], str] = {}
        self._leaves: dict[tuple[str, str], str | float | None] = {}
        self._names: dict[str, str] = {}

    def of(self, kind: str, value: str) -> str:
        """The pseudonym of something."""
        return _kept(self._pseudonyms, (kind, value), self._pseudonym)

    def _pseudonym(self, asked: tuple[str, str]) -> str:
        kind, value = asked
        digest = hmac.digest(self._key, f"{kind}\0{value}".encode("utf-8", "surrogatepass"), hashlib.sha256)
        number = int.from_bytes(digest[:16], "big")
        letters = []
        for _ in range(_LENGTH):
            number, at = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[at])
        return f"{{{kind}:{''.join(letters)}}}"

    def shape(self, value: Any) -> Masked:
        """A request or an answer."""
        left_out: list[str] = []
        return Masked(self._value("", value, (), left_out, 0), tuple(left_out))

    def text(self, text: str) -> str:
        """A sentence of AWS's; what it names are pseudonyms."""
        found = _plain(text)[:LONGEST_TEXT]
        folded = found.casefold()
        for known in sorted(
            (each for each in self._texts if each.casefold() in folded), key=len, reverse=True
        ):
            found = re.sub(re.escape(known), self._texts[known], found, flags=re.IGNORECASE)
        found = _ARN.sub(lambda match: self._arn(match.group()), found)
        found = _URL.sub(lambda match: self.of("address", match.group()), found)
        found = _EMAIL.sub(lambda match: self._remembered("email", match.group()), found)
        found = _UUID.sub(lambda match: self.of("request", match.group()), found)
        found = _INLINE_ID.sub(lambda match: self._id(match.group()), found)
        found = _QUOTED.sub(lambda match: self._quoted(match.group()), found)
        found = _ADDRESS.sub(lambda match: self.of("address", match.group()), found)
        return LEFT_OUT if _looks_private_as_a_text(found) else found

    def _value(self, member: str, value: Any, at: tuple[str, ...], left_out: list[str], depth: int) -> Any:
        if depth > DEEPEST:
            return self._left(at, left_out)
        if isinstance(value, dict):
            return self._members(value, at, left_out, depth)
        if isinstance(value, list | tuple):
            return [
                self._value(member, each, (*at, str(index)), left_out, depth + 1)
                for index, each in enumerate(value)
            ]
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            made: str | float | None = self._number(member, value)
        else:
            made = _kept(self._leaves, (member, str(value)), self._checked)
        return self._left(at, left_out) if made is None else made

    def _members(
        self, value: Mapping[Any, Any], at: tuple[str, ...], left_out: list[str], depth: int
    ) -> dict[str, Any]:
        made: dict[str, Any] = {}
        kind = value.get("Type")
        for name, inner in value.items():
            known = str(name)
            shown = _kept(self._names, known, self._name)
            place = (*at, shown)
            if isinstance(kind, str) and isinstance(inner, str) and known in {"Id", "Value"}:
                made[shown] = self._of_party(kind, _plain(inner))
            else:
                made[shown] = self._value(known, inner, place, left_out, depth + 1)
        return made

    def _name(self, name: str) -> str:
        """The name of a member, which is AWS's unless it doesn't look like one."""
        return name if _MEMBER.fullmatch(name) and not looks_private(name) else self.of("member", name)

    def _of_party(self, kind: str, value: str) -> str:
        if kind in _OF_FEATURES and _WORD.fullmatch(value) and not looks_private(value):
            return value
        named = _OF_PARTIES.get(kind)
        if named is None:
            # A root or a policy has a Type beside its Id as well.
            return self._id(value) if _ID.fullmatch(value) else self._remembered("text", value)
        if named == "email":
            return self._remembered("email", value)
        prefix = {"organization": "o-", "handshake": "h-"}.get(named, "")
        body = value.removeprefix(prefix) if prefix else value
        return value[: len(value) - len(body)] + self._body(named, body)

    def _number(self, member: str, value: float) -> float | None:
        if _TIME.search(member):
            return self._offset(float(value))
        if abs(value) < _LARGEST_NUMBER and value == round(value, 3):
            return value
        return None

    def _offset(self, moment: float) -> float | None:
        offset = moment - self._began
        return round(offset, 3) if abs(offset) < _DECADE else None

    def _checked(self, asked: tuple[str, str]) -> str | float | None:
        made = self._leaf(*asked)
        return None if isinstance(made, str) and _looks_private_as_a_text(made) else made

    def _leaf(self, member: str, value: str) -> str | float | None:
        text = _plain(value)[:LONGEST_TEXT]
        formed = self._formed(text)
        if formed is not None:
            return formed
        if _TIME.search(member):
            return self._moment(text)
        if member in {"Path", "Paths"}:
            return "/".join(self._part(each) for each in text.split("/"))
        if member in _OF_WORDS and _WORD.fullmatch(text):
            return text
        if not _PRIVATE.search(member) and (_COMPOUND.fullmatch(text) or text in _WORDS):
            return text
        return self._remembered("text", text) if text else text

    def _formed(self, text: str) -> str | None:
        """The pseudonym of something that its form identifies."""
        if _ID.fullmatch(text):
            return self._id(text)
        if _ARN.fullmatch(text):
            return self._arn(text)
        return self._remembered("email", text) if _EMAIL.fullmatch(text) else None

    def _moment(self, text: str) -> float | str | None:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return self._remembered("text", text)
        return None if moment.tzinfo is None else self._offset(moment.timestamp())

    def _part(self, text: str) -> str:
        if not text:
            return text
        return self._id(text) if _ID.fullmatch(text) else self._remembered("text", text)

    def _id(self, text: str) -> str:
        prefix, dash, body = text.partition("-")
        if dash and prefix in _PREFIXES:
            return f"{prefix}-{self._body(_PREFIXES[prefix][0], body)}"
        return self.of("account", text)

    def _body(self, kind: str, body: str) -> str:
        """An id without its prefix; a long one is looked for in messages as well."""
        return self._remembered(kind, body) if len(body) >= _LONG_ID else self.of(kind, body)

    def _arn(self, text: str) -> str:
        """An ARN, part by part: what kinds of things its path names is AWS's to say."""
        _, partition, service, region, account, resource = text.split(":", 5)
        parts = [
            partition if _PARTITION.fullmatch(partition) else self.of("text", partition),
            service if service in {"organizations", "iam", "sts"} else self.of("text", service),
            self.of("region", region) if region else "",
            self.of("account", account) if account and account != "aws" else account,
            "".join(self._segment(each) for each in re.split(r"([/:])", resource)),
        ]
        return ":".join(["arn", *parts])

    def _segment(self, text: str) -> str:
        if text in {"", "/", ":"} or text in _IN_ARNS or _SNAKE.fullmatch(text):
            return text
        return self._id(text) if _ID.fullmatch(text) else self.of("text", text)

    def _quoted(self, text: str) -> str:
        inner = text[1:-1]
        if TOKEN.sub("", inner).strip(" -:/.") == "" or _WORD.fullmatch(inner):
            return text
        return text[0] + self.of("text", inner) + text[-1]

    def _remembered(self, kind: str, text: str) -> str:
        made = self.of(kind, text)
        if len(text) >= _SHORTEST and len(self._texts) < _MOST_TEXTS:
            self._texts[text] = made
        return made

    def _left(self, at: tuple[str, ...], left_out: list[str]) -> str:
        left_out.append(".".join(each for each in at if not each.isdigit()) or "all of it")
        return LEFT_OUT


_MOST_KEPT: Final = 50_000


def _kept(kept: dict[_K, _V], asked: _K, make: Callable[[_K], _V]) -> _V:
    """The pseudonym of something, made before or now: an organization's ids come again and again."""
    if asked not in kept:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        kept[asked] = make(asked)
    return kept[asked]


def _plain(text: str) -> str:
    """A text in which digits are digits, and nothing hides between them."""
    if text.isascii() and text.isprintable():
        return text
    shown = unicodedata.normalize("NFKC", whole(text))
    return message("".join(each for each in shown if each.isspace() or not _hides(each)))


def _hides(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"}
