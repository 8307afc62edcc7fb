"""Where the pages of shelters and evacuation are."""

from __future__ import annotations

from django.urls import path

from disaster.refuge.views import evacuation, shelters

urlpatterns = [
    path("shelters/", shelters.listed, name="shelters"),
    path("shelters/new/", shelters.new, name="shelter-new"),
    path("shelters/<uuid:shelter_id>/", shelters.one, name="shelter"),
    path("shelters/<uuid:shelter_id>/edit/", shelters.edit, name="shelter-edit"),
    path("evacuation/", evacuation.listed, name="evacuation"),
    path("evacuation/<uuid:plan_id>/", evacuation.one, name="evacuation-plan"),
    path("evacuation/<uuid:plan_id>/print/", evacuation.printed, name="evacuation-print"),
]
