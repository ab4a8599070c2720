"""Status of a migration, for people: an HTML page, and Markdown for a pull request. Pure.

Its facts come from three sources, and each says from which: what AWS shows, what earlier reports
saw (`history`), what CloudTrail recorded (`evidence`). Names can hold anything: `inert` makes them
one harmless line, and the renderers see to it that nothing in them is markup. `page`, which makes the HTML,
is imported by itself, as it takes jinja2.
"""

from aws_org_features.views.report.build import Looked, report_of
from aws_org_features.views.report.cloudtrail import Evidence, evidence_of
from aws_org_features.views.report.history import History, Run, first_line, history_of, run_line, run_of
from aws_org_features.views.report.markdown import markdown
from aws_org_features.views.report.values import Entry, Event, Move, Report, Source, Standing

__all__ = [
    "Entry",
    "Event",
    "Evidence",
    "History",
    "Looked",
    "Move",
    "Report",
    "Run",
    "Source",
    "Standing",
    "evidence_of",
    "first_line",
    "history_of",
    "markdown",
    "report_of",
    "run_line",
    "run_of",
]
