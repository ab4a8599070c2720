"""Any call of Organizations, for the sake of its answer: a refusal is one, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_org_features.aws.calls import Calls
from aws_org_features.aws.errors import told
from aws_org_features.evidence.probe.step import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping


class AnyCall(Calls):
    """Calls by their names, each in one try."""

    def ask(self, operation: str, request: Mapping[str, Any]) -> Outcome:
        """Make a call.

        Raises:
            OrgFeaturesError: It wasn't Organizations that refused it, or nothing answered.
        """
        from botocore import xform_name
        from botocore.exceptions import ClientError

        def call() -> Outcome:
            client: Any = self._clients.writer
            try:
                answer = getattr(client, xform_name(operation))(**request)
            except ClientError as error:
                said: Mapping[str, Any] = error.response
                code = str(said.get("Error", {}).get("Code") or "")
                model = client.meta.service_model.operation_model(operation)
                if code not in {shape.name for shape in model.error_shapes}:
                    raise
                reason, words = str(said.get("Reason") or ""), str(said["Error"].get("Message") or "")
                return Outcome({}, code, reason, words)
            return Outcome({name: value for name, value in answer.items() if name != "ResponseMetadata"})

        with told("organizations", operation):
            self._warn_of_settings()
            return call()
