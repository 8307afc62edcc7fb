"""Roads out of files: read as ways, cut into pieces between nodes, stored all or nothing."""

from gis.roads.build import BadRoads, Piece, Way, cut
from gis.roads.store import Loaded, store

__all__ = ["BadRoads", "Loaded", "Piece", "Way", "cut", "store"]
