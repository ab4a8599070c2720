"""Plan of a migration, for review before anything is written. Pure.

What AWS showed goes in, sentences and numbers come out; the status is in `outlook`'s words.
"""

from aws_org_features.views.plan.build import plan
from aws_org_features.views.plan.permissions import missing
from aws_org_features.views.plan.short import first_steps, short
from aws_org_features.views.plan.values import (
    Ahead,
    Consideration,
    Effort,
    Obstacle,
    Permission,
    Plan,
    Topic,
    Verdict,
)

__all__ = [
    "Ahead",
    "Consideration",
    "Effort",
    "Obstacle",
    "Permission",
    "Plan",
    "Topic",
    "Verdict",
    "first_steps",
    "missing",
    "plan",
    "short",
]
