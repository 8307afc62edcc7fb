"""The addresses of the map's tiles."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
