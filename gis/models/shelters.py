"""Places of refuge (避难场所). EPSG:4326."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from gis.models.areas import Area, PlacedQuerySet


class Shelter(models.Model):
    """A place of refuge (避难场所), GB/T 44013-2024.

    ``occupancy`` and ``is_filling`` (at or above the share that alerts) are kept by
    :mod:`disaster.refuge` in the transaction of each check-in and check-out. The keeper's
    telephone number is personal data: sealed there, opaque here. ``facilities`` are keys of
    the code list ``shelter_facility``.
    """

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

    class Level(models.TextChoices):
        """Who plans and keeps it (GB/T 44013-2024 分级)."""

        PROVINCE = "province", _("省级")
        PREFECTURE = "prefecture", _("市级")
        COUNTY = "county", _("县级")
        TOWNSHIP = "township", _("乡镇级")
        VILLAGE = "village", _("村级")

    class Setting(models.TextChoices):
        """Under a roof or not."""

        INDOOR = "indoor", _("室内")
        OUTDOOR = "outdoor", _("室外")
        BOTH = "both", _("室内和室外")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(_("编号"), max_length=30, blank=True, default="")
    name = models.CharField(_("名称"), max_length=60)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code")
    point = models.PointField(_("位置"), srid=4326)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind, default=Kind.SHORT)
    level = models.CharField(_("级别"), max_length=10, choices=Level, default=Level.TOWNSHIP)
    setting = models.CharField(_("室内外"), max_length=8, choices=Setting, default=Setting.INDOOR)
    address = models.CharField(_("地址"), max_length=120, blank=True, default="")
    route = models.CharField(_("转移路线"), max_length=300, blank=True, default="")
    is_accessible = models.BooleanField(_("无障碍"), default=False)
    usable_area_m2 = models.PositiveIntegerField(_("有效避难面积(平方米)"), default=0)
    capacity = models.PositiveIntegerField(_("容量(人)"))
    occupancy = models.PositiveIntegerField(_("在住人数"), default=0)
    keeper = models.CharField(_("管理人"), max_length=40, blank=True)
    keeper_phone_sealed = models.BinaryField(_("管理人电话(加密)"), blank=True, default=bytes)
    facilities: Any = models.JSONField(_("设施"), default=list, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.STANDBY)
    reason = models.CharField(_("状态原因"), max_length=200, blank=True, default="")
    is_filling = models.BooleanField(_("将满"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)
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
            models.UniqueConstraint(
                name="shelter_code_once",
                fields=["code"],
                condition=~models.Q(code=""),
                violation_error_message=_("这个编号已用于另一处避难场所"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
