"""Reading alerts: both standards, every form of their parts; and nothing that comes in breaks the reader."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from disaster.problems import Problem
from disaster.warnings.alerts import places
from disaster.warnings.alerts.model import Alert, Circle, Reference
from disaster.warnings.alerts.parse import parse
from disaster.warnings.alerts.resolve import circle_of
from disaster.warnings.alerts.xml import short
from gis.measure import area_ha
from tests.disaster.warnings.written import SENDER, area, cap, gbt, geocode, polygon


def refused(data: bytes) -> Problem:
    with pytest.raises(Problem) as caught:
        parse(data)
    return caught.value


def test_cap_is_read_latitude_first() -> None:
    alert = parse(cap("a-1", areas=area(polygon(), "<circle>30.5,116.5 12.5</circle>", geocode("340882"))))
    (info,) = alert.told
    (place,) = info.places
    assert place.polygons[0][0] == (116.501, 30.601)
    assert place.circles == (Circle((116.5, 30.5), 12.5),)
    assert place.geocodes == ("340882000000",)
    township = parse(gbt("g-9", geocode="340882202,340882203000")).told[0].places[0]
    assert township.geocodes == ("340882202000", "340882203000")
    assert (alert.standard, alert.sender, info.event_type, info.severity) == (
        "cap",
        SENDER,
        "11B03",
        "Severe",
    )


@pytest.mark.parametrize("encoding", ["UTF-8", "GB2312", "GBK", "GB18030", "UTF-16"])
def test_the_profile_is_read_in_each_of_its_encodings(encoding: str) -> None:
    alert = parse(gbt("g-1", encoding=encoding))
    assert (alert.standard, alert.sender) == ("gbt", "潜山市气象局")
    assert alert.told[0].headline == "潜山市气象局发布暴雨红色预警"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-07-05 14:30:00+08:00", datetime(2026, 7, 5, 6, 30, tzinfo=UTC)),
        ("2026-07-05 14:30:00", datetime(2026, 7, 5, 6, 30, tzinfo=UTC)),
        ("2026-07-05T14:30:00", datetime(2026, 7, 5, 6, 30, tzinfo=UTC)),
        ("2026-07-05T06:30:00Z", datetime(2026, 7, 5, 6, 30, tzinfo=UTC)),
    ],
)
def test_times_of_the_profile(text: str, expected: datetime) -> None:
    assert parse(gbt("g-1", sendTime=text)).sent == expected


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-13-05 14:30:00", "2026-07-05", "0001-01-01 00:00:00", ""]
)
def test_what_is_no_time_is_named(text: str) -> None:
    assert list(refused(gbt("g-1", sendTime=text)).errors) == ["sendTime"]


def test_cap_needs_an_offset() -> None:
    assert list(refused(cap("a-1", sent="2026-07-05T14:30:00")).errors) == ["sent"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{SENDER},a-1,2026-07-05T14:30:00+08:00", [(SENDER, "a-1")]),
        (
            "s,a,2026-07-05T14:30:00+08:00 s,b,2026-07-05T14:31:00+08:00\n s,a,2026-07-05T14:30:00+08:00",
            [("s", "a"), ("s", "b")],
        ),
        ("气象局,a-1,2026-07-05 14:30:00+08:00", [("气象局", "a-1")]),
        ("a-1 a-2", [("", "a-1"), ("", "a-2")]),
    ],
)
def test_references(text: str, expected: list[tuple[str, str]]) -> None:
    found = parse(gbt("g-2", msgType="Update", references=text)).references
    assert found == tuple(Reference(*one) for one in expected)


def test_cap_takes_no_bare_identifier() -> None:
    assert list(refused(cap("a-2", msgType="Update", references="a-1")).errors) == ["references"]


@pytest.mark.parametrize("kind", ["Update", "Cancel"])
def test_what_refers_to_nothing_is_refused(kind: str) -> None:
    assert "references" in refused(cap("a-1", msgType=kind)).errors


def test_of_translations_the_chinese_is_told() -> None:
    text = cap("a-1").decode()
    start, end = text.index("<info>"), text.index("</info>") + len("</info>")
    english = text[start:end].replace("zh-CN", "en-US").replace("暴雨", "Rainstorm")
    alert = parse((text[:start] + english + text[start:]).encode())
    assert [info.language for info in alert.infos] == ["en-US", "zh-CN"]
    assert [info.event for info in alert.told] == ["暴雨"]


def test_a_foreign_country_code_says_nothing_but_does_no_harm() -> None:
    same = "<geocode><valueName>SAME</valueName><value>US-CA</value></geocode>"
    assert parse(cap("a-1", areas=area(polygon(), same))).told[0].places[0].geocodes == ()
    assert list(refused(cap("a-1", areas=area(same))).errors) == ["info[1]/area[1]"]
    assert list(refused(gbt("g-1", geocode="潜山")).errors) == ["info[1]/area[1]/geocode[1]"]


def test_an_alert_without_info_or_area_warns_of_nothing() -> None:
    assert list(refused(cap("a-1", info="")).errors) == ["info"]
    assert list(refused(cap("a-1", areas="")).errors) == ["info[1]/area"]


def test_every_error_is_told_at_once() -> None:
    problem = refused(cap("a-1", areas=area(polygon("1,2"), "<circle>x</circle>") + area(polygon("9"))))
    assert list(problem.errors) == [
        "info[1]/area[1]/polygon[1]",
        "info[1]/area[1]/circle[1]",
        "info[1]/area[2]/polygon[1]",
    ]


def test_it_may_not_end_before_it_begins() -> None:
    wrong = cap("a-1", effective="2026-07-05T14:30:00+08:00", expires="2026-07-05T14:30:00+08:00")
    assert list(refused(wrong).errors) == ["info[1]/expires"]


def test_paths_are_written_as_people_write_them() -> None:
    assert short("/{urn:oasis:names:tc:emergency:cap:1.2}alert/cap:info[2]/area") == "info[2]/area"
    assert short("/alert") == "alert"


_DATA = [cap("a-1"), gbt("g-1"), gbt("g-2", encoding="GBK")]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(_DATA), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=4))
@example(_DATA[0], [(0.0, b"\xff\xfe")])
def test_a_damaged_alert_is_read_or_refused_and_never_breaks_the_reader(
    data: bytes, damage: list[tuple[float, bytes]]
) -> None:
    for at, piece in damage:
        place = int(at * len(data))
        data = data[:place] + piece + data[place + len(piece) :]
    try:
        assert isinstance(parse(data), Alert)
    except Problem as problem:
        assert problem.kind.status in {413, 422}


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789.,+-eENna 　٣\n", max_size=60))
def test_whatever_a_place_says_it_is_read_or_refused(text: str) -> None:
    for read in (places.polygon, places.circle, places.geocodes):
        try:
            read(text)  # type: ignore[operator]
        except places.WrongPlace as wrong:
            assert wrong.error.say("en")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(-89, 89), st.floats(-179, 179)), min_size=3, max_size=3, unique=True))
def test_what_is_read_is_what_was_written(corners: list[tuple[float, float]]) -> None:
    ring = [*corners, corners[0]]
    text = " ".join(f"{lat:.6f},{lon:.6f}" for lat, lon in ring)
    try:
        found = places.polygon(text)
    except places.WrongPlace:
        return
    assert found == tuple((float(f"{lon:.6f}"), float(f"{lat:.6f}")) for lat, lon in ring)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(-170, 170), st.floats(-70, 70), st.floats(0.1, 300))
def test_a_circle_is_a_geodesic_one(db: Any, lon: float, lat: float, radius: float) -> None:
    """Against pyproj: every corner lies the radius away, and the area is that of a circle."""
    shape = circle_of(Circle((lon, lat), radius))
    geod = Geod(ellps="WGS84")
    corners = list(shape[0])[:-1]
    for corner in corners:
        assert geod.inv(lon, lat, *corner)[2] == pytest.approx(radius * 1000, rel=1e-7)
    assert shape.valid
    own, _ = geod.polygon_area_perimeter(*zip(*corners, strict=True))
    assert own > 0, "counter-clockwise"
    # Areas in our zone are those of the plane: at 1.5° from the meridian, on the equator, its scale is off
    # by 3.4e-4 and areas by the square of it.
    assert area_ha(GEOSGeometry(shape.ewkt)) == pytest.approx(own / 10_000, rel=7e-4)
