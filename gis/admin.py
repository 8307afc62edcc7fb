"""Places in the administration pages: to look at. They change by the loader and the services."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from gis.models import Area, AreaAlias, HazardZone, Shelter


class LookOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shows rows; a change here would bypass the journal. Outlines are for the map, not for forms."""

    exclude = ("boundary", "point")
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Area)
class AreaAdmin(LookOnly):
    list_display = ("code", "name", "level", "population", "is_approximate")
    list_filter = ("level", "is_approximate")
    search_fields = ("code", "name")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("boundary")


@admin.register(AreaAlias)
class AreaAliasAdmin(LookOnly):
    list_display = ("retired_code", "area", "valid_to")
    list_select_related = ("area",)


@admin.register(Shelter)
class ShelterAdmin(LookOnly):
    list_display = ("name", "area", "kind", "capacity", "occupancy", "state")
    list_filter = ("state", "kind")
    list_select_related = ("area",)
    search_fields = ("name", "area__code")


@admin.register(HazardZone)
class HazardZoneAdmin(LookOnly):
    list_display = ("name", "area", "kind", "level", "valid_from", "lifted_at")
    list_filter = ("kind", "level")
    list_select_related = ("area",)
    search_fields = ("name", "area__code")
