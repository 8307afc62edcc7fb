"""Maps of a briefing: what lies on the ground, drawn for print and as one interactive file."""
