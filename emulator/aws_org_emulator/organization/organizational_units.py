"""The tree of roots, organizational units and accounts, over moto's Organizations backend.

From botocore's model and the User Guide ("Managing organizational units", quotas).
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from moto.organizations.exceptions import DuplicateOrganizationalUnitException
from moto.organizations.models import FakeAccount, FakeOrganizationalUnit, FakeRoot, OrganizationsBackend

from aws_org_emulator.protocol import tagging
from aws_org_emulator.protocol.exceptions import (
    ChildNotFoundError,
    DestinationParentNotFoundError,
    DuplicateAccountError,
    OrganizationalUnitNotFoundError,
    ParentNotFoundError,
    SourceParentNotFoundError,
    TargetNotFoundError,
    TooManyUnitsError,
    UnitNotEmptyError,
    UnitTooDeepError,
)
from aws_org_emulator.state.shared import SharedState

DEEPEST = 5
"""So many units lie in one another at most: User Guide, quotas."""
MOST_UNITS = 2000
"""So many an organization has at most: User Guide, quotas."""


class OrganizationalUnits(OrganizationsBackend):
    """moto's backend, whose tree keeps AWS's rules.

    `shared` is set by the subclass that an emulator installs.
    """

    shared: ClassVar[SharedState]

    def create_organizational_unit(self, **kwargs: Any) -> dict[str, Any]:
        """CreateOrganizationalUnit.

        Raises:
            ParentNotFoundError: there is no such parent.
            DuplicateOrganizationalUnitException: the parent has one of this name.
            UnitTooDeepError: it would lie in more than four others.
            TooManyUnitsError: there are as many as may be.
            TooManyTagsError: it would have too many.
        """
        parent = self.parent(kwargs["ParentId"])
        self._check_name(kwargs["Name"], parent.id)
        if len(list(self._above(parent))) >= DEEPEST:
            raise UnitTooDeepError
        if len(self._units()) >= MOST_UNITS:
            raise TooManyUnitsError
        tags = tagging.tagged({}, kwargs.get("Tags"))
        unit = FakeOrganizationalUnit(self.org, **kwargs)  # type: ignore[arg-type] # a caller has one
        unit.tags = tags
        self.ou.append(unit)
        return {"OrganizationalUnit": self.describe_unit(unit)}

    def update_organizational_unit(self, **kwargs: Any) -> dict[str, Any]:
        """UpdateOrganizationalUnit: a name of blanks alone changes nothing, as AWS was seen to do.

        Raises:
            OrganizationalUnitNotFoundError: there is no such unit.
            DuplicateOrganizationalUnitException: its parent has another one of this name.
        """
        unit = self.get_organizational_unit_by_id(kwargs["OrganizationalUnitId"])
        name = kwargs.get("Name")
        if name is not None and name.strip() and name != unit.name:
            self._check_name(name, unit.parent_id)
            unit.name = name
        return {"OrganizationalUnit": self.describe_unit(unit)}

    def delete_organizational_unit(self, **kwargs: Any) -> None:
        """DeleteOrganizationalUnit.

        Raises:
            OrganizationalUnitNotFoundError: there is no such unit.
            UnitNotEmptyError: accounts or other units are in it.
        """
        unit = self.get_organizational_unit_by_id(kwargs["OrganizationalUnitId"])
        if any(each.parent_id == unit.id for each in self._everything()):
            raise UnitNotEmptyError
        for policy in unit.attached_policies:
            policy.attachments.remove(unit)
        self.ou.remove(unit)

    def describe_organizational_unit(self, **kwargs: Any) -> dict[str, Any]:
        """DescribeOrganizationalUnit.

        Raises:
            OrganizationalUnitNotFoundError: there is no such unit.
        """
        unit = self.get_organizational_unit_by_id(kwargs["OrganizationalUnitId"])
        return {"OrganizationalUnit": self.describe_unit(unit)}

    def get_organizational_unit_by_id(self, ou_id: str) -> FakeOrganizationalUnit:
        """A unit, or the root, by its id.

        Raises:
            OrganizationalUnitNotFoundError: there is none.
        """
        return self._found(ou_id, OrganizationalUnitNotFoundError)

    def parent(self, parent_id: str) -> FakeOrganizationalUnit:
        """A unit, or the root, as what others are in.

        Raises:
            ParentNotFoundError: there is none.
        """
        return self._found(parent_id, ParentNotFoundError)

    def _found(self, unit_id: str, otherwise: type[Exception]) -> FakeOrganizationalUnit:
        found = next((unit for unit in self.ou if unit.id == unit_id), None)
        if found is None:
            raise otherwise
        return found

    def units_of(self, parent_id: str) -> list[dict[str, Any]]:
        """ListOrganizationalUnitsForParent.

        Raises:
            ParentNotFoundError: there is no such parent.
        """
        parent = self.parent(parent_id)
        return [self.describe_unit(unit) for unit in self._units() if unit.parent_id == parent.id]

    def accounts_of(self, parent_id: str) -> list[FakeAccount]:
        """The accounts right in a root or unit.

        Raises:
            ParentNotFoundError: there is no such parent.
        """
        parent = self.parent(parent_id)
        return [account for account in self.accounts if account.parent_id == parent.id]

    def children_of(self, parent_id: str, kind: str) -> list[dict[str, str]]:
        """ListChildren: what of a kind, ACCOUNT or ORGANIZATIONAL_UNIT, is right in a root or unit.

        Raises:
            ParentNotFoundError: there is no such parent.
        """
        parent = self.parent(parent_id)
        things: list[Any] = self.accounts if kind == "ACCOUNT" else self._units()
        return [{"Id": each.id, "Type": kind} for each in things if each.parent_id == parent.id]

    def parents_of(self, child_id: str) -> list[dict[str, str]]:
        """ListParents.

        Raises:
            ChildNotFoundError: there is no such account or unit.
        """
        child = next((each for each in self._everything() if each.id == child_id), None)
        if child is None or isinstance(child, FakeRoot):
            raise ChildNotFoundError
        return [{"Id": unit.id, "Type": unit.type} for unit in self.ou if unit.id == child.parent_id]

    def move_account(self, **kwargs: str) -> None:
        """MoveAccount.

        Raises:
            AccountNotFoundException: there is no such account.
            SourceParentNotFoundError: there is no such source, or the account isn't in it.
            DestinationParentNotFoundError: there is no such destination.
            DuplicateAccountError: the account is there already.
        """
        account = self.get_account_by_id(kwargs["AccountId"])
        source, destination = kwargs["SourceParentId"], kwargs["DestinationParentId"]
        ids = {unit.id for unit in self.ou}
        if source not in ids:
            raise SourceParentNotFoundError
        if destination not in ids:
            raise DestinationParentNotFoundError
        if account.parent_id == destination:
            raise DuplicateAccountError
        if account.parent_id != source:
            raise SourceParentNotFoundError
        account.parent_id = destination

    def target(self, target_id: str) -> Any:
        """A root, unit or account, as what policies are attached to.

        Raises:
            TargetNotFoundError: there is none.
        """
        found = next((each for each in self._everything() if each.id == target_id), None)
        if found is None:
            raise TargetNotFoundError
        return found

    def describe_unit(self, unit: FakeOrganizationalUnit) -> dict[str, Any]:
        """A unit in the shape of botocore's `OrganizationalUnit`."""
        return {"Id": unit.id, "Arn": unit.arn, "Name": unit.name, "Path": self.path(unit)}

    def path(self, thing: Any) -> str:
        """The path from the organization down to something: botocore's `Path`."""
        names = [str(each.id) for each in self.line(thing)]
        return "/".join([thing.organization_id, *names, ""])

    def line(self, thing: Any) -> list[Any]:
        """The root, the units below it that something is in, and itself."""
        return [*reversed(list(self._above(thing))), thing]

    def _above(self, thing: Any) -> Iterator[FakeOrganizationalUnit]:
        """The units that something is in, the nearest first, and the root."""
        by_id = {unit.id: unit for unit in self.ou}
        while (above := by_id.get(thing.parent_id)) is not None:
            yield above
            thing = above

    def _units(self) -> list[FakeOrganizationalUnit]:
        return [unit for unit in self.ou if not isinstance(unit, FakeRoot)]

    def _everything(self) -> list[Any]:
        return [*self.ou, *self.accounts]

    def _check_name(self, name: str, parent_id: str | None) -> None:
        if any(unit.name == name and unit.parent_id == parent_id for unit in self._units()):
            raise DuplicateOrganizationalUnitException
