"""Places of refuge (避难场所). EPSG:4326."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from gis.models.areas import Area, PlacedQuerySet


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
