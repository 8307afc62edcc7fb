"""The verbs on reports: one function each, one transaction each."""

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
from disaster.reports.submission import Submission

__all__ = [
    "Submission",
    "approve",
    "approve_many",
    "mark_seen",
    "pass_many",
    "pass_report",
    "send_back",
    "store_photo",
    "submit",
    "submit_many",
]
