"""The provider's work in a refresh, in a process of its own: `python -m bench.reading ID`.

Loads the SDK as the provider's process does, calls `read` as that does, and prints what it took as JSON.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

# Modules that the provider's process has loaded by then, for its memory.
import dill  # type: ignore[import-untyped]  # noqa: F401
import grpc  # noqa: F401
import pulumi.dynamic  # noqa: F401

from aws_org_features.resources.feature_set import OrganizationFeatureSetProvider


def _peak_mb() -> float:
    """The most memory that this process had at once; what the system tells of a child counts its parent's."""
    found = re.search(r"^VmHWM:\s*(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 / 1e6 if found else float("nan")


if __name__ == "__main__":
    began, began_at_work = time.perf_counter(), time.process_time()
    OrganizationFeatureSetProvider().read(sys.argv[1], {})
    took = {
        "seconds": time.perf_counter() - began,
        "at_work": time.process_time() - began_at_work,
        "peak_mb": _peak_mb(),
    }
    print(json.dumps(took))
