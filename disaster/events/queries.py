"""Questions about events and about the places they own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from disaster.events.models import Event, EventView, view
from gis.models import HazardZone, Shelter
from gis.scope import AreaScope
from gis.shown import shelter_view, zone_view

RECENT = timedelta(days=30)
"""How long a closed event stays in snapshots."""


def touching(scope: AreaScope, column: str) -> Q:
    """Give a condition: the area is in ``scope``, or holds it."""
    from gis.scope import NATION, ancestors, pad

    condition = Q(pk__in=[])
    for prefix in scope.prefixes:
        above = [*ancestors(pad(prefix)), NATION]
        condition |= Q(**{f"{column}__startswith": prefix}) | Q(**{f"{column}__in": above})
    return condition


def events_in(scope: AreaScope) -> list[EventView]:
    """Give the open and the lately closed events that concern ``scope``."""
    lately = Q(closed_at__isnull=True) | Q(closed_at__gte=timezone.now() - RECENT)
    return [view(event) for event in Event.objects.filter(lately, touching(scope, "area_code"))]


def shelters_in(scope: AreaScope) -> list[Any]:
    """Give the shelters that concern ``scope``."""
    return [shelter_view(shelter) for shelter in Shelter.objects.filter(touching(scope, "area_id"))]


def zones_in(scope: AreaScope) -> list[Any]:
    """Give the hazard zones in force that concern ``scope``."""
    zones = HazardZone.objects.filter(touching(scope, "area_id"), lifted_at__isnull=True)
    return [zone_view(zone) for zone in zones]
