"""Who wants which briefing and when, what was sent, and whether it was read."""
