"""Addresses of the registers' pages."""

from django.urls import path

from disaster.registers import views

urlpatterns = [
    path("registers/", views.registers, name="registers"),
    path("registers/duplicates/", views.duplicates, name="register-duplicates"),
    path("registers/<str:kind>/new/", views.new, name="register-new"),
    path("registers/<str:kind>/<uuid:row_id>/", views.row, name="register-row"),
]
