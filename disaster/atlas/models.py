"""What the map's search looks in, and the views people keep."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from disaster.people.models import Person


class Spelling(models.Model):
    """One way to type the name of one thing: in characters, in pinyin, or by the initials of its pinyin.

    A name has one row for each character it can be begun at, so that 湾村 finds 龙湾村 by the
    beginning of a row and one pair of indexes serves every search. ``skipped`` counts the characters left out
    before. ``area_code`` is empty for persons, who belong where their posts are.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("种类"), max_length=10)
    key = models.CharField(_("编号"), max_length=40, db_collation="C")
    area_code = models.CharField(_("区划代码"), max_length=12, blank=True, db_collation="C")
    name = models.CharField(_("名称"), max_length=60)
    spelling = models.CharField(_("拼写"), max_length=400, db_collation="C")
    skipped = models.PositiveSmallIntegerField(_("略去字数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("检索拼写")
        indexes = [
            # In the order a search takes what it finds, province by province: it stops as soon as it has enough.
            *(
                models.Index(
                    "kind", Left("area_code", 2), "spelling", "area_code", name=name, condition=condition
                )
                for name, condition in (
                    ("spelling_from_start", Q(skipped=0)),
                    ("spelling_from_within", Q(skipped__gt=0)),
                )
            ),
            models.Index(fields=["kind", "key"], name="spelling_of_a_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.spelling} → {self.name}"


class Renamed(models.Model):
    """A thing whose name or area changed and whose spellings are not written yet; put here by the database itself."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("种类"), max_length=10)
    key = models.CharField(_("编号"), max_length=40, db_collation="C")

    class Meta:
        verbose_name = verbose_name_plural = _("待拼写的名称")

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class MapView(models.Model):
    """How somebody left the map: position, layers, filters and moment. It holds no data, so nobody's scope."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, verbose_name=_("人员"), related_name="map_views")
    name = models.CharField(_("名称"), max_length=40)
    state: Any = models.JSONField(_("内容"))
    is_shared = models.BooleanField(_("已分享"), default=False)
    made_at = models.DateTimeField(_("建立时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("地图视图")
        ordering = ["name", "made_at"]
        constraints = [
            models.UniqueConstraint(
                name="view_name_once_a_person",
                fields=["person", "name"],
                violation_error_message=_("已有同名的视图"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
