"""Missing parameters of a request of IAM or STS, by botocore's models: AWS reports them first."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from botocore.loaders import create_loader
from botocore.model import ServiceModel


@cache
def _model(service: str) -> ServiceModel:
    return ServiceModel(create_loader().load_service_model(service, "service-2"), service)


def is_operation(service: str, operation: str) -> bool:
    """Return whether a service has an operation of this name."""
    return operation in _model(service).operation_names


def missing(service: str, operation: str, form: Mapping[str, Any]) -> str | None:
    """AWS's message about missing required parameters.

    Args:
        service: "iam" or "sts".
        operation: AWS's name.
        form: the parameters, as the query protocol has them.

    Returns:
        AWS's words, or None where nothing lacks or the model knows no such operation.
    """
    model = _model(service)
    shape = model.operation_model(operation).input_shape if operation in model.operation_names else None
    lacking = [name for name in getattr(shape, "required_members", ()) if not _given(name, form)]
    if not lacking:
        return None
    found = [
        f"Value null at '{name[0].lower()}{name[1:]}' failed to satisfy constraint: Member must not be null"
        for name in lacking
    ]
    return f"{len(found)} validation error{'s' * (len(found) > 1)} detected: {'; '.join(found)}"


def _given(name: str, form: Mapping[str, Any]) -> bool:
    return any(each == name or each.startswith(f"{name}.") for each in form)
