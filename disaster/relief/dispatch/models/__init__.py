"""What dispatch keeps: lorries, drafts of trips, trips with their stops, what was done, and where lorries were."""

from disaster.relief.dispatch.models.tracks import Act, Fix
from disaster.relief.dispatch.models.trips import Draft, Stop, Trip, Vehicle

__all__ = ["Act", "Draft", "Fix", "Stop", "Trip", "Vehicle"]
