"""Where the duty page is."""

from __future__ import annotations

from django.urls import path

from disaster.duty import views

urlpatterns = [path("duty/", views.page, name="duty")]
