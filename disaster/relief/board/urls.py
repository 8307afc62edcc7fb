"""Where the board is."""

from __future__ import annotations

from django.urls import path

from disaster.relief.board import views

urlpatterns = [path("relief/board/", views.page, name="relief-board")]
