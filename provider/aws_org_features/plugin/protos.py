"""Pulumi's protocol: the modules that its Python SDK generates, without the SDK itself.

`import pulumi` takes as much time and memory as all else in the plugin. The generated modules need nothing of
it but the packages that they lie in, so these are stood in for by empty ones with the same folders. This is a
process of its own, in which nobody else imports pulumi. Where somebody has, as in tests, or where the SDK is
laid out in another way, the usual import is taken.
"""

from __future__ import annotations

import sys
import types
from importlib import import_module, util
from pathlib import Path
from typing import TYPE_CHECKING, Any

_NAMES = ("engine_pb2", "engine_pb2_grpc", "plugin_pb2", "provider_pb2", "provider_pb2_grpc", "status_pb2")
_PACKAGES = ("pulumi", "pulumi.runtime", "pulumi.runtime.proto")


def _generated() -> list[Any]:
    return [import_module(f"{_PACKAGES[-1]}.{name}") for name in _NAMES]


def _without_the_sdk() -> list[Any]:
    spec = util.find_spec("pulumi")  # runs nothing of it
    if spec is None or spec.origin is None:
        raise ImportError("pulumi isn't installed")
    before = set(sys.modules)
    for package in _PACKAGES:
        stand_in = types.ModuleType(package)
        stand_in.__path__ = [str(Path(spec.origin).parent.joinpath(*package.split(".")[1:]))]
        sys.modules[package] = stand_in
    try:
        return _generated()
    except ImportError:
        for name in set(sys.modules) - before:
            if name.partition(".")[0] == "pulumi":
                del sys.modules[name]
        raise


def _modules() -> list[Any]:
    if "pulumi" not in sys.modules:
        try:
            return _without_the_sdk()
        except ImportError:
            pass
    return _generated()


if TYPE_CHECKING:
    from pulumi.runtime.proto import (
        engine_pb2,
        engine_pb2_grpc,
        plugin_pb2,
        provider_pb2,
        provider_pb2_grpc,
        status_pb2,
    )
else:
    engine_pb2, engine_pb2_grpc, plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2 = _modules()

__all__ = ["engine_pb2", "engine_pb2_grpc", "plugin_pb2", "provider_pb2", "provider_pb2_grpc", "status_pb2"]
