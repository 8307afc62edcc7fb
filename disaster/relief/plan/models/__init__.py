"""What a plan is: scenarios, what each village gets and why, where it comes from, what was pinned, its papers."""

from disaster.relief.plan.models.scenarios import Basis, Scenario
from disaster.relief.plan.models.shares import Allocation, Paper, Pin, Share

__all__ = ["Allocation", "Basis", "Paper", "Pin", "Scenario", "Share"]
