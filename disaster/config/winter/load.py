"""Writing the founding case: households and applications, places, goods and quotas.

Households and the half of the procedure that lies behind them are written in bulk, as any
county's register of last year would be imported; everything that moves goods or money goes
through the services, in the name of the sample county's people.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice

from django.db import connection, transaction

from disaster.config import storm
from disaster.config.winter import published
from disaster.config.winter.homes import Home
from disaster.people import sample
from disaster.people.models import Person
from disaster.people.scope import Rights, rights_of_many
from disaster.relief.needs.models import Application, Household, Programme
from disaster.relief.stock import services as stock
from disaster.relief.stock.checks import Coming
from disaster.relief.stock.models import Place
from disaster.relief.stock.services.places import Entry
from disaster.rules import book
from gis.models import Area

COUNTY = sample.COUNTY
BANK = "示例农村商业银行"
BULK = 2_000
NAMESPACE = uuid.UUID("d9b2d63d-a233-4123-847a-7b2d1b0c2018")
"""What the ids of the case are derived from, so that a second load would meet the first."""

HISTORY = (
    ("apply", "", "applied", 40, "officer"),
    ("verify", "applied", "verified", 38, "officer"),
    ("assess", "verified", "assessed", 35, "officer"),
    ("post", "assessed", "posted", 34, "officer"),
    ("submit", "posted", "submitted", 26, "officer"),
    ("pass", "submitted", "passed", 20, "reviewer"),
)
"""What was done with every application: act, from, to, how many days ago, by whom."""
POSTED_DAYS = 7


def key(*words: object) -> uuid.UUID:
    """Give the id of a thing of the case."""
    return uuid.uuid5(NAMESPACE, " ".join(map(str, words)))


@dataclass
class Season:
    """One run of the case: who lives where, who does it, and what was made."""

    villages: Sequence[storm.Village]
    homes: Sequence[Home]
    now: datetime
    rights: dict[str, Rights] = field(default_factory=dict)
    programme: Programme = field(init=False)
    warehouse: Place = field(init=False)
    points: dict[str, Place] = field(default_factory=dict)
    """Area's code → its point."""

    def __post_init__(self) -> None:
        self.rights = _rights(self.villages)

    @property
    def bureau(self) -> Rights:
        """The bureau's coordinator."""
        return self.rights["bureau"]

    @property
    def keeper(self) -> Rights:
        """The keeper of the warehouse."""
        return self.rights["keeper"]

    def officer(self, village: str, post: str = "a") -> Rights:
        """The officer of a village, A 角 or B 角."""
        return self.rights[sample.officer_name(village, post)]

    def reviewer(self, area: str) -> Rights:
        """The reviewer of an area's township."""
        return self.rights[sample.reviewer_name(area)]

    @property
    def share(self) -> Decimal:
        """How much of the whole county's people is in this run: 1 unless it is a short one."""
        return Decimal(sum(home.persons for home in self.homes)) / published.PEOPLE

    def goods(self) -> dict[str, int]:
        """How many of each item this run is about: the published numbers, or their share."""
        return {item: max(1, int(many * self.share)) for item, many in published.GOODS.items()}


def is_loaded() -> bool:
    """Say whether the case is in this database already."""
    return Programme.objects.filter(is_sample=True, kind=Programme.Kind.WINTER).exists()


def load(season: Season, tell: Callable[[str], None]) -> None:
    """Write the case up to the townships' word (乡审核): the county's turn comes next."""
    open_programme(season)
    with transaction.atomic():
        write_households(season)
        write_applications(season)
    tell(f"{len(season.homes)} households, {sum(one.persons for one in season.homes)} people apply")
    open_places(season)
    tell(f"1 warehouse, {len(season.points)} points of townships and villages")
    for item, many in take_goods_in(season).items():
        tell(f"{many} {item} in the warehouse")


def open_programme(season: Season) -> None:
    """Open the winter's programme; its window is December to May."""
    today = season.now.astimezone(book.BEIJING).date()
    year = today.year if today.month >= 7 else today.year - 1
    season.programme = Programme.objects.create(
        pk=key("programme", year),
        number=f"DC{year}-SL",
        name=f"{year}–{year + 1}年度冬春救助(示例)",
        kind=Programme.Kind.WINTER,
        area_id=COUNTY,
        starts_on=date(year, 12, 1),
        ends_on=date(year + 1, 5, 31),
        opened_at=season.now - timedelta(days=45),
        opened_by=season.bureau.name,
        is_sample=True,
    )


def write_households(season: Season) -> None:
    """Put every household on the register, its private data sealed."""
    at = season.now - timedelta(days=44)

    def rows() -> Iterator[Household]:
        for home in season.homes:
            row = Household(
                pk=key("household", home.number),
                area_id=home.village,
                group=home.group,
                name=home.name,
                bank=BANK,
                members=home.members,
                types=[home.type],
                address=home.address,
                entered_at=at,
                entered_by=season.officer(home.village).name,
                changed_at=at,
                is_sample=True,
            )
            row.identity, row.phone, row.card = home.identity, home.phone, home.card
            yield row

    written = rows()
    while many := list(islice(written, BULK)):
        Household.objects.bulk_create(many)


def write_applications(season: Season) -> None:
    """Write every application as the township has passed it, with its history."""
    ago = {act: season.now - timedelta(days=days) for act, _, _, days, _ in HISTORY}
    posted = ago["post"].astimezone(book.BEIJING).date()
    Application.objects.bulk_create(
        (
            Application(
                pk=key("application", home.number),
                number=f"{season.programme.number}-{home.number + 1:05d}",
                programme=season.programme,
                household_id=key("household", home.number),
                area_id=home.village,
                origin=Application.Origin.GROUP if home.number % 5 == 0 else Application.Origin.SELF,
                state=Application.State.PASSED,
                persons=home.persons,
                grain_kg=home.grain_kg,
                clothing=home.clothing,
                heating_yuan=home.heating_yuan,
                medical_yuan=home.medical_yuan,
                water_yuan=home.water_yuan,
                other_yuan=home.other_yuan,
                months=[12, 1, 2, 3] if home.is_key else [1, 2],
                is_key=home.is_key,
                applied_at=ago["apply"],
                posted_on=posted,
                notice_until=posted + timedelta(days=POSTED_DAYS),
                changed_at=ago["pass"],
                version=len(HISTORY),
            )
            for home in season.homes
        ),
        batch_size=BULK,
    )
    write_history(season)


def write_history(season: Season) -> None:
    """Write each application's steps: six statements, however many households."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE winter_hands (area text, role text, id bigint, name text)")
        hands = [
            (village.code, role, rights.person_id, rights.name)
            for village in season.villages
            for role, rights in (
                ("officer", season.officer(village.code)),
                ("reviewer", season.reviewer(village.code)),
            )
        ]
        cursor.executemany("INSERT INTO winter_hands VALUES (%s, %s, %s, %s)", hands)
        for act, before, after, days, role in HISTORY:
            cursor.execute(
                """
                INSERT INTO needs_step (application_id, act, before, after, why, at, by_id, by_name)
                SELECT one.id, %s, %s, %s, '', %s, hand.id, hand.name
                  FROM needs_application one JOIN winter_hands hand ON hand.area = one.area_code AND hand.role = %s
                 WHERE one.programme_id = %s
                """,
                [act, before, after, season.now - timedelta(days=days), role, season.programme.pk],
            )
        cursor.execute("DROP TABLE winter_hands")


def open_places(season: Season) -> None:
    """Open one warehouse, and a point in every township and village."""
    at = season.now - timedelta(days=43)
    codes = [village.code for village in season.villages]
    towns = sorted({code[:9] + "000" for code in codes})
    areas = {area.code: area for area in Area.objects.filter(code__in=[*towns, *codes]).defer("boundary")}
    seat = next((areas[code] for code in towns if areas[code].name.startswith("梅城")), areas[towns[0]])
    season.warehouse = _open(season, "潜山市救灾物资储备库(示例)", COUNTY, "warehouse", seat, at)
    for code in [*towns, *codes]:
        name = f"{areas[code].name}储备点(示例)"
        season.points[code] = _open(season, name, code, "point", areas[code], at)
    made = [season.warehouse.pk, *(place.pk for place in season.points.values())]
    Place.objects.filter(pk__in=made).update(is_sample=True)


def _open(season: Season, name: str, area: str, kind: str, where: Area, at: datetime) -> Place:
    entry = Entry(
        name=name, area=area, lon=where.point.x, lat=where.point.y, kind=kind, keeper=season.keeper.name
    )
    return stock.open_place(key("place", area, kind), entry, by=season.bureau, now=at)


def take_goods_in(season: Season) -> dict[str, int]:
    """Take in what was bought, what came from above and what was given; item → how many in all."""
    wanted, came = season.goods(), dict.fromkeys(season.goods(), 0)
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
        made = season.now.astimezone(book.BEIJING).date() - timedelta(days=200)
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
            now=season.now - timedelta(days=30 - at),
            reference=f"示例〔{at + 1}〕号",
        )
    return came


def _rights(villages: Sequence[storm.Village]) -> dict[str, Rights]:
    """Give the rights of everybody who plays, by user name, by two statements."""
    wanted = {name for name, _, _ in sample.DESKS}
    for village in villages:
        wanted |= {sample.officer_name(village.code, post) for post in "ab"}
        wanted.add(sample.reviewer_name(village.code))
    people = dict(Person.objects.filter(username__in=wanted, is_sample=True).values_list("pk", "username"))
    held = rights_of_many(list(people), on=book.today())
    return {people[person]: rights for person, rights in held.items()}
