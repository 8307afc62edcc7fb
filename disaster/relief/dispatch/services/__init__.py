"""The verbs on lorries and trips: entered, planned, confirmed, driven, followed, found anew, put in order, cancelled."""

from disaster.relief.dispatch.services.driving import act
from disaster.relief.dispatch.services.following import take_fixes
from disaster.relief.dispatch.services.ordering import reorder
from disaster.relief.dispatch.services.planning import cancel, confirm, draft
from disaster.relief.dispatch.services.vehicles import save_vehicle
from disaster.relief.dispatch.services.watching import watch

__all__ = ["act", "cancel", "confirm", "draft", "reorder", "save_vehicle", "take_fixes", "watch"]
