"""Questions about events and about the places they own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from disaster.events.models import Event, EventView, view
from gis.models import Closure, HazardZone, Shelter
from gis.scope import AreaScope
from gis.shown import closure_view, shelter_view, zone_view

RECENT = timedelta(days=30)
"""How long a closed event stays in snapshots."""


def events_in(scope: AreaScope) -> list[EventView]:
    """Give the open and the lately closed events that concern ``scope``."""
    lately = Q(closed_at__isnull=True) | Q(closed_at__gte=timezone.now() - RECENT)
    return [view(event) for event in Event.objects.touching(scope).filter(lately)]


def shelters_in(scope: AreaScope) -> list[Any]:
    """Give the shelters that concern ``scope``."""
    return [shelter_view(shelter) for shelter in Shelter.objects.touching(scope)]


def closures_in(scope: AreaScope) -> list[Any]:
    """Give the roads closed at present that concern ``scope``."""
    closures = Closure.objects.touching(scope).filter(lifted_at__isnull=True)
    return [closure_view(closure) for closure in closures]


def zones_in(scope: AreaScope) -> list[Any]:
    """Give the hazard zones in force that concern ``scope``."""
    zones = HazardZone.objects.touching(scope).filter(lifted_at__isnull=True)
    return [zone_view(zone) for zone in zones]
