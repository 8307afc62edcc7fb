"""Where the bureau's live map is."""

from __future__ import annotations

from django.urls import path

from disaster.config import map_page

urlpatterns = [path("map/", map_page.page, name="map")]
