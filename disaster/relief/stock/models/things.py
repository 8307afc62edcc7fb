"""What is kept (物资品种), and where (储备库、储备点). EPSG:4326."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis.models import Area, PlacedQuerySet


class Item(models.Model):
    """A kind of goods with its unit and specification, to the standard that names it (MZ/T 011, 014 …)."""

    key = models.CharField(_("编码"), max_length=30, primary_key=True)
    name = models.CharField(_("品名"), max_length=40)
    name_en = models.CharField(_("英文名"), max_length=60)
    unit = models.CharField(_("单位"), max_length=8)
    specification = models.CharField(_("规格"), max_length=120, blank=True)
    standard = models.CharField(_("执行标准"), max_length=60, blank=True)
    weight_kg = models.DecimalField(_("单件重量(公斤)"), max_digits=8, decimal_places=3)
    volume_m3 = models.DecimalField(_("单件体积(立方米)"), max_digits=8, decimal_places=4)
    keeps_months = models.PositiveIntegerField(_("保质期(月)"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("物资品种")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """Where goods are: a warehouse or point of ours, on the way, or outside.

    Outside (a supplier, the level above, donors, households, scrap, the count's differences)
    may owe: what came from there is its debt. Ours never have less than nothing.
    """

    class Kind(models.TextChoices):
        """What the place is."""

        WAREHOUSE = "warehouse", _("储备库")
        POINT = "point", _("储备点")
        TRANSIT = "transit", _("在途")
        SUPPLIER = "supplier", _("供应商")
        UPPER = "upper", _("上级")
        DONOR = "donor", _("捐赠方")
        HOUSEHOLD = "household", _("已发放到户")
        SCRAP = "scrap", _("已报废")
        LOST = "lost", _("已核销")
        COUNT = "count", _("盘点差异")

    OURS = (Kind.WAREHOUSE, Kind.POINT, Kind.TRANSIT)
    KEPT = (Kind.WAREHOUSE, Kind.POINT)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    name = models.CharField(_("名称"), max_length=60)
    area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code", null=True, blank=True
    )
    point = models.PointField(_("位置"), srid=4326, null=True, blank=True)
    keeper = models.CharField(_("保管人"), max_length=40, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("物资地点")
        ordering = ["area", "name"]
        constraints = [
            models.UniqueConstraint(
                name="place_of_its_kind_once",
                fields=["kind"],
                condition=~Q(kind__in=["warehouse", "point"]),
                violation_error_message=_("这类地点只有一个"),
            ),
            models.UniqueConstraint(
                name="place_name_once_an_area",
                fields=["area", "name"],
                condition=Q(kind__in=["warehouse", "point"]),
                violation_error_message=_("同一地区已有同名的储备库或储备点"),
            ),
            models.CheckConstraint(
                name="place_of_ours_has_area_and_point",
                condition=~Q(kind__in=["warehouse", "point"]) | Q(area__isnull=False, point__isnull=False),
                violation_error_message=_("储备库和储备点须有行政区划和位置"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
