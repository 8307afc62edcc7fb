"""Shelters for tests: an open one in village 甲 that holds a hundred, unless said otherwise."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from disaster.refuge import shelters
from gis.models import Shelter
from tests.world import JIA, World


def an_entry(**fields: Any) -> shelters.Entry:
    values = {
        "name": "甲村小学",
        "area": JIA,
        "lon": 116.51,
        "lat": 30.61,
        "usable_area_m2": 200,
        "address": "甲村一组",
        "route": "沿村道向北",
    }
    return shelters.Entry(**{**values, **fields})


def a_shelter(world: World, *, is_open: bool = True, **fields: Any) -> Shelter:
    by, now = world.rights("bureau"), timezone.now()
    made = shelters.make(an_entry(**fields), by=by, now=now)
    return shelters.open_shelter(made, by=by, now=now) if is_open else made
