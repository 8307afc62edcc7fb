"""The verbs on allocation plans: made, planned anew, reviewed, approved, turned into orders, dropped."""

from disaster.relief.plan.services.approving import approve, drop, review
from disaster.relief.plan.services.making import Proposal, make, pins_of, propose, replan
from disaster.relief.plan.services.ordering import make_orders

__all__ = ["Proposal", "approve", "drop", "make", "make_orders", "pins_of", "propose", "replan", "review"]
