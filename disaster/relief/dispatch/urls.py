"""Where the pages of dispatch are."""

from __future__ import annotations

from django.urls import path

from disaster.relief.dispatch import views

urlpatterns = [
    path("trips/", views.listed, name="trips"),
    path("trips/vehicles/", views.vehicles, name="vehicles"),
    path("trips/<uuid:trip_id>/", views.trip, name="trip"),
    path("trips/<uuid:trip_id>/waybill/", views.waybill, name="waybill"),
]
