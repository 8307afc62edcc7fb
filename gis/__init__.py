"""Where things are: areas, shelters, hazard zones, positions and tiles; no verbs."""
