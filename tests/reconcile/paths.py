"""Every way on which AWS is called: how it is come to, what is done, and where it leads in the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from aws_org_emulator import Scenario
from aws_org_features.approver.approve import beating
from aws_org_features.aws import Organizations, Paces, Principal
from aws_org_features.cli.environment import Environment
from aws_org_features.cli.observe import everything, organization_of
from aws_org_features.cli.status_looks import Looking
from aws_org_features.migration.approve_standalone import OnBehalf
from aws_org_features.model.migration import Desired, Observation
from aws_org_features.model.on_off import OnDestroy
from aws_org_features.views.plan.look import first_up, look_ahead, look_at_caller
from tests.reconcile.conftest import Heard, Resource
from tests.reconcile.on_off import INSPECTOR, TAG, Service, Type, shown, trusted
from tests.reconcile.test_approver import APPROVER, members
from tests.reconcile.test_member_account import Account

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator

    Made = Callable[[Emulator], "FeatureSet"]
    """Makes a feature set: the core's, or one through an edge."""


class FeatureSet(Protocol):
    """An organization's feature set, as a program declares it: in the core, or through an edge.

    Attributes:
        record: What is kept, to begin again with.
    """

    record: Any

    def __init__(self, org: Emulator) -> None: ...
    @property
    def outputs(self) -> dict[str, Any]: ...
    @property
    def status(self) -> str: ...
    def declare(self, **changes: Any) -> None: ...
    def up(self) -> object: ...
    def look(self) -> object: ...
    def refresh(self) -> object: ...
    def destroy(self) -> object: ...


@dataclass
class Walk:
    """One way, as far as it has been come to.

    Attributes:
        kept: What keeps the record, in `record`; None where there is none.
        act: What is done, while something goes wrong.
        again: What is done next, when nothing does.
        arrived: Whether it got where it was to get.
        migrations: How many may have been started in the end.
    """

    kept: Any
    act: Callable[[], object]
    again: Callable[[], object]
    arrived: Callable[[], bool]
    migrations: int = 1


def _up(resource: FeatureSet, org: Emulator, status: str, migrations: int = 1) -> Walk:
    def arrived() -> bool:
        enabled = (org.feature_set == "ALL") is (status == "ENABLED")
        return resource.status == status and enabled

    return Walk(resource, resource.up, resource.up, arrived, migrations)


def _create(org: Emulator, made: Made = Resource) -> Walk:
    return _up(made(org), org, "AWAITING_APPROVALS")


def _create_at_once(org: Emulator, made: Made = Resource) -> Walk:
    return _up(made(org), org, "ENABLED")


def _adopt(org: Emulator) -> Walk:
    org.enable_all_features()
    return _up(Resource(org), org, "AWAITING_APPROVALS")


def _begun(org: Emulator, made: Made = Resource) -> FeatureSet:
    resource = made(org)
    resource.up()
    return resource


def _finalize(org: Emulator, made: Made = Resource) -> Walk:
    resource = _begun(org, made)
    org.approve_all()
    return _up(resource, org, "ENABLED")


def _begin_again(org: Emulator, made: Made = Resource) -> Walk:
    resource = _begun(org, made)
    org.decline(org.invited[0])
    resource.up()
    resource.declare(attempt=2)
    return _up(resource, org, "AWAITING_APPROVALS", migrations=2)


def _expired(org: Emulator, made: Made = Resource) -> Walk:
    resource = _begun(org, made)
    org.clock.advance(days=91)
    return _up(resource, org, "AWAITING_APPROVALS", migrations=2)


def _refresh(org: Emulator) -> Walk:
    resource = _begun(org)
    org.approve(org.invited[0])

    def arrived() -> bool:
        return bool(resource.outputs["approvals"]["accepted"] == 1)

    return Walk(resource, resource.refresh, resource.refresh, arrived)


def _diff(org: Emulator) -> Walk:
    resource = _begun(org)
    org.approve_all()
    return Walk(resource, resource.look, resource.up, lambda: resource.status == "ENABLED")


def _destroy(org: Emulator, made: Made = Resource) -> Walk:
    resource = _begun(org, made)

    def arrived() -> bool:
        return org.parent is not None and org.parent["State"] == "CANCELED"

    return Walk(resource, resource.destroy, resource.destroy, arrived)


def _approve_in_an_up(org: Emulator, made: Made = Resource) -> Walk:
    resource = made(org)
    resource.declare(approver=APPROVER)
    return _up(resource, org, "ENABLED")


def _approve_by_command(org: Emulator) -> Walk:
    org.enable_all_features()
    connection, heard = Resource(org).connection, Heard()

    def approve() -> None:
        api = Organizations(connection)
        run = OnBehalf(api, api.organization(), APPROVER, beating(heard), heard, sleep=lambda _: None)
        run.refuse_idle()
        run.approve()

    def again() -> None:
        if not arrived():
            approve()

    def arrived() -> bool:
        return all(child["State"] == "ACCEPTED" for child in org.children)

    return Walk(None, approve, again, arrived)


def _member(org: Emulator) -> Walk:
    org.enable_all_features()
    account = Account(org)
    return Walk(account, account.up, account.up, lambda: account.status == "APPROVED")


def _member_read(org: Emulator) -> Walk:
    org.enable_all_features()
    account = Account(org)
    account.up()
    return Walk(account, account.refresh, account.refresh, lambda: account.status == "APPROVED")


def _read_policy_type(org: Emulator) -> Walk:
    resource = Type(org)
    resource.up()
    return Walk(
        resource, resource.refresh, resource.refresh, lambda: resource.status == "ENABLED", migrations=0
    )


def _enable_policy_type(org: Emulator) -> Walk:
    resource = Type(org)

    def arrived() -> bool:
        return resource.status == "ENABLED" and TAG in shown(org)

    return Walk(resource, resource.up, resource.up, arrived, migrations=0)


def _disable_policy_type(org: Emulator) -> Walk:
    resource = Type(org)
    resource.declare(on_destroy=OnDestroy.REFUSE_IF_USED)
    resource.up()
    return Walk(resource, resource.destroy, resource.destroy, lambda: TAG not in shown(org), migrations=0)


def _read_trusted_service(org: Emulator) -> Walk:
    resource = Service(org)
    resource.up()
    return Walk(
        resource, resource.refresh, resource.refresh, lambda: resource.status == "ENABLED", migrations=0
    )


def _enable_trusted_service(org: Emulator) -> Walk:
    resource = Service(org)

    def arrived() -> bool:
        return resource.status == "ENABLED" and INSPECTOR in trusted(org)

    return Walk(resource, resource.up, resource.up, arrived, migrations=0)


def _disable_trusted_service(org: Emulator) -> Walk:
    resource = Service(org)
    resource.up()
    return Walk(resource, resource.destroy, resource.destroy, lambda: not trusted(org), migrations=0)


# Looks alone: they never write, and leave nothing behind


def _looked(look: Callable[[Organizations], object]) -> Callable[[Emulator], Walk]:
    def begin(org: Emulator) -> Walk:
        org.enable_all_features()
        org.approve(org.invited[0])
        connection = Resource(org).connection
        found: list[object] = []

        def act() -> None:
            org.reset_calls()
            found.append(look(Organizations(connection, paces=Paces(sleep=lambda _: None))))

        return Walk(None, act, act, lambda: bool(found) and not org.writes)

    return begin


def _plan(api: Organizations) -> object:
    seen = Observation(organization_of(api, None))
    ahead = look_ahead(api, Desired(seen.organization.id, finalize=False), seen)
    return look_at_caller(Principal(api.connection), ahead)


def _preview(api: Organizations) -> object:
    return first_up(api, Desired(api.organization().id))


def _status(api: Organizations) -> object:
    world = Environment(sleep=lambda _: None)
    return Looking(api.connection, None, world, names=True, note=lambda _: None).look()


def _report(api: Organizations) -> object:
    return everything(api, organization_of(api, None), datetime.now(UTC))


_PLAIN: Final = Scenario()
_OF_MEMBERS: Final = Scenario(invited=0, created=0, members=members(2))

PATHS: Final[dict[str, tuple[Scenario, Callable[[Emulator], Walk]]]] = {
    "create": (_PLAIN, _create),
    "create, with nobody to ask": (Scenario(invited=0), _create_at_once),
    "create, one in progress": (_PLAIN, _adopt),
    "read": (_PLAIN, _refresh),
    "diff": (_PLAIN, _diff),
    "first preview": (_PLAIN, _looked(_preview)),
    "update: finalize": (_PLAIN, _finalize),
    "update: attempt raised": (_PLAIN, _begin_again),
    "update: expired": (_PLAIN, _expired),
    "update: approver": (_OF_MEMBERS, _approve_in_an_up),
    "delete: cancel": (_PLAIN, _destroy),
    "approve": (_OF_MEMBERS, _approve_by_command),
    "a member's approval": (_PLAIN, _member),
    "a member's read": (_PLAIN, _member_read),
    "policy type: create": (Scenario(feature_set="ALL"), _enable_policy_type),
    "policy type: read": (Scenario(feature_set="ALL"), _read_policy_type),
    "policy type: delete": (Scenario(feature_set="ALL"), _disable_policy_type),
    "trusted service: create": (Scenario(feature_set="ALL"), _enable_trusted_service),
    "trusted service: read": (Scenario(feature_set="ALL"), _read_trusted_service),
    "trusted service: delete": (Scenario(feature_set="ALL"), _disable_trusted_service),
    "plan": (_PLAIN, _looked(_plan)),
    "status": (_PLAIN, _looked(_status)),
    "report": (_PLAIN, _looked(_report)),
}

WRITING: Final[dict[str, tuple[Scenario, Callable[[Emulator, Made], Walk]]]] = {
    "create": (_PLAIN, _create),
    "create, with nobody to ask": (Scenario(invited=0), _create_at_once),
    "update: finalize": (_PLAIN, _finalize),
    "update: attempt raised": (_PLAIN, _begin_again),
    "update: expired": (_PLAIN, _expired),
    "update: approver": (_OF_MEMBERS, _approve_in_an_up),
    "delete: cancel": (_PLAIN, _destroy),
}
"""Those of these on which a feature set writes, for one that is made in another way."""
