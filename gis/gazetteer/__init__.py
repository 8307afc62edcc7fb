"""Load areas from files: checked row by row, all or nothing, and nothing twice."""

from gis.gazetteer.check import read
from gis.gazetteer.place import Error, Place, Refused, Summary
from gis.gazetteer.store import store

__all__ = ["Error", "Place", "Refused", "Summary", "read", "store"]
