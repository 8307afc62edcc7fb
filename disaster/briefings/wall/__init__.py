"""The wall (/wall/): the duty room's board, from what the rooms below know."""
