"""Where the wizard is."""

from __future__ import annotations

from django.urls import path

from disaster.config.importing import views

urlpatterns = [path("import/", views.page, name="import")]
