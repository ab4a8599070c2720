"""Ownership of handshakes. Every handshake passes this check before anything is written to it.

Pure. A handshake is the migration's only if all that it says of itself agrees: parties, resources, ARN and
action. AWS leaves things out, so what is missing contradicts nothing; but the organization must be named at
least once. Which of two actions a migration has and which its approvals have, AWS's pages disagree about:
either will do.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aws_org_features.common.errors import HandshakeUnclearError
from aws_org_features.model.organizations import MIGRATION_ACTIONS, Claim, Subject, Unclear

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aws_org_features.model.migration import Observation
    from aws_org_features.model.organizations import Handshake, Organization

ROLE_REQUEST: Final = "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE"
"""The request to an account that lost its service-linked role; only during a migration it is a consent."""

_ARN: Final = re.compile(r"arn:aws(?:-[a-z]+)*:organizations::([0-9]{12}):handshake/([^/]+)/([^/]+)/[^/]+")
_ALL_FEATURES: Final = frozenset(action.lower() for action in MIGRATION_ACTIONS)
_ROLE: Final = re.compile(r"add_organizations_[a-z_]*")
"""AWS's pattern for ARNs has no room for the whole action, and no page says how it is shortened."""


class Whose(enum.Enum):
    """The owner of a handshake, by all that it says."""

    OURS = enum.auto()
    OTHERS = enum.auto()
    UNCLEAR = enum.auto()


class Part(enum.Enum):
    """A handshake's part in a migration."""

    PARENT = enum.auto()
    APPROVAL = enum.auto()


@dataclass(frozen=True, slots=True)
class Sought:
    """The handshake that is sought.

    Attributes:
        part: The migration's own handshake, or an account's approval.
        organization_id: The only organization whose handshakes count.
        management_account_id: Its management account; None for an account that isn't shown it.
        account_id: The account that is shown the handshake; None for the management account.
        parent_id: Only the approvals of this migration count; None for those of any.
    """

    part: Part
    organization_id: str
    management_account_id: str | None = None
    account_id: str | None = None
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The owner; if that is unclear, the reason, as a clause."""

    whose: Whose
    why: str = ""


_OURS: Final = Verdict(Whose.OURS)
_OTHERS: Final = Verdict(Whose.OTHERS)


def judge(handshake: Handshake, sought: Sought) -> Verdict:
    """Say whose a handshake is.

    Somebody else's, or of another kind, is what says so throughout: an invitation, a transfer of
    responsibility, another organization's or account's request. It is unclear where one thing says so and
    another doesn't, and where nothing tells.
    """
    said = _Said(handshake, sought)
    if said.is_of_another_organization or said.is_of_another_kind:
        return _OTHERS
    if sought.account_id is not None and said.is_sent_by(sought.account_id):
        # The account in a handshake's ARN is the one that sent it.
        return _OTHERS
    if why := said.contradiction():
        return Verdict(Whose.UNCLEAR, why)
    if said.is_parent:
        return _judged_parent(said, sought)
    return _judged_approval(said, sought)


def judge_parent(handshake: Handshake, organization: Organization) -> Verdict:
    """Judge what the management account takes for its migration's own handshake."""
    return judge(handshake, Sought(Part.PARENT, organization.id, organization.management_account_id))


def refuse_unless_ours(handshake: Handshake, organization: Organization) -> None:
    """Fail unless a handshake is the management account's own migration.

    Raises:
        HandshakeUnclearError: It isn't, or that isn't certain.
    """
    verdict = judge_parent(handshake, organization)
    if verdict.whose is not Whose.OURS:
        raise error_of(Unclear(handshake, verdict.why or not_of(handshake, organization.id)))


def not_of(handshake: Handshake, organization_id: str) -> str:
    """Explain why a handshake isn't an organization's own that AWS shows as if it were; a clause."""
    if handshake.organization_id not in {None, organization_id}:
        return (
            f"it belongs to organization {handshake.organization_id}, but AWS shows it to {organization_id}"
        )
    return f"it isn't a migration of {organization_id}"


def sentence(unclear: Unclear) -> str:
    """Describe what is unclear, for a person."""
    return f"Handshake {unclear.handshake.id} contradicts itself or says too little: {unclear.why}."


NEXT_STEP: Final = (
    "Nothing was written to it. Look at it (`aws organizations describe-handshake --handshake-id …`), and "
    "check what answers: `aws:endpoints`, a proxy, an emulator. If the answer is AWS's own, ask AWS Support."
)


def error_of(unclear: Unclear) -> HandshakeUnclearError:
    """The error that tells of it."""
    return HandshakeUnclearError(sentence(unclear), NEXT_STEP)


def warning_of(unclear: Unclear) -> str:
    """The same, where things go on without it."""
    return f"{HandshakeUnclearError.reference}: {sentence(unclear)} {NEXT_STEP}"


def warnings(seen: Observation) -> tuple[str, ...]:
    """Warnings about pending handshakes that are unclear."""
    found = {each.handshake.id: each for each in (*seen.beside, *seen.unclear) if each.handshake.pending}
    return tuple(map(warning_of, found.values()))


def _judged_parent(said: _Said, sought: Sought) -> Verdict:
    if sought.part is not Part.PARENT or said.asks_for_the_role:
        return _OTHERS
    if not said.names_the_organization:
        return Verdict(Whose.UNCLEAR, "it names no organization")
    return _OURS


def _judged_approval(said: _Said, sought: Sought) -> Verdict:
    if sought.part is not Part.APPROVAL:
        return _OTHERS
    mine, parents = sought.account_id, said.values(Subject.PARENT)
    if mine is not None and said.accounts and mine not in said.accounts:
        return _OTHERS
    if sought.parent_id is not None and parents and sought.parent_id not in parents:
        return _OTHERS
    if said.asks_for_the_role and not parents:
        return _OTHERS
    # The management account asks for the approvals of its own migration; an account is asked by anybody.
    linked = mine is None and sought.parent_id is not None and sought.parent_id in parents
    if not (said.names_the_organization or linked):
        return Verdict(Whose.UNCLEAR, "it names no organization")
    return _OURS


class _Said:
    """Compares a handshake's fields with what is sought."""

    def __init__(self, handshake: Handshake, sought: Sought) -> None:
        self._handshake = handshake
        self._sought = sought
        self._arn = _ARN.fullmatch(handshake.arn)
        self._claims = tuple(_claims(handshake, self._arn))
        self._kind = self._arn[3] if self._arn else ""

    def values(self, subject: Subject) -> frozenset[str]:
        """All that is said of something."""
        return frozenset(claim.value for claim in self._claims if claim.subject is subject)

    @property
    def accounts(self) -> frozenset[str]:
        """The accounts that are asked."""
        return self.values(Subject.ACCOUNT)

    @property
    def is_parent(self) -> bool:
        """Return whether nobody is asked: a parent has neither link, unless it names its sender."""
        others = self.accounts - {self._sought.management_account_id}
        return not others and not self.values(Subject.PARENT)

    @property
    def asks_for_the_role(self) -> bool:
        """Return whether it asks for the service-linked role, which nobody but an account is asked."""
        return self._handshake.action == ROLE_REQUEST

    @property
    def names_the_organization(self) -> bool:
        """Return whether the organization is named where AWS names it."""
        ours = self._sought.organization_id
        found = (c for c in self._claims if c.subject is Subject.ORGANIZATION and c.vouches)
        return any(claim.value == ours for claim in found)

    @property
    def is_of_another_organization(self) -> bool:
        """Return whether another organization is named, and nothing at all of this one."""
        organizations = self.values(Subject.ORGANIZATION)
        sought = self._sought
        ours = (
            sought.organization_id in organizations
            or sought.management_account_id in self.values(Subject.MANAGEMENT)
            or sought.parent_id in self.values(Subject.PARENT)
        )
        return bool(organizations) and not ours

    @property
    def is_of_another_kind(self) -> bool:
        """Return whether neither action nor ARN speaks of a migration, and one speaks of something else."""
        kinds = [kind for kind in (self._handshake.action.lower(), self._kind) if kind]
        return bool(kinds) and not any(_is_of_migrations(kind) for kind in kinds)

    def is_sent_by(self, account_id: str) -> bool:
        """Return whether an account is its sender."""
        senders = self.values(Subject.MANAGEMENT)
        return senders == {account_id} and self._sought.management_account_id in {None, account_id}

    def contradiction(self) -> str:
        """The contradictions; empty if all agrees."""
        return (
            self._of_kind()
            or self._of_organizations()
            or self._of_management()
            or self._of_accounts()
            or self._of_parents()
        )

    def _of_kind(self) -> str:
        action = self._handshake.action
        if self._handshake.arn and self._arn is None:
            return "its ARN isn't that of a handshake"
        if not action:
            return "it doesn't say what it asks for: it has no action"
        if self._kind and _family(self._kind) != _family(action.lower()):
            return f"its action is {action}, but its ARN says {self._kind}"
        if transfers := sorted(self.values(Subject.KIND)):
            return f"its action is {action}, but it has a resource of the kind {transfers[0]}"
        return ""

    def _of_organizations(self) -> str:
        return self._disagreement(Subject.ORGANIZATION, {self._sought.organization_id})

    def _of_management(self) -> str:
        known = self._sought.management_account_id
        return self._disagreement(Subject.MANAGEMENT, {known} if known else set())

    def _of_accounts(self) -> str:
        if self._sought.management_account_id in self.accounts and not self.is_parent:
            return f"it asks {self._sought.management_account_id}, the management account, to approve"
        return self._disagreement(Subject.ACCOUNT, set())

    def _of_parents(self) -> str:
        if self._handshake.id in self.values(Subject.PARENT):
            return "it names itself as its parent"
        return self._disagreement(Subject.PARENT, set())

    def _disagreement(self, subject: Subject, known: Iterable[str]) -> str:
        """Difference between two statements, or between one and what is known; empty if none."""
        if len({*self.values(subject), *known}) <= 1:
            return ""
        said = dict.fromkeys(
            f"{claim.place} names {claim.value}" for claim in self._claims if claim.subject is subject
        )
        held = [f"the {subject.value} is {each}" for each in known]
        return ", ".join((*said, *held))


def _claims(handshake: Handshake, arn: re.Match[str] | None) -> Iterator[Claim]:
    yield from handshake.claims or _without_places(handshake)
    if arn is not None:
        yield Claim(Subject.ORGANIZATION, arn[2], "its ARN")
        yield Claim(Subject.MANAGEMENT, arn[1], "its ARN")


def _without_places(handshake: Handshake) -> Iterator[Claim]:
    """The record of a handshake whose parties and resources weren't read."""
    found = {
        Subject.ORGANIZATION: handshake.organization_id,
        Subject.ACCOUNT: handshake.account_id,
        Subject.PARENT: handshake.parent_id,
    }
    for subject, value in found.items():
        if value:
            yield Claim(subject, value, "it")


def _is_of_migrations(kind: str) -> bool:
    return _family(kind) in {"all features", "role"}


def _family(kind: str) -> str:
    """Kinds of handshakes, by the action in lower case or the ARN's type."""
    if kind in _ALL_FEATURES:
        return "all features"
    return "role" if _ROLE.fullmatch(kind) else kind
