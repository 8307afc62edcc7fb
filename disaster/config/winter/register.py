"""The register and the applications of the case, as far as the townships' word (乡审核).

One village of each township walks every step through the services; the others are written
in bulk as the same steps would have left them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from django.db import connection

from disaster.config.winter.homes import Home
from disaster.config.winter.notices import finish_notice, post_notice
from disaster.config.winter.season import COUNTY, Season, all_done, key
from disaster.journal import bulk
from disaster.relief.disclosure.models import Notice
from disaster.relief.needs import services as needs
from disaster.relief.needs.entries import ApplicationEntry, HouseholdEntry
from disaster.relief.needs.models import Application, Household, Programme
from disaster.relief.needs.services.applying import numbers
from disaster.relief.needs.services.programmes import ProgrammeEntry
from disaster.rules import book

BANK = "示例农村商业银行"
APPLIED = 70
"""Days ago; a notice's seven days end after the longest holiday, whenever that was."""

HISTORY = (
    ("apply", "", "applied", APPLIED, "officer"),
    ("verify", "applied", "verified", 68, "officer"),
    ("assess", "verified", "assessed", 65, "officer"),
    ("post", "assessed", "posted", 63, "officer"),
    ("submit", "posted", "submitted", 44, "officer"),
    ("pass", "submitted", "passed", 38, "reviewer"),
)
"""What was done with every application: act, from, to, how many days ago, by whom."""


def open_programme(season: Season) -> None:
    """Open the winter's programme; its window is December to May."""
    today = season.now.astimezone(book.BEIJING).date()
    year = today.year if today.month >= 7 else today.year - 1
    entry = ProgrammeEntry(
        name=f"{year}–{year + 1}年度冬春救助(示例)",
        kind=Programme.Kind.WINTER,
        area=COUNTY,
        starts_on=date(year, 12, 1),
        ends_on=date(year + 1, 5, 31),
    )
    season.programme = needs.open_programme(
        key("programme", year), entry, by=season.bureau, now=season.ago(75), is_sample=True
    )


def write(season: Season) -> None:
    """Register every household with its application."""
    walked = set(season.walked())
    by_village = [(code, list(homes)) for code, homes in groupby(season.homes, lambda home: home.village)]
    for code, homes in by_village:
        if code in walked:
            _walk(season, code, homes)
    rest = [home for code, homes in by_village if code not in walked for home in homes]
    _write_households(season, rest)
    _write_applications(season, rest)
    _write_history(season, [code for code, _ in by_village if code not in walked])


def _walk(season: Season, village: str, homes: Sequence[Home]) -> None:
    """Take a village's applications step by step through the services, each at its day."""
    rows = [
        needs.Loaded(household=_entry(home), application=_asks(home), id=key("household", home.number))
        for home in homes
    ]
    officer, passer = season.officer(village), season.reviewer(village)
    made = needs.enter_many(
        rows, programme=season.programme.pk, by=officer, now=season.ago(APPLIED), is_sample=True
    )
    ids = [one.pk for one in made]
    for act, days in (("verify", 68), ("assess", 65)):
        all_done(needs.act_many(act, ids, by=officer, now=season.ago(days)))
    post_notice(season, village, Notice.Stage.ASSESSED, days=63)
    finish_notice(season, village, Notice.Stage.ASSESSED, days=44)
    all_done(needs.act_many("pass", ids, by=passer, now=season.ago(38)))


def _entry(home: Home) -> HouseholdEntry:
    return HouseholdEntry(
        area=home.village,
        name=home.name,
        members=home.members,
        group=home.group,
        identity=home.identity,
        phone=home.phone,
        card=home.card,
        bank=BANK,
        types=[home.type],
        address=home.address,
    )


def _asks(home: Home) -> ApplicationEntry:
    return ApplicationEntry(
        persons=home.persons,
        origin=_origin(home),
        grain_kg=home.grain_kg,
        clothing=home.clothing,
        heating_yuan=home.heating_yuan,
        medical_yuan=home.medical_yuan,
        water_yuan=home.water_yuan,
        other_yuan=home.other_yuan,
        months=_months(home),
    )


def _origin(home: Home) -> str:
    return "group" if home.number % 5 == 0 else "self"


def _months(home: Home) -> list[int]:
    return [12, 1, 2, 3] if home.is_key else [1, 2]


def _write_households(season: Season, homes: Sequence[Home]) -> None:
    at = season.ago(HISTORY[0][3])

    def rows() -> Iterator[Household]:
        for home in homes:
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

    bulk.insert(rows())


def _write_applications(season: Season, homes: Sequence[Home]) -> None:
    ago = {act: season.ago(days) for act, _, _, days, _ in HISTORY}
    posted = ago["post"].astimezone(book.BEIJING).date()
    bulk.insert(
        Application(
            pk=key("application", home.number),
            number=number,
            programme=season.programme,
            household_id=key("household", home.number),
            area_id=home.village,
            origin=_origin(home),
            state=Application.State.PASSED,
            persons=home.persons,
            grain_kg=home.grain_kg,
            clothing=home.clothing,
            heating_yuan=home.heating_yuan,
            medical_yuan=home.medical_yuan,
            water_yuan=home.water_yuan,
            other_yuan=home.other_yuan,
            months=_months(home),
            is_key=home.is_key,
            applied_at=ago["apply"],
            posted_on=posted,
            notice_until=None,
            changed_at=ago["pass"],
            version=len(HISTORY),
        )
        for home, number in zip(homes, numbers(season.programme, len(homes)), strict=True)
    )


def _write_history(season: Season, villages: Sequence[str]) -> None:
    """Write each application's steps: a statement for each act, however many households."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE winter_hands (area text, role text, id bigint, name text)")
        hands = [
            (village, role, rights.person_id, rights.name)
            for village in villages
            for role, rights in (("officer", season.officer(village)), ("reviewer", season.reviewer(village)))
        ]
        cursor.executemany("INSERT INTO winter_hands VALUES (%s, %s, %s, %s)", hands)
        for act, before, after, days, role in HISTORY:
            cursor.execute(
                """
                INSERT INTO needs_step (application_id, act, before, after, why, at, by_id, by_name)
                SELECT one.id, %s, %s, %s, '', %s, hand.id, hand.name
                  FROM needs_application one
                  JOIN winter_hands hand ON hand.area = one.area_code AND hand.role = %s
                 WHERE one.programme_id = %s
                """,
                [act, before, after, season.ago(days), role, season.programme.pk],
            )
        cursor.execute("DROP TABLE winter_hands")
