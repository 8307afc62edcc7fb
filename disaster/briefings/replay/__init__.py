"""An event's past: the map and the totals as of any moment, and what has changed since the last briefing."""
