"""Sample accounts of the sample county: one for every role, and both officers of every village.

Names and numbers are made up; numbers begin with 100, which no operator gives out.
"""

from __future__ import annotations

import logging
import random
from datetime import date, datetime
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction

from disaster.people import private
from disaster.people.models import Person, Posting
from gis.models import Area

log = logging.getLogger(__name__)
PASSWORD = "qianshan-2026"  # noqa: S105 - printed for everybody: these accounts guard nothing
COUNTY = "340882000000"
SINCE = date(2025, 1, 1)

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
_GIVEN = [
    "建国",
    "秀英",
    "志强",
    "桂芳",
    "小平",
    "春生",
    "玉兰",
    "德明",
    "海燕",
    "文斌",
    "红梅",
    "光明",
    "丽华",
    "大伟",
    "金凤",
    "立新",
    "淑珍",
    "永红",
    "晓东",
    "月娥",
    "国庆",
    "桂英",
    "卫东",
    "腊梅",
    "长根",
    "冬梅",
    "水生",
    "爱华",
    "家旺",
    "素琴",
]

DESKS = (
    ("bureau", "coordinator", "/map/"),
    ("leader", "leader", "/map/"),
    ("auditor", "auditor", "/map/"),
    ("keeper", "keeper", "/"),
    ("admin", "administrator", "/admin/"),
    ("deputy", "coordinator", "/relief/board/"),
)
"""Accounts of the county itself: user name, role, first page. Plans and payments take two coordinators."""


class SampleAccount(NamedTuple):
    """A sign-in to be printed."""

    username: str
    role: str
    password: str
    page: str


def officer_name(area_code: str, post: str) -> str:
    """Give the user name of a village's or township's sample officer."""
    return f"v{area_code[6:]}{post.lower()}"


def reviewer_name(area_code: str) -> str:
    """Give the user name of a township's sample reviewer."""
    return f"t{area_code[6:9]}"


def person(username: str) -> Person:
    """Give a sample person."""
    return Person.objects.get(username=username, is_sample=True)


def shown() -> list[SampleAccount]:
    """Give the sign-ins worth printing: an officer with a B 角, a reviewer, and every desk.

    Only those that are there: none where :func:`load` made none.
    """
    village = Area.objects.filter(level=Area.Level.VILLAGE, name__startswith="龙湾").order_by("code").first()
    officers = (
        [(officer_name(village.code, post), f"灾害信息员 {village.name} {post}角") for post in "AB"]
        if village
        else []
    )
    reviewer = [(reviewer_name(village.code), "乡镇审核员")] if village else []
    labels = dict(Posting.Role.choices)
    wanted = [
        *(SampleAccount(name, label, PASSWORD, "/field/") for name, label in officers),
        *(SampleAccount(name, label, PASSWORD, "/map/") for name, label in reviewer),
        *(SampleAccount(name, str(labels[role]), PASSWORD, page) for name, role, page in DESKS),
    ]
    ours = Person.objects.filter(is_sample=True, is_active=True)
    known = set(
        ours.filter(username__in=[account.username for account in wanted]).values_list("username", flat=True)
    )
    return [account for account in wanted if account.username in known]


@transaction.atomic
def load(now: datetime, *, force: bool = False) -> int:
    """Make the sample accounts that are missing, and give how many there were.

    Where real people work, none are made unless forced: their password is known to
    everybody, and one of them administers the system.
    """
    wanted = [*_desk_posts(), *_area_posts()]
    known = set(Person.objects.values_list("username", flat=True))
    missing = [row for row in wanted if row[0] not in known]
    if not missing:
        return 0
    if not force and Person.objects.filter(is_sample=False).exists():
        log.warning("real people work here: %d sample accounts are not made", len(missing))
        return 0
    chance = random.Random(340882)  # noqa: S311 - names, not secrets
    hashed = make_password(PASSWORD)
    people = Person.objects.bulk_create(_person(row, hashed, now, chance) for row in missing)
    Posting.objects.bulk_create(
        Posting(person=new, role=role, area_id=area, post=post, valid_from=SINCE)
        for new, (_, role, area, post) in zip(people, missing, strict=True)
    )
    return len(missing)


_PLACES = ("coordinator", "leader", "auditor", "keeper", "administrator", "reviewer", "A", "B", "deputy")
"""The last two digits of a number; they stay as they are once given."""


def _person(row: tuple[str, str, str, str], hashed: str, now: datetime, chance: random.Random) -> Person:
    username, role, area, post = row
    # Made from area and place, so that a village added later takes nobody's number.
    phone = f"100{area[6:]}{_PLACES.index(username if username in _PLACES else post or role):02d}"
    return Person(
        username=username,
        name=chance.choice(_SURNAMES) + chance.choice(_GIVEN),
        password=hashed,
        phone_sealed=private.seal(phone),
        phone_hash=private.blind(phone),
        is_staff=role == Posting.Role.ADMINISTRATOR,
        is_superuser=role == Posting.Role.ADMINISTRATOR,
        is_sample=True,
        joined_at=now,
    )


def _desk_posts() -> list[tuple[str, str, str, str]]:
    return [(username, role, COUNTY, "") for username, role, _ in DESKS]


def _area_posts() -> list[tuple[str, str, str, str]]:
    areas = Area.objects.filter(code__startswith=COUNTY[:6]).order_by("code")
    rows = []
    for code, level in areas.values_list("code", "level"):
        if level == Area.Level.VILLAGE:
            rows += [(officer_name(code, post), "officer", code, post) for post in "AB"]
        elif level == Area.Level.TOWNSHIP:
            rows.append((reviewer_name(code), "reviewer", code, ""))
    return rows
