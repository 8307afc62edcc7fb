"""Alerts taken in: zones made, changed and lifted, repeats, order, drills, what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from disaster.journal.models import Entry
from disaster.people.scope import Rights
from disaster.problems import Problem
from disaster.warnings import settle, tokens
from disaster.warnings.alerts.receive import receive
from disaster.warnings.models import Alert, Notice
from gis.models import AreaAlias, HazardZone
from tests.disaster.warnings.written import SENDER, area, cap, gbt, geocode, polygon, stamp
from tests.world import BING, COUNTY, EAST, ELSEWHERE, JIA, YI, World

pytestmark = pytest.mark.django_db


def take(data: bytes, by: Rights | None = None) -> Alert:
    feeder = by or tokens.feeder("潜山市气象台", COUNTY)
    return receive(data, way="post", by=feeder, now=timezone.now()).alert


def refused(data: bytes, by: Rights | None = None) -> Problem:
    with pytest.raises(Problem) as caught:
        take(data, by)
    return caught.value


def standing() -> list[HazardZone]:
    return list(HazardZone.objects.filter(lifted_at__isnull=True))


def refers(identifier: str) -> str:
    return f"{SENDER},{identifier},{stamp(timezone.now())}"


def test_an_actual_alert_makes_a_zone_and_tells_the_village(world: World) -> None:
    alert = take(cap("a-1"))

    (zone,) = standing()
    assert (alert.state, alert.level, alert.issuer) == ("active", "orange", "潜山市气象台")
    assert (zone.name, zone.level, zone.kind) == (alert.headline, "orange", "weather")
    assert zone.area_id == JIA
    assert zone.valid_to == alert.expires
    assert list(alert.zones.all()) == [zone]
    assert [row.area_id for row in Notice.objects.all()] == [JIA]
    assert set(Entry.objects.values_list("verb", flat=True)) == {
        "zone.drawn",
        "notice.sent",
        "alert.received",
    }


def test_the_profile_names_a_county_by_code(world: World) -> None:
    alert = take(gbt())

    (zone,) = standing()
    assert (alert.standard, alert.level, alert.event) == ("gbt", "red", "暴雨")
    assert zone.area_id == COUNTY
    assert sorted(Notice.objects.values_list("area_id", flat=True)) == [JIA, YI, BING]


def test_a_retired_code_names_its_heir(world: World) -> None:
    AreaAlias.objects.create(retired_code="340824000000", area_id=COUNTY, valid_to="2018-08-01")
    take(gbt("g-1", geocode="340824"))
    take(gbt("g-2", geocode="340824101201"))
    assert sorted(zone.area_id for zone in standing()) == [COUNTY, JIA]


def test_a_repeat_changes_nothing_and_another_content_is_refused(world: World) -> None:
    now = timezone.now()
    first = take(cap("a-1", now=now))
    entries = Entry.objects.count()
    again = take(b"  " + cap("a-1", now=now).replace(b"<info>", b"\n<info>"))
    assert again.pk == first.pk
    assert Entry.objects.count() == entries

    problem = refused(cap("a-1", now=now, headline="别的"))
    assert problem.kind.number == "409.1"
    assert Alert.objects.get().headline == first.headline


def test_an_update_takes_the_place_of_what_it_refers_to(world: World) -> None:
    first = take(cap("a-1"))
    update = take(cap("a-2", msgType="Update", references=refers("a-1"), severity="Extreme"))

    first.refresh_from_db()
    (zone,) = standing()
    assert (first.state, first.replaced_by) == ("replaced", update)
    assert zone.level == "red"
    (notice,) = Notice.objects.filter(closed_at=None)
    assert notice.level == "red"


def test_an_update_of_the_first_replaces_the_second(world: World) -> None:
    now = timezone.now()
    take(cap("a-1", now=now - timedelta(minutes=5)))
    take(cap("a-2", now=now - timedelta(minutes=4), msgType="Update", references=refers("a-1")))
    take(cap("a-3", now=now, msgType="Update", references=refers("a-1"), severity="Minor"))
    (zone,) = standing()
    assert zone.level == "blue"
    assert dict(Alert.objects.values_list("identifier", "state")) == {
        "a-1": "replaced",
        "a-2": "replaced",
        "a-3": "active",
    }


def test_a_cancellation_lifts_and_closes(world: World) -> None:
    take(cap("a-1"))
    cancel = take(cap("a-2", msgType="Cancel", references=refers("a-1"), info=""))

    assert cancel.state == "done"
    assert Alert.objects.get(identifier="a-1").state == "cancelled"
    assert standing() == []
    assert Notice.objects.get().closed_at is not None


@pytest.mark.parametrize(("kind", "state"), [("Update", "replaced"), ("Cancel", "cancelled")])
def test_what_was_overtaken_threatens_nobody_any_more(world: World, kind: str, state: str) -> None:
    now = timezone.now()
    take(cap("a-2", now=now, msgType=kind, references=refers("a-1"), severity="Minor"))
    late = take(cap("a-1", now=now - timedelta(minutes=3)))
    assert late.state == state
    assert [zone.level for zone in standing()] == (["blue"] if kind == "Update" else [])


@pytest.mark.parametrize("status", ["Exercise", "Test"])
def test_a_drill_is_kept_and_threatens_nobody(world: World, status: str) -> None:
    alert = take(cap("a-1", status=status))
    assert (alert.state, alert.status) == ("drill", status)
    assert standing() == []
    assert not Notice.objects.exists()


def test_a_drill_can_not_cancel_the_real_thing(world: World) -> None:
    take(cap("a-1"))
    take(cap("a-2", status="Exercise", msgType="Cancel", references=refers("a-1"), info=""))
    assert Alert.objects.get(identifier="a-1").state == "active"
    assert len(standing()) == 1


def test_what_has_run_out_before_it_came_makes_no_zone(world: World) -> None:
    alert = take(cap("a-1", now=timezone.now() - timedelta(hours=8)))
    assert alert.state == "expired"
    assert standing() == []


def test_time_ends_alerts_and_their_notices(world: World) -> None:
    alert = take(cap("a-1"))
    assert alert.expires is not None
    assert settle.settle(now=alert.expires - timedelta(seconds=1)) == 0
    assert settle.settle(now=alert.expires) == 3
    assert standing() == []
    alert.refresh_from_db()
    assert alert.state == "expired"
    assert Notice.objects.get().closed_at == alert.expires


def test_without_an_end_the_dated_rule_ends_it(world: World) -> None:
    alert = take(cap("a-1", expires=""))
    assert alert.expires == alert.effective + timedelta(hours=24)


def test_a_yellow_alert_waits_for_the_desk(world: World) -> None:
    take(cap("a-1", severity="Moderate"))
    assert len(standing()) == 1
    assert not Notice.objects.exists()


def test_a_circle_is_round_on_the_ground(world: World) -> None:
    take(cap("a-1", areas=area("<circle>30.61,116.51 5</circle>")))
    (zone,) = standing()
    from gis.measure import area_ha, distance_m

    edge = zone.boundary[0][0]
    assert all(abs(distance_m((116.51, 30.61), point) - 5000) < 0.01 for point in edge.coords)
    assert area_ha(zone.boundary) == pytest.approx(3.14159265 * 25 * 100, rel=0.001)
    assert sorted(Notice.objects.values_list("area_id", flat=True)) == [JIA, YI, BING]


def test_polygon_and_code_are_one_zone(world: World) -> None:
    take(cap("a-1", areas=area(polygon()) + area(geocode(YI))))
    (zone,) = standing()
    assert zone.area_id == EAST
    assert sorted(Notice.objects.values_list("area_id", flat=True)) == [JIA, YI]


def test_infos_of_two_townships_are_filed_under_what_holds_both(world: World) -> None:
    text = cap("a-1", areas=area(geocode(JIA))).decode()
    start = text.index("<info>")
    both = text[: text.index("</alert>")] + text[start:].replace(JIA, BING)
    alert = take(both.encode())
    assert alert.area_code == COUNTY
    assert sorted(zone.area_id for zone in standing()) == [JIA, BING]


def test_elsewhere_is_refused_and_journaled(world: World) -> None:
    problem = refused(cap("a-1", areas=area(geocode("110101000000"))))
    assert problem.kind.number == "422.5"
    assert list(Entry.objects.values_list("verb", "object_id")) == [("alert.refused", "422.5")]


def test_a_feeder_warns_of_its_own_area_alone(world: World) -> None:
    stranger = tokens.feeder("桐城市气象台", ELSEWHERE)
    assert refused(cap("a-1"), stranger).kind.number == "422.5"

    east = tokens.feeder("东乡", EAST)
    take(gbt("g-1"), east)  # the whole county: of it, only the own township
    (zone,) = standing()
    assert zone.area_id == EAST
    assert sorted(Notice.objects.values_list("area_id", flat=True)) == [JIA, YI]


def test_a_feeder_can_not_cancel_anothers(world: World) -> None:
    take(cap("a-1"))
    stranger = tokens.feeder("桐城市气象台", ELSEWHERE)
    take(cap("x-1", msgType="Cancel", references=refers("a-1"), info=""), stranger)
    assert Alert.objects.get(identifier="a-1").state == "active"


def test_an_alert_of_tomorrow_is_refused(world: World) -> None:
    problem = refused(cap("a-1", now=timezone.now() + timedelta(hours=1)))
    assert list(problem.errors) == ["sent"]
