"""The verbs on reports: one function each, one transaction each."""

from disaster.reports.services.moves import (
    assign_reports,
    merge_events,
    reports_of,
    shared_areas,
    split_event,
    unmerge_event,
)
from disaster.reports.services.photos import store_photo
from disaster.reports.services.review import (
    approve,
    approve_many,
    mark_seen,
    pass_many,
    pass_report,
    send_back,
)
from disaster.reports.services.submit import submit, submit_many
from disaster.reports.services.voices import store_voice
from disaster.reports.submission import Submission

__all__ = [
    "Submission",
    "approve",
    "approve_many",
    "assign_reports",
    "mark_seen",
    "merge_events",
    "pass_many",
    "pass_report",
    "reports_of",
    "send_back",
    "shared_areas",
    "split_event",
    "store_photo",
    "store_voice",
    "submit",
    "submit_many",
    "unmerge_event",
]
