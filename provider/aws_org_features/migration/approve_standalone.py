"""Approving on behalf of member accounts apart from a stack: for whom, round after round, and who is left.

Nothing is started, finalized or canceled here. A run is about the one migration that is in progress as it
begins: where that is over, the run is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from aws_org_features.approver.approve import Approving
from aws_org_features.common import errors, text
from aws_org_features.common.ownership import warning_of
from aws_org_features.migration import messages
from aws_org_features.migration.approval_scope import (
    asked,
    in_flight,
    kept_from,
    limited,
    scope,
    with_rulings,
)
from aws_org_features.migration.assess import assess
from aws_org_features.migration.observe import LOOKS, complete
from aws_org_features.model.migration import NOTHING_RECORDED, Desired, Look, Observation, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_org_features.approver.approve import Result
    from aws_org_features.approver.fan_out import Watch
    from aws_org_features.aws import Organizations
    from aws_org_features.common.log import Log
    from aws_org_features.migration.approval_scope import Scope
    from aws_org_features.model.migration import Approver, Assessment, Ruling
    from aws_org_features.model.organizations import Organization

_SETTLE_PAUSES: Final = (0.5, 1.0, 2.0, 4.0)
"""Seconds between looks: AWS says a moment after the last approval that nothing is outstanding."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The progress of the approvals.

    Attributes:
        now: Where the migration stands, without what an approver met with.
        scope: Whose approvals are outstanding.
        kept_from: Outstanding accounts that the lists of allowed and forbidden accounts rule out.
    """

    now: Assessment
    scope: Scope
    kept_from: Mapping[str, Ruling]

    @property
    def in_flight(self) -> bool:
        """Return whether there is a migration that may still come to its end."""
        return in_flight(self.now)

    @property
    def message(self) -> str:
        """The status, for a person."""
        return messages.message(Desired(""), None, self.now)


class OnBehalf:
    """One run for one organization, which begins with a look.

    Args:
        api: The management account's calls.
        organization: Whose migration it is.
        approver: On whose behalf, and by which role.
        watch: Told how far a round is.
        say: Where to tell what goes wrong beside it.
        over: Whether the run must end early.
        sleep: Waits for some seconds.
    """

    def __init__(  # noqa: PLR0913 - the edges are passed in
        self,
        api: Organizations,
        organization: Organization,
        approver: Approver,
        watch: Watch,
        say: Log,
        *,
        over: Callable[[], bool] = lambda: False,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._api = api
        # An OPEN parent says that everyone has responded; how they have takes a look at their approvals.
        declared = Desired(organization.id, finalize=False, approver=approver)
        self._desired = limited(declared, api.connection)
        self._say = say
        self._over = over
        self._sleep = sleep
        self._approving = Approving(api, self._desired.approver, watch, over=over)
        self._shown = self._look(organization)

    @property
    def standing(self) -> Standing:
        """The progress by the last look, and by what accounts have shown since."""
        seen = self._seen()
        now = with_rulings(_now(seen), self._desired.approver)
        return Standing(
            assess(NOTHING_RECORDED, replace(seen, failures=())),
            scope(self._desired, self._approving.unsettled(self._desired), seen, now),
            self._kept_from(seen, now),
        )

    def _kept_from(self, seen: Observation, now: Assessment) -> Mapping[str, Ruling]:
        approver = self._desired.approver
        if approver is None or in_flight(now) or now.status is Status.ENABLED:
            return kept_from(now, approver)
        # Before a migration, of those that would be asked.
        rulings = {account_id: approver.ruling(account_id) for account_id in asked(self._desired, seen)}
        return {account_id: rule for account_id, rule in rulings.items() if rule is not None}

    @property
    def result(self) -> Result:
        """The outcome for the accounts so far."""
        return self._approving.result

    def refuse_idle(self) -> None:
        """Fail unless at least one account within the approver's scope is asked to approve, answered or not.

        Raises:
            NoApprovalPendingError: No migration is in progress, its state isn't known here, or nobody in the
                approver's scope is asked.
            AccessDeniedError: It takes the list of accounts to tell who is.
        """
        standing, organization_id = self.standing, self._desired.organization_id
        if not standing.in_flight:
            raise errors.NoApprovalPendingError(
                f"No migration is in progress in organization {organization_id}.", standing.message
            )
        if standing.now.puzzle is not None:
            raise errors.NoApprovalPendingError(
                f"No account in scope must approve in organization {organization_id}.", standing.message
            )
        if standing.now.status is Status.AWAITING_FINALIZATION:
            return
        self._chosen()

    def approve(self) -> None:
        """Approve on behalf of everyone outstanding; each account is tried once, late-comers too.

        Raises:
            NoApprovalPendingError: The migration has ended meanwhile, otherwise than by being finalized.
        """
        while accounts := self._due():
            self._approving.approve(self._shown, accounts)
            for unclear in self._approving.unclear:
                self._say.warn(warning_of(unclear))
            later = None if self._over() else self._later()
            if later is None:
                return
            self._go_on_with(later)

    def to_probe(self) -> frozenset[str]:
        """The accounts to reach as if to approve for them: those outstanding in the approver's scope.

        Before a migration has begun, that is every invited account, and members that the approver is
        limited to.

        Raises:
            NoApprovalPendingError: Nobody in the approver's scope is asked, or would be.
            AccessDeniedError: It takes the list of accounts to tell who is.
        """
        if self.standing.in_flight:
            self.refuse_idle()
            return frozenset(waiting.account_id for waiting in self.standing.scope.to_give)
        self._shown = LOOKS[Look.ACCOUNTS](self._api, replace(self._shown, children=None))
        return self._chosen()

    def probe(self, account_ids: frozenset[str]) -> None:
        """Reach accounts as if to approve for them, and write nothing."""
        if account_ids:
            self._approving.probe(self._shown, account_ids)

    def _due(self) -> frozenset[str]:
        """Accounts to approve for in the next round."""
        seen, left = self._seen(), self._approving.remaining(self._desired)
        return frozenset(w.account_id for w in scope(self._desired, left, seen, _now(seen)).to_give)

    def _chosen(self) -> frozenset[str]:
        """Those in the approver's scope who must approve, whether they have or not."""
        shown, approver = self._shown, self._desired.approver
        if not shown.children and shown.accounts is not None and not shown.accounts.known:
            self._api.accounts()  # whose refusal the look passed over
        everybody = asked(self._desired, shown)
        chosen = frozenset(filter(approver.covers, everybody)) if approver else frozenset()
        if not chosen:
            must = text.named(sorted(everybody)) or "as far as AWS shows, no account"
            rulings = {each: approver.ruling(each) for each in everybody} if approver else {}
            ruled_out = messages.kept_from({each: rule for each, rule in rulings.items() if rule is not None})
            raise errors.NoApprovalPendingError(
                f"In organization {self._desired.organization_id}, there is no account to approve for.",
                " ".join((f"Accounts that must approve: {must}.", *map(text.sentence, ruled_out))),
            )
        return chosen

    # Looking

    def _seen(self) -> Observation:
        return self._approving.seen(self._shown)

    def _look(self, organization: Organization) -> Observation:
        return complete(self._api, self._desired, NOTHING_RECORDED, Observation(organization))

    def _later(self) -> Observation | None:
        """Look again, and until AWS says that nothing is outstanding where nothing seems to be."""
        try:
            for pause in (0.0, *_SETTLE_PAUSES):
                if pause:
                    self._sleep(pause)
                later = self._look(self._api.organization())
                if later.parent is None or later.parent.state != "REQUESTED" or self._somebody_is_left(later):
                    break
        except errors.OrgFeaturesError as error:
            # The results so far are worth more than an error.
            self._say.warn(f"couldn't read AWS again: {error}")
            return None
        return later

    def _somebody_is_left(self, later: Observation) -> bool:
        now = _now(replace(later, own=self._seen().own))
        return bool(now.waiting_for or now.approvals.unknown)

    def _go_on_with(self, later: Observation) -> None:
        if later.organization.has_all_features:
            self._shown = replace(self._shown, organization=later.organization)
            return
        before, after = self._shown.parent, later.parent
        if (before.id if before else None) != (after.id if after else None):
            raise errors.NoApprovalPendingError(
                f"Migration {before.id if before else ''} isn't the organization's latest migration any "
                "more.",
                "See what has happened (`pulumi refresh`), then run it again to approve the latest.",
            )
        self._shown = later
        if not self.standing.in_flight:
            raise errors.NoApprovalPendingError(
                "The migration has ended in the meantime.", self.standing.message
            )


def _now(seen: Observation) -> Assessment:
    return assess(NOTHING_RECORDED, seen)
