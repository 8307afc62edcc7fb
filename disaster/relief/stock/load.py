"""Putting the shipped items and the places outside into the database, never over a local edit."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS

SHIPPED = Path(__file__).parent / "shipped" / "items.toml"


def after_migrate(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Add every item and outside place that is missing."""
    from disaster.relief.stock.models import Item, Place

    rows = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["item"]
    have = set(Item.objects.using(using).values_list("key", flat=True))
    Item.objects.using(using).bulk_create(Item(**row) for row in rows if row["key"] not in have)
    known = set(Place.objects.using(using).values_list("kind", flat=True))
    outside = [kind for kind in Place.Kind if kind not in Place.KEPT and kind.value not in known]
    Place.objects.using(using).bulk_create(Place(kind=kind, name=str(kind.label)) for kind in outside)
