"""Where the officer's page is; the worker lies beside it, so that it may serve it."""

from __future__ import annotations

from django.urls import path

from disaster.config import field

urlpatterns = [
    path("field/", field.page, name="field"),
    path("field/worker.js", field.worker),
    path("field/manifest.webmanifest", field.manifest),
]
