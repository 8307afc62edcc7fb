"""The bureau's map as a tool: what is found on it, measured, kept as a view, drawn as a chart and printed."""
