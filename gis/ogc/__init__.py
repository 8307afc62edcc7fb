"""OGC API – Features of what the map shows: collections as data, one door, every reader's own scope."""
