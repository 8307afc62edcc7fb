"""Relief: needs, stock, plans, dispatch, receipt; each quantity moves between two places and is never typed."""
