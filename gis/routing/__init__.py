"""Ways by road that keep clear of active hazard zones and closures.

``path`` gives one way with its alternatives, ``matrix`` many at once, ``reach`` what lies
within minutes. Every way handed out is held against the zones and closures again, in
PostGIS; where there is no dry way, that is the answer (无安全路线), never a wet one unmarked.
"""

from gis.routing.blocked import shut_by
from gis.routing.blocked import state as danger
from gis.routing.paths import NO_DRY, Route, Verdict, path
from gis.routing.reach import reach
from gis.routing.tables import matrix

__all__ = ["NO_DRY", "Route", "Verdict", "danger", "matrix", "path", "reach", "shut_by"]
