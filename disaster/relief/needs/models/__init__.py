"""What relief knows of households: the register, the programmes, the applications and what was granted."""

from disaster.relief.needs.models.applications import Application, Grant, Step
from disaster.relief.needs.models.households import Change, Household, Programme, Reading

__all__ = ["Application", "Change", "Grant", "Household", "Programme", "Reading", "Step"]
