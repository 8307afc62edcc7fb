"""Figures by village for the map and the board: what was needed, granted, has arrived, and is late."""
