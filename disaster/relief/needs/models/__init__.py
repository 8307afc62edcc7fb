"""What relief knows of households: the register, the programmes, the applications and what was granted."""

from disaster.relief.needs.models.applications import Application, Grant, Step
from disaster.relief.needs.models.households import Change, Household, Programme, Reading
from disaster.relief.needs.models.members import Member

__all__ = ["Application", "Change", "Grant", "Household", "Member", "Programme", "Reading", "Step"]
