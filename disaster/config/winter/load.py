"""Writing the founding case: households and applications, places, goods and quotas.

Everything that moves goods or money goes through the services, in the name of the sample
county's people.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from disaster.config.winter import published, register
from disaster.config.winter.season import COUNTY, Season, key
from disaster.relief.funds import services as funds
from disaster.relief.funds.checks import Coming as QuotaComing
from disaster.relief.funds.models import Quota
from disaster.relief.needs.models import Programme
from disaster.relief.stock import services as stock
from disaster.relief.stock.checks import Coming
from disaster.relief.stock.models import Place
from disaster.relief.stock.services.places import Entry
from disaster.rules import book
from gis.models import Area, HazardZone

SEAT = "梅城"
"""The township in which the county's warehouse stands."""


def is_loaded() -> bool:
    """Say whether the case is in this database already."""
    return Programme.objects.filter(is_sample=True, kind=Programme.Kind.WINTER).exists()


@transaction.atomic
def load(season: Season, tell: Callable[[str], None]) -> None:
    """Write the case up to the townships' word (乡审核): the county's turn comes next. All of it or nothing."""
    register.open_programme(season)
    register.write(season)
    tell(f"{len(season.homes)} households with {sum(one.persons for one in season.homes)} people apply")
    open_places(season)
    tell(f"1 warehouse, {len(season.points)} points of townships and villages")
    came = take_goods_in(season)
    tell("in the warehouse: " + ", ".join(f"{many} {item}" for item, many in came.items()))
    tell(f"{enter_quotas(season) // 100} yuan by {len(published.QUOTAS)} quota papers")


def open_places(season: Season) -> None:
    """Open one warehouse, and a point in every township and village."""
    at = season.ago(45)
    codes = [village.code for village in season.villages]
    towns = sorted({code[:9] + "000" for code in codes})
    areas = {area.code: area for area in Area.objects.filter(code__in=[*towns, *codes]).defer("boundary")}
    name = "潜山市救灾物资储备库(示例)"
    season.warehouse = _open(season, name, COUNTY, "warehouse", _dry_spot(), season.keeper.name, at)
    for code in [*towns, *codes]:
        name = f"{areas[code].name}储备点(示例)"
        # Whoever signs there is called before a lorry comes: the waybill names them.
        receiver = season.reviewer(code) if code in towns else season.officer(code)
        season.points[code] = _open(season, name, code, "point", areas[code], receiver.name, at)
    made = [season.warehouse.pk, *(place.pk for place in season.points.values())]
    Place.objects.filter(pk__in=made).update(is_sample=True)


def _dry_spot() -> Area:
    """Give the first village in no hazard zone, the seat's before others: lorries come home to it."""
    around = Area.objects.filter(
        level=Area.Level.VILLAGE, code__startswith=COUNTY[:6], point__isnull=False
    ).annotate(is_elsewhere=~Q(parent__name__startswith=SEAT))
    dry = ~Exists(HazardZone.objects.filter(boundary__contains=OuterRef("point")))
    found = around.filter(dry).defer("boundary").order_by("is_elsewhere", "code").first()
    if found is None:
        raise ValueError("no village lies outside of the hazard zones: there is no dry place for a warehouse")
    return found


def _open(season: Season, name: str, area: str, kind: str, where: Area, keeper: str, at: datetime) -> Place:
    point = where.point
    if point is None:
        raise ValueError(f"{where.code} has no point")
    entry = Entry(name=name, area=area, lon=point.x, lat=point.y, kind=kind, keeper=keeper)
    return stock.open_place(key("place", area, kind), entry, by=season.bureau, now=at)


def take_goods_in(season: Season) -> dict[str, int]:
    """Take in what was bought, what came from above and what was given; item → how many in all."""
    wanted, came = season.goods(), dict.fromkeys(season.goods(), 0)
    made = season.now.astimezone(book.BEIJING).date() - timedelta(days=200)
    for at, one in enumerate(published.DELIVERIES):
        last = all(later.item != one.item for later in published.DELIVERIES[at + 1 :])
        left = wanted[one.item] - came[one.item]
        many = left if last else min(left, max(1, int(one.quantity * season.share)))
        if many <= 0:
            continue
        came[one.item] += many
        town = next(
            (v for v in season.villages if one.township and v.township.startswith(one.township)), None
        )
        batch = Coming(
            item=one.item,
            quantity=many,
            price=Decimal(one.yuan),
            made_on=made,
            expires_on=made + timedelta(days=8 * 365),
            giver=one.giver,
            intent=town.code[:9] + "000" if town else "",
            intent_words=one.wish if town else "",
        )
        stock.take_in(
            key("delivery", at),
            kind=one.kind,
            place=season.warehouse.pk,
            batches=[batch],
            by=season.keeper,
            now=season.ago(37 - at),
            reference=f"示例〔{at + 1}〕号",
        )
    return came


def enter_quotas(season: Season) -> int:
    """Enter the quota papers; gives their sum in fen."""
    for at, (quota, fen) in enumerate(season.quotas().items()):
        entered = season.ago(36 - at)
        coming = QuotaComing(
            number=quota.number,
            source=quota.source,
            purpose=Programme.Kind.WINTER,
            area=COUNTY,
            amount=fen,
            received_on=entered.astimezone(book.BEIJING).date(),
            giver="示例慈善协会" if quota.source == Quota.Source.DONOR else "",
            remarks="示例",
        )
        funds.enter_quota(key("quota", at), coming, by=season.bureau, now=entered, is_sample=True)
    return sum(season.quotas().values())
