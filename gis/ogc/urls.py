"""The addresses of the OGC API – Features."""

from django.urls import path

from gis.ogc import views

urlpatterns = [
    path("", views.landing, name="ogc"),
    path("conformance", views.conformance),
    path("api", views.api),
    path("collections", views.listed),
    path("collections/<slug:name>", views.collection),
    path("collections/<slug:name>/items", views.items),
    path("collections/<slug:name>/items/<str:key>", views.item),
]
