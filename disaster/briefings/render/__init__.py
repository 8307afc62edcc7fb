"""Turning a briefing's content into files; each module one kind, each from the same content."""
