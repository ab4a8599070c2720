"""Status of a migration, for people: who blocks it, who must act, what happens if nobody does. Pure.

Made of what AWS shows and nothing else, so for anybody who may look, without a stack's record. Times are
passed in, and relative ones are allowed: nothing of this is kept.
"""

from aws_org_features.views.status.build import outlook, to_be_named
from aws_org_features.views.status.changes import Change, changes
from aws_org_features.views.status.values import Actor, Outlook

__all__ = ["Actor", "Change", "Outlook", "changes", "outlook", "to_be_named"]
