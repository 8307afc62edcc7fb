"""Administrative areas, and the query set of everything that belongs to one."""

from __future__ import annotations

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
