"""Where the pages of plans are."""

from __future__ import annotations

from django.urls import path

from disaster.relief.plan import views

urlpatterns = [
    path("plan/", views.listed, name="plan"),
    path("plan/<uuid:plan_id>/", views.one, name="plan-one"),
]
