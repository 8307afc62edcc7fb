"""Hazard zones (危险区). EPSG:4326."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gis.models.areas import Area, PlacedQuerySet


class HazardZone(models.Model):
    """A zone in danger (危险区、隐患点影响范围)."""

    class Kind(models.TextChoices):
        """What threatens."""

        FLOOD = "flood", _("洪水")
        FLASH_FLOOD = "flash_flood", _("山洪")
        LANDSLIDE = "landslide", _("滑坡")
        DEBRIS_FLOW = "debris_flow", _("泥石流")
        ROCKFALL = "rockfall", _("崩塌")
        WATERLOGGING = "waterlogging", _("内涝")
        ICE = "ice", _("积雪结冰")
        FIRE = "fire", _("火险")
        HIDDEN = "hidden", _("隐患点")
        WEATHER = "weather", _("气象")
        """A whole county under a rainstorm warning: people are told, but no road is under water yet."""

    class Level(models.TextChoices):
        """The four colours of warnings (突发事件应对法 Art. 63)."""

        RED = "red", _("红色(一级)")
        ORANGE = "orange", _("橙色(二级)")
        YELLOW = "yellow", _("黄色(三级)")
        BLUE = "blue", _("蓝色(四级)")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("种类"), max_length=16, choices=Kind)
    level = models.CharField(_("级别"), max_length=8, choices=Level)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code")
    boundary = models.MultiPolygonField(_("范围"), srid=4326)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    valid_from = models.DateTimeField(_("生效时间"))
    valid_to = models.DateTimeField(_("失效时间"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("解除时间"), null=True, blank=True)
    issuer = models.CharField(_("发布单位"), max_length=100, blank=True)
    issued_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("危险区")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                name="zone_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("失效时间须晚于生效时间"),
            ),
            models.CheckConstraint(
                name="zone_boundary_is_valid",
                condition=Q(boundary__isvalid=True),
                violation_error_message=_("范围图形有错"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ZoneVersion(models.Model):
    """What a zone was from ``recorded_at`` on, until its next version: never changed itself.

    ``number`` counts from 1. Together they answer how the map looked at any moment, and who
    moved which line, when and why.
    """

    id = models.BigAutoField(primary_key=True)
    zone = models.ForeignKey(HazardZone, models.PROTECT, verbose_name=_("危险区"), related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("种类"), max_length=16, choices=HazardZone.Kind)
    level = models.CharField(_("级别"), max_length=8, choices=HazardZone.Level)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code")
    boundary = models.MultiPolygonField(_("范围"), srid=4326)
    valid_from = models.DateTimeField(_("生效时间"))
    valid_to = models.DateTimeField(_("失效时间"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("解除时间"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("记录时间"))
    by_name = models.CharField(_("操作人"), max_length=40)
    reason = models.CharField(_("原因"), max_length=200, blank=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("危险区版本")
        ordering = ["zone", "number"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "number"], name="zone_version_numbers_a_zone"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
