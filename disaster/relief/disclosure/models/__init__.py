"""What disclosure keeps: notices with what they list and their photographs, and cases with their steps."""

from disaster.relief.disclosure.models.cases import Case, CaseStep
from disaster.relief.disclosure.models.notices import Entry, Notice, NoticePhoto

__all__ = ["Case", "CaseStep", "Entry", "Notice", "NoticePhoto"]
