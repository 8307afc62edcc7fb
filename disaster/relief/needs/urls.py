"""Where the pages of needs are."""

from __future__ import annotations

from django.urls import path

from disaster.relief.needs import views

urlpatterns = [
    path("relief/", views.programmes, name="relief"),
    path("relief/new/", views.open_programme, name="relief-new"),
    path("relief/<uuid:programme_id>/", views.programme, name="relief-programme"),
    path("relief/<uuid:programme_id>/enter/", views.enter, name="relief-enter"),
    path("relief/households/<uuid:household_id>/", views.household, name="relief-household"),
]
