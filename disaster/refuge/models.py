"""Who went in and out of a shelter, which households stay there, and who should go where."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disaster.people import private
from gis.models import Area, HazardZone, PlacedQuerySet, Shelter


class Household(models.Model):
    """A household staying in a shelter. The head's name is sealed; ``head_shown`` is its first character.

    ``persons`` are inside now; none when all have left.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shelter = models.ForeignKey(
        Shelter, models.PROTECT, verbose_name=_("避难场所"), related_name="households"
    )
    village = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("来自"), null=True, blank=True, related_name="+"
    )
    head_sealed = models.BinaryField(_("户主(加密)"))
    head_shown = models.CharField(_("户主"), max_length=40)
    persons = models.PositiveIntegerField(_("在住人数"))
    entered_at = models.DateTimeField(_("入住时间"))
    left_at = models.DateTimeField(_("离开时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("安置户")
        ordering = ["-entered_at", "id"]

    def __str__(self) -> str:
        return self.head_shown

    @property
    def head(self) -> str:
        """The head's name in clear: show it masked unless a reason was journaled."""
        return private.open_sealed(bytes(self.head_sealed))


class Passage(models.Model):
    """People going in or out at once. Its id is made by whoever writes it down: a repeat is the same."""

    class Way(models.TextChoices):
        """Which way they went."""

        IN = "in", _("入住")
        OUT = "out", _("离开")

    id = models.UUIDField(primary_key=True, editable=False)
    shelter = models.ForeignKey(Shelter, models.PROTECT, verbose_name=_("避难场所"), related_name="passages")
    way = models.CharField(_("进出"), max_length=3, choices=Way)
    persons = models.PositiveIntegerField(_("人数"))
    village = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("来自"), null=True, blank=True, related_name="+"
    )
    household = models.ForeignKey(
        Household, models.PROTECT, verbose_name=_("安置户"), null=True, blank=True, related_name="passages"
    )
    occupancy = models.PositiveIntegerField(_("此后在住"))
    reason = models.CharField(_("超员原因"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    by_name = models.CharField(_("登记人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("进出登记")
        ordering = ["-at", "id"]
        constraints = [
            models.CheckConstraint(
                name="passage_of_somebody",
                condition=Q(persons__gt=0),
                violation_error_message=_("人数须大于0"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.persons}"


class Plan(models.Model):
    """An evacuation plan (转移方案): of a zone's villages, or of villages picked by hand."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code")
    zone = models.ForeignKey(
        HazardZone, models.PROTECT, verbose_name=_("危险区"), null=True, blank=True, related_name="plans"
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    made_at = models.DateTimeField(_("制定时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("转移方案")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name


class PlanVersion(models.Model):
    """What a plan said from ``made_at`` on. ``asked`` is what it was made for, ``result`` who goes where.

    ``basis`` names the state it rests on (zones, closures): when that moves, the plan is looked at anew.
    """

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, models.PROTECT, verbose_name=_("方案"), related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    asked: Any = models.JSONField(_("依据"))
    basis: Any = models.JSONField(_("当时状况"))
    result: Any = models.JSONField(_("结果"))
    why = models.CharField(_("原因"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("制定时间"))
    by_name = models.CharField(_("制定人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("方案版本")
        ordering = ["plan", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_numbers_a_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"
