"""The addresses of the map's tiles."""

from django.urls import include, path

from gis import api

urlpatterns = [
    path("ogc/", include("gis.ogc.urls")),
    path("tiles/", api.index, name="tile-index"),
    path("tiles/<slug:layer>/<int:z>/<int:x>/<int:y>.mvt", api.tile, name="tile"),
]
