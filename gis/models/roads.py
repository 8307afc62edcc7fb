"""Roads as a graph, and where they are closed. EPSG:4326; lengths in metres on the ellipsoid."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gis.models.areas import Area, PlacedQuerySet


class RoadNode(models.Model):
    """Where roads meet or end."""

    id = models.BigAutoField(primary_key=True)
    point = models.PointField(_("位置"), srid=4326)

    class Meta:
        verbose_name = verbose_name_plural = _("道路节点")

    def __str__(self) -> str:
        return str(self.pk)


class Road(models.Model):
    """A piece of road between two nodes (JTG B01 classes by administration: 国省县乡村道).

    ``climb`` is the mean slope in per cent where it is known, uphill from source to target.
    A one-way piece is driven from source to target alone.
    """

    class Kind(models.TextChoices):
        """What the road is."""

        MOTORWAY = "motorway", _("高速公路")
        NATIONAL = "national", _("国道")
        PROVINCIAL = "provincial", _("省道")
        COUNTY = "county", _("县道")
        TOWNSHIP = "township", _("乡道")
        VILLAGE = "village", _("村道")
        TRACK = "track", _("机耕路")

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(RoadNode, models.CASCADE, verbose_name=_("起点"), related_name="+")
    target = models.ForeignKey(RoadNode, models.CASCADE, verbose_name=_("终点"), related_name="+")
    line = models.LineStringField(_("线形"), srid=4326)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    name = models.CharField(_("名称"), max_length=80, blank=True)
    is_bridge = models.BooleanField(_("桥梁"), default=False)
    is_oneway = models.BooleanField(_("单行"), default=False)
    length_m = models.FloatField(_("长度(米)"))
    climb = models.FloatField(_("纵坡(%)"), null=True, blank=True)
    is_approximate = models.BooleanField(_("模拟"), default=False)
    dataset = models.CharField(_("数据集"), max_length=60, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("道路")
        constraints = [
            models.CheckConstraint(
                name="road_has_length",
                condition=Q(length_m__gt=0),
                violation_error_message=_("道路长度须大于0"),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)


class Closure(models.Model):
    """A road closed (断路): everything within ``radius_m`` of ``shape`` can't be passed.

    ``report`` is the report it was learnt from, if any. It ends at ``valid_to`` or when it
    is lifted, whichever comes first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code")
    shape = models.GeometryField(_("位置"), srid=4326)
    radius_m = models.PositiveIntegerField(_("影响半径(米)"), default=30)
    reason = models.CharField(_("原因"), max_length=120)
    report = models.UUIDField(_("灾情报告"), null=True, blank=True)
    valid_from = models.DateTimeField(_("断路时间"))
    valid_to = models.DateTimeField(_("预计恢复时间"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("恢复通行时间"), null=True, blank=True)
    by_name = models.CharField(_("登记人"), max_length=40)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("断路")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                name="closure_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("恢复时间须晚于断路时间"),
            ),
        ]

    def __str__(self) -> str:
        return self.reason
