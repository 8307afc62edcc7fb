"""The addresses of the map's tiles."""

from django.urls import include, path

from gis import api
from gis.basemap import api as basemap

urlpatterns = [
    path("ogc/", include("gis.ogc.urls")),
    path("basemap/", basemap.index, name="basemap"),
    path("basemap/relief/<int:z>/<int:x>/<int:y>.png", basemap.shade, name="relief"),
    path("basemap/<slug:slot>/<int:z>/<int:x>/<int:y>", basemap.stored, name="basemap-tile"),
    path("tiles/", api.index, name="tile-index"),
    path("tiles/<slug:layer>/<int:z>/<int:x>/<int:y>.mvt", api.tile, name="tile"),
]
