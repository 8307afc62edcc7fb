"""Where things are: state and constraints, no verbs. Every geometry is EPSG:4326.

CGCS2000 (EPSG:4490) is treated as equal to EPSG:4326: they differ by centimetres.
"""

from gis.models.areas import Area, AreaAlias, AreaQuerySet, PlacedQuerySet
from gis.models.roads import Closure, Road, RoadNode
from gis.models.shelters import Shelter
from gis.models.zones import HazardZone, ZoneVersion

__all__ = [
    "Area",
    "AreaAlias",
    "AreaQuerySet",
    "Closure",
    "HazardZone",
    "PlacedQuerySet",
    "Road",
    "RoadNode",
    "Shelter",
    "ZoneVersion",
]
