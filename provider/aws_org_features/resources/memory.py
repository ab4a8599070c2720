"""What the resources of one run tell one another: one process serves one run of the engine."""

from __future__ import annotations

from typing import Final

from aws_org_features.policy_types.reconcile import Run

ROOTS: Final = Run()
"""What is known of each organization's policy types; whoever changes an organization has it forgotten."""
