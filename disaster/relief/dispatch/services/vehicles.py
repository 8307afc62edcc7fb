"""Entering lorries (车辆登记)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from disaster.journal import append
from disaster.people.models import Person
from disaster.people.scope import Rights, require, rights_of
from disaster.problems import FieldError
from disaster.relief.dispatch import checks, queries
from disaster.relief.dispatch.checks import PLATE_TAKEN, UNKNOWN_DRIVER, UNKNOWN_HOME, VehicleEntry
from disaster.relief.dispatch.models import Vehicle
from disaster.relief.stock.models import Place


@transaction.atomic
def save_vehicle(vehicle_id: UUID, entry: VehicleEntry, *, by: Rights, now: datetime) -> Vehicle:
    """Enter a lorry, or change it: the id is the writer's own, so that a repeat is the same lorry.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 with the fields named.
    """
    home = Place.objects.filter(pk=entry.home, kind__in=Place.KEPT).first()
    if home is None:
        checks.refuse({"home": FieldError(UNKNOWN_HOME)})
        raise AssertionError
    require(by, "trip.plan", str(home.area_id))
    known = Vehicle.objects.filter(pk=vehicle_id).exists()
    vehicle = queries.one_vehicle(vehicle_id, by=by) if known else Vehicle(pk=vehicle_id)
    errors = checks.vehicle_errors(entry)
    if Vehicle.objects.filter(plate=entry.plate.strip()).exclude(pk=vehicle_id).exists():
        errors["plate"] = FieldError(PLATE_TAKEN)
    driver = Person.objects.filter(pk=entry.driver, is_active=True).first() if entry.driver else None
    if entry.driver and (driver is None or not rights_of(driver, on=now.date()).where("trip.drive").prefixes):
        errors["driver"] = FieldError(UNKNOWN_DRIVER)
    checks.refuse(errors)
    vehicle.plate, vehicle.kind = entry.plate.strip(), entry.kind.strip()[:30]
    vehicle.capacity_kg, vehicle.capacity_m3 = entry.capacity_kg, entry.capacity_m3
    vehicle.home, vehicle.driver, vehicle.is_usable = home, driver, entry.is_usable
    vehicle.save(force_insert=not known)
    append.one(
        "vehicle.saved",
        object_kind="vehicle",
        object_id=str(vehicle.pk),
        area_code=str(home.area_id),
        put=(),
        by=by,
        at=now,
    )
    return vehicle
