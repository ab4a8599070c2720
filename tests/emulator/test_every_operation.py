"""Every operation of the model answers, in AWS's form, in every organization."""

from typing import Any

import pytest

from aws_org_emulator import Member
from tests.emulator.conftest import Start
from tests.emulator.test_validation import MODEL, by_management, whole


@pytest.mark.parametrize("feature_set", ["ALL", "CONSOLIDATED_BILLING", None])
def test_an_answer_is_a_result_or_an_error_that_the_operation_declares(
    start: Start, feature_set: Any
) -> None:
    emulator = start(feature_set=feature_set, members=(Member("777777777777"),))
    emulator.snapshot()
    otherwise = []
    for operation in MODEL.operation_names:
        answer = by_management(emulator, operation, whole(operation))
        declared = {shape.name for shape in MODEL.operation_model(operation).error_shapes}
        if answer.error.partition(" ")[0] not in {"", *declared}:
            otherwise.append((operation, answer))
        emulator.restore()
    assert not otherwise
