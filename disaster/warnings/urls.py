"""Where the warnings page is."""

from __future__ import annotations

from django.urls import path

from disaster.warnings import views

urlpatterns = [path("warnings/", views.page, name="warnings")]
