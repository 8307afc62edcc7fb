"""Where things are: state and constraints, no verbs. Every geometry is EPSG:4326.

CGCS2000 (EPSG:4490) is treated as equal to EPSG:4326: they differ by centimetres.
"""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.contrib.gis.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Left
from django.utils.translation import gettext_lazy as _

from gis.scope import NATION, AreaScope, ancestors, pad


class PlacedQuerySet(models.QuerySet[Any]):
    """Rows that belong to an area by its 12-digit code."""

    code_field = "area__code"

    def within(self, scope: AreaScope) -> Self:
        """Keep what lies in ``scope``."""
        condition = Q(pk__in=[])
        for prefix in scope.prefixes:
            condition |= Q(**{f"{self.code_field}__startswith": prefix})
        return self.filter(condition)

    def touching(self, scope: AreaScope) -> Self:
        """Keep what lies in ``scope``, and what holds it."""
        condition = Q(pk__in=[])
        for prefix in scope.prefixes:
            above = [*ancestors(pad(prefix)), NATION]
            condition |= Q(**{f"{self.code_field}__startswith": prefix}) | Q(
                **{f"{self.code_field}__in": above}
            )
        return self.filter(condition)


class AreaQuerySet(PlacedQuerySet):
    """Areas themselves."""

    code_field = "code"


class Area(models.Model):
    """An administrative area (行政区划), named by its statistical code (统计用区划代码)."""

    class Level(models.TextChoices):
        """The five levels of the code."""

        PROVINCE = "province", _("省")
        PREFECTURE = "prefecture", _("地市")
        CITY = "city", _("县(市、区)")
        TOWNSHIP = "township", _("乡镇(街道)")
        VILLAGE = "village", _("村(社区)")

    code = models.CharField(_("区划代码"), max_length=12, primary_key=True, db_collation="C")
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("级别"), max_length=10, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, verbose_name=_("上级"), null=True, blank=True)
    population = models.PositiveIntegerField(_("常住人口"), null=True, blank=True)
    boundary = models.MultiPolygonField(_("边界"), srid=4326, null=True, blank=True)
    point = models.PointField(_("驻地"), srid=4326, null=True, blank=True)
    is_approximate = models.BooleanField(_("模拟位置"), default=False)
    source = models.CharField(_("来源"), max_length=200, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("行政区划")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="area_code_is_12_digits",
                condition=Q(code__regex=r"^[0-9]{12}$"),
                violation_error_message=_("区划代码须为12位数字"),
            ),
            models.CheckConstraint(
                name="area_level_agrees_with_code",
                condition=Q(level="village") & ~Q(code__endswith="000")
                | Q(level="township", code__endswith="000") & ~Q(code__endswith="000000")
                | Q(level="city", code__endswith="000000") & ~Q(code__endswith="00000000")
                | Q(level="prefecture", code__endswith="00000000") & ~Q(code__endswith="0000000000")
                | Q(level="province", code__endswith="0000000000"),
                violation_error_message=_("级别与区划代码不符"),
            ),
            models.CheckConstraint(
                name="area_parent_agrees_with_code",
                condition=Q(
                    level="village", parent__isnull=False, parent=Concat(Left("code", 9), Value("000"))
                )
                | Q(level="township", parent__isnull=False, parent=Concat(Left("code", 6), Value("000000")))
                | Q(level__in=["city", "prefecture", "province"]),
                violation_error_message=_("上级与区划代码不符"),
            ),
            models.CheckConstraint(
                name="area_boundary_is_valid",
                condition=Q(boundary__isnull=True) | Q(boundary__isvalid=True),
                violation_error_message=_("边界图形有错"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AreaAlias(models.Model):
    """A retired code (旧代码) of an area: 潜山县 340824 became 潜山市 340882 in 2018."""

    retired_code = models.CharField(_("旧代码"), max_length=12, primary_key=True, db_collation="C")
    area = models.ForeignKey(Area, models.CASCADE, verbose_name=_("现区划"))
    valid_to = models.DateField(_("停用日期"))
    source = models.CharField(_("来源"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("旧区划代码")
        constraints = [
            models.CheckConstraint(
                name="alias_code_is_12_digits",
                condition=Q(retired_code__regex=r"^[0-9]{12}$") & ~Q(retired_code=F("area")),
                violation_error_message=_("旧区划代码须为12位数字,且不同于现区划"),
            ),
        ]

    def __str__(self) -> str:
        return self.retired_code


class Shelter(models.Model):
    """A place of refuge (避难场所), GB/T 44013-2024."""

    class State(models.TextChoices):
        """Whether people are taken in."""

        STANDBY = "standby", _("待启用")
        OPEN = "open", _("已启用")
        CLOSED = "closed", _("已关闭")

    class Kind(models.TextChoices):
        """How long people may stay."""

        EMERGENCY = "emergency", _("紧急避难")
        SHORT = "short", _("短期避难")
        LONG = "long", _("长期避难")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code")
    point = models.PointField(_("位置"), srid=4326)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind, default=Kind.SHORT)
    usable_area_m2 = models.PositiveIntegerField(_("有效避难面积(平方米)"), default=0)
    capacity = models.PositiveIntegerField(_("容量(人)"))
    occupancy = models.PositiveIntegerField(_("在住人数"), default=0)
    keeper = models.CharField(_("管理人"), max_length=40, blank=True)
    facilities: Any = models.JSONField(_("设施"), default=list, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.STANDBY)
    is_sample = models.BooleanField(_("示例"), default=False)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("避难场所")
        ordering = ["area", "name"]
        constraints = [
            models.UniqueConstraint(
                name="shelter_name_once_an_area",
                fields=["area", "name"],
                violation_error_message=_("同一村(社区)已有同名的避难场所"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


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
