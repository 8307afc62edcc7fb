"""Where the desk files for a village."""

from __future__ import annotations

from django.urls import path

from disaster.reports.views import filing

urlpatterns = [path("file/", filing.page, name="file")]
