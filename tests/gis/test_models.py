"""What the database itself refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from gis.models import Area, AreaAlias, HazardZone, Shelter
from tests.world import COUNTY, EAST, JIA, WEST, square

BOW_TIE = MultiPolygon(
    Polygon(((116.6, 30.6), (116.62, 30.62), (116.62, 30.6), (116.6, 30.62), (116.6, 30.6))), srid=4326
)
VILLAGE = {"code": "340882101299", "name": "新村", "level": "village", "parent_id": EAST}
ZONE = {"name": "险", "kind": "flood", "level": "red", "area_id": JIA}


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"code": "34088210129x"}, "area_code_is_12_digits"),
        ({"code": "3408821012"}, "area_code_is_12_digits"),
        ({"level": "township"}, "area_level_agrees_with_code"),
        ({"level": "hamlet"}, "area_level_agrees_with_code"),
        ({"code": "340882199000"}, "area_level_agrees_with_code"),
        ({"parent_id": WEST}, "area_parent_agrees_with_code"),
        ({"parent_id": COUNTY}, "area_parent_agrees_with_code"),
        ({"parent_id": None}, "area_parent_agrees_with_code"),
        ({"population": -1}, "places_area_population_check"),
        ({"boundary": BOW_TIE}, "area_boundary_is_valid"),
    ],
)
def test_an_area_that_contradicts_itself(world, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Area.objects.create(**VILLAGE | change)
    Area.objects.create(**VILLAGE)


def test_an_area_with_children_or_people_stays(world):
    for code in (COUNTY, JIA):
        with pytest.raises(IntegrityError), transaction.atomic():
            Area.objects.get(pk=code).delete()
    assert Area.objects.filter(pk__in=(COUNTY, JIA)).count() == 2


@pytest.mark.parametrize("code", ["340824", "34082400000x", COUNTY])
def test_a_retired_code_is_another_code_of_12_digits(world, code):
    with pytest.raises(IntegrityError, match="alias_code_is_12_digits"), transaction.atomic():
        AreaAlias.objects.create(retired_code=code, area_id=COUNTY, valid_to="2018-08-01")


def test_shelters(world):
    values: dict[str, Any] = {
        "name": "小学",
        "area_id": JIA,
        "point": Point(116.51, 30.61, srid=4326),
        "capacity": 9,
    }
    Shelter.objects.create(**values)
    with pytest.raises(IntegrityError, match="shelter_name_once_an_area"), transaction.atomic():
        Shelter.objects.create(**values)
    with pytest.raises(IntegrityError, match="occupancy"), transaction.atomic():
        Shelter.objects.create(**values | {"name": "中学", "occupancy": -1})


def test_zones(world):
    now = timezone.now()
    with pytest.raises(IntegrityError, match="zone_boundary_is_valid"), transaction.atomic():
        HazardZone.objects.create(boundary=BOW_TIE, valid_from=now, **ZONE)
    with pytest.raises(IntegrityError, match="zone_ends_after_it_begins"), transaction.atomic():
        HazardZone.objects.create(boundary=square(116.5, 30.6), valid_from=now, valid_to=now, **ZONE)


def test_coordinates_of_another_system_are_not_stored(world):
    with pytest.raises(DatabaseError, match="SRID"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE places_area SET point = ST_SetSRID(ST_MakePoint(459572, 3390340), 4548) WHERE code = %s",
            [JIA],
        )


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("places_area", "boundary"),
        ("places_area", "point"),
        ("places_shelter", "point"),
        ("places_hazardzone", "boundary"),
    ],
)
def test_every_geometry_has_a_gist_index_and_a_known_system(db, table, column):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [table])
        assert any(f"USING gist ({column})" in row[0] for row in cursor.fetchall())
        cursor.execute("SELECT Find_SRID('public', %s, %s)", [table, column])
        assert cursor.fetchone() == (4326,)
