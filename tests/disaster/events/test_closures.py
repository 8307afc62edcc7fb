"""Roads closed and opened: from the map, from a report, sent twice; and ways that change with them."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from disaster.journal.models import Entry
from disaster.reports.models import Report
from disaster.reports.services import submit
from gis.models import Closure
from tests.gis import grid
from tests.world import EAST, JIA, World, a_report, inside, submission

pytestmark = pytest.mark.django_db
POINT = {"type": "Point", "coordinates": [116.51, 30.61]}


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def way(client: Client, start: str, end: str) -> dict[str, Any]:
    answer = client.get(f"/api/routes?start={start}&end={end}").json()
    return answer["routes"][0]


def test_a_road_is_closed_and_the_next_way_goes_round_it(world: World, client_of: Any) -> None:
    grid.build()
    desk = client_of("east")
    before = way(desk, "116.50,30.61", "116.53,30.61")
    closed = post(desk, "/api/closures", geometry=POINT, reason="山体塌方", id=str(uuid.uuid4()))
    assert closed.status_code == 201
    assert closed.json()["closure"]["area"] == EAST
    assert closed.json()["roads"] == 4  # a crossing
    after = way(desk, "116.50,30.61", "116.53,30.61")
    assert after["is_dry"]
    assert after["km"] > before["km"] + 1.5
    assert post(desk, f"/api/closures/{closed.json()['closure']['id']}/open").status_code == 200
    assert way(desk, "116.50,30.61", "116.53,30.61")["km"] == before["km"]


def test_sent_twice_it_is_closed_once(world: World, client_of: Any) -> None:
    desk, same = client_of("east"), str(uuid.uuid4())
    answers = [post(desk, "/api/closures", geometry=POINT, reason="塌方", id=same) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    assert Closure.objects.count() == 1
    assert Entry.objects.filter(verb="road.closed").count() == 1


def test_a_report_of_a_closed_road_is_its_proof(world: World, client_of: Any) -> None:
    report = _filed(world)
    closed = post(client_of("east"), f"/api/reports/{report.id}/closure", id=str(uuid.uuid4()), reason="路断")
    assert closed.status_code == 201
    view = closed.json()["closure"]
    assert (view["report"], view["area"]) == (str(report.id), JIA)
    assert view["geometry"]["coordinates"] == pytest.approx(report.point.coords)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"geometry": {"type": "Point", "coordinates": [30.6, 116.5]}}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": []}}, "geometry"),
        ({"geometry": {"type": "Polygon", "coordinates": []}}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": [110.0, 40.0]}}, "geometry"),
        ({"reason": "  "}, "reason"),
        ({"reason": "断" * 121}, "reason"),
        ({"radius_m": 0}, "radius_m"),
        ({"radius_m": 100000}, "radius_m"),
        ({"valid_to": "2020-01-01T00:00:00Z"}, "valid_to"),
    ],
)
def test_bad_input_names_its_field(world: World, client_of: Any, body: dict[str, Any], field: str) -> None:
    answer = post(client_of("east"), "/api/closures", **{"geometry": POINT, "reason": "塌方", **body})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not Closure.objects.exists()


def test_an_open_road_is_not_opened_again(world: World, client_of: Any) -> None:
    desk = client_of("bureau")
    closed = post(desk, "/api/closures", geometry=POINT, reason="塌方").json()["closure"]
    address = f"/api/closures/{closed['id']}/open"
    assert [post(desk, address).status_code for _ in range(2)] == [200, 409]
    assert desk.get("/api/closures").json()["closures"] == []


def test_a_matrix_has_null_where_no_dry_road_leads(world: World, client_of: Any) -> None:
    grid.build(2)
    desk = client_of("leader")
    places = [[116.50, 30.60], [116.51, 30.61]]
    found = post(desk, "/api/routes/matrix", origins=places, destinations=places).json()["minutes"]
    assert found[0][0] == 0
    assert found[0][1] > 1
    far = post(desk, "/api/routes/matrix", origins=places[:1], destinations=[[117.5, 31.5]]).json()
    assert far["minutes"] == [[None]]


def test_minutes_that_are_none_are_refused_by_name(world: World, client_of: Any) -> None:
    for minutes in ("", "a", "0", "15,999", "1,2,3,4,5,6,7"):
        answer = client_of("east").get(f"/api/routes/reach?place=116.5,30.6&minutes={minutes}")
        assert answer.status_code == 400
        assert "minutes" in answer.json()["errors"]


def _filed(world: World) -> Any:
    submit(submission(a_report(JIA, fix=inside(JIA)), by=world.rights("jia_a")))
    return Report.objects.get()
