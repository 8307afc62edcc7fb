"""Which lorry goes where, in which order and when. Pure: numbers in, numbers out.

``model`` says what is given and what a plan is, ``vrp`` asks PyVRP for the cheapest trips,
``relief`` for those that are everywhere soonest.
"""

from disaster.relief.dispatch.routes.model import Depot, Lorry, Plan, Problem, Stop, Trip, Visit

__all__ = ["Depot", "Lorry", "Plan", "Problem", "Stop", "Trip", "Visit"]
