"""Where the pages of stock are."""

from __future__ import annotations

from django.urls import path

from disaster.relief.stock import views

urlpatterns = [
    path("stock/", views.listed, name="stock"),
    path("stock/in/", views.take_in, name="stock-in"),
    path("stock/order/", views.order, name="stock-order"),
    path("stock/places/new/", views.open_place, name="stock-place-new"),
    path("stock/places/<uuid:place_id>/", views.place, name="stock-place"),
    path("stock/documents/<uuid:document_id>/", views.document, name="stock-document"),
]
