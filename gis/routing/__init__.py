"""Ways by road that keep clear of active hazard zones and closures.

``path`` gives one way with its alternatives, ``matrix`` the seconds of many at once, ``along``
the roads those seconds were reckoned by, ``reach`` what lies within minutes. Every way handed
out is held against the zones and closures again, in PostGIS; where there is no dry way, that
is the answer (无安全路线), never a wet one unmarked.
"""

from gis.routing.along import along
from gis.routing.blocked import blocking, shut_by
from gis.routing.blocked import state as danger
from gis.routing.graph import state as network
from gis.routing.paths import path
from gis.routing.reach import reach
from gis.routing.route import NO_DRY, Route, Verdict
from gis.routing.tables import matrix

__all__ = [
    "NO_DRY",
    "Route",
    "Verdict",
    "along",
    "blocking",
    "danger",
    "matrix",
    "network",
    "path",
    "reach",
    "shut_by",
]
