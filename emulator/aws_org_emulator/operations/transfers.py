"""Operations of responsibility transfers: accepted and kept, but nothing is billed."""

import json

from aws_org_emulator.handshakes.handshake import Handshake
from aws_org_emulator.handshakes.transfer import Transfer
from aws_org_emulator.operations.base import Operations
from aws_org_emulator.organization import responsibility_transfers
from aws_org_emulator.protocol.exceptions import NotInAllFeaturesModeError


class TransferOperations(Operations):
    """Transfers of the bills of other organizations to this one, and of its own to others."""

    def invite_organization_to_transfer_responsibility(self) -> str:
        """InviteOrganizationToTransferResponsibility."""
        backend = self._live_backend()
        if not backend.has_all_features:
            raise NotInAllFeaturesModeError
        return self._handshake(
            responsibility_transfers.invite(self.shared, backend.sender(), self.request_params)
        )

    def describe_responsibility_transfer(self) -> str:
        """DescribeResponsibilityTransfer."""
        return self._transfer(self._found())

    def update_responsibility_transfer(self) -> str:
        """UpdateResponsibilityTransfer."""
        transfer = self._found()
        responsibility_transfers.rename(self.shared, transfer, self._get_param("Name"))
        return self._transfer(transfer)

    def terminate_responsibility_transfer(self) -> str:
        """TerminateResponsibilityTransfer."""
        transfer = self._found()
        responsibility_transfers.terminate(self.shared, transfer, self._get_param("EndTimestamp"))
        return self._transfer(transfer)

    def list_inbound_responsibility_transfers(self) -> str:
        """ListInboundResponsibilityTransfers."""
        wanted = self._get_param("Id")
        if wanted is not None:
            self._found()
        return self._transfers(inbound=True, wanted=wanted)

    def list_outbound_responsibility_transfers(self) -> str:
        """ListOutboundResponsibilityTransfers."""
        return self._transfers(inbound=False, wanted=None)

    def _handshake(self, handshake: Handshake) -> str:
        raise NotImplementedError(handshake)

    def _found(self) -> Transfer:
        return responsibility_transfers.find(self.shared, self._get_param("Id"), self.current_account)

    def _described(self, transfer: Transfer) -> dict[str, object]:
        organization_id = self._live_backend().sender().organization_id
        return transfer.describe(self.shared.handshake_store, organization_id, self.current_account)

    def _transfer(self, transfer: Transfer) -> str:
        return json.dumps({"ResponsibilityTransfer": self._described(transfer)})

    def _transfers(self, *, inbound: bool, wanted: str | None) -> str:
        found = [
            self._described(each)
            for each in responsibility_transfers.of_account(self.shared, self.current_account)
            if (each.target.management_id == self.current_account) is inbound and wanted in (None, each.id)
        ]
        return self._paged("ResponsibilityTransfers", found)
