"""Where the pages of receipts are; signing itself has a page of its own that works offline (``config.shells``)."""

from __future__ import annotations

from django.urls import path

from disaster.relief.receipts import views

urlpatterns = [
    path("cases/", views.cases, name="cases"),
    path("stock/batches/<uuid:batch_id>/", views.batch, name="stock-batch"),
    path("vouchers/", views.vouchers, name="vouchers"),
    path("vouchers/print/", views.vouchers_print, name="vouchers-print"),
]
