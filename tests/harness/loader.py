"""One loader of botocore's models for all sessions of a process: each model is read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import botocore.session

if TYPE_CHECKING:
    from botocore.loaders import Loader


def share_models() -> None:
    """Let all sessions that are made from now on share a loader, which keeps what it has read."""
    shared = botocore.session.create_loader()
    for service in ("organizations", "sts"):
        shared.load_service_model(service, "service-2")
        shared.load_service_model(service, "endpoint-rule-set-1")
    for name in ("endpoints", "partitions", "sdk-default-configuration", "_retry"):
        shared.load_data(name)

    def create_loader(search_path_string: str | None = None) -> Loader:
        del search_path_string  # no test has models of its own
        return shared

    botocore.session.create_loader = create_loader
