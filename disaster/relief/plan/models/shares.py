"""What a village gets of each item and why, where it comes from, what was pinned by hand, and the papers made."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from disaster.relief.funds.models import Quota
from disaster.relief.plan.models.scenarios import Scenario
from disaster.relief.stock.models import Document, Item, Place
from gis.models import Area, PlacedQuerySet


class Share(models.Model):
    """What a village needs and is given of one item, or of money (``item`` None: fen).

    ``why`` is the binding reason with its parameters, said by
    :mod:`disaster.relief.plan.solve.explain`. ``persons`` are those in need there.
    """

    id = models.BigAutoField(primary_key=True)
    scenario = models.ForeignKey(Scenario, models.CASCADE, verbose_name=_("方案"), related_name="shares")
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政村"), db_column="area_code")
    item = models.ForeignKey(
        Item, models.PROTECT, verbose_name=_("品种"), related_name="+", null=True, blank=True
    )
    persons = models.PositiveIntegerField(_("需救助人口(人)"))
    need = models.BigIntegerField(_("需求(件;资金为分)"))
    given = models.BigIntegerField(_("分配(件;资金为分)"))
    why: Any = models.JSONField(_("理由"), default=dict)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("各村份额")
        ordering = ["area", "item"]
        constraints = [
            models.UniqueConstraint(
                name="share_once_a_village", fields=["scenario", "area", "item"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="share_within_the_need",
                condition=Q(given__gte=0, given__lte=F("need")),
                violation_error_message=_("分配不能超过需求"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.item_id or '元'} {self.given}"


class Allocation(models.Model):
    """So many of an item from a place to a village; money (``item`` None: fen) of a quota.

    Money that is only expected has no quota yet.
    """

    id = models.BigAutoField(primary_key=True)
    scenario = models.ForeignKey(Scenario, models.CASCADE, verbose_name=_("方案"), related_name="allocations")
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政村"), db_column="area_code")
    item = models.ForeignKey(
        Item, models.PROTECT, verbose_name=_("品种"), related_name="+", null=True, blank=True
    )
    source = models.ForeignKey(
        Place, models.PROTECT, verbose_name=_("从"), related_name="+", null=True, blank=True
    )
    quota = models.ForeignKey(
        Quota, models.PROTECT, verbose_name=_("资金指标"), related_name="+", null=True, blank=True
    )
    quantity = models.BigIntegerField(_("数量(件;资金为分)"))

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("分配明细")
        ordering = ["area", "item", "source"]
        constraints = [
            models.UniqueConstraint(
                name="allocation_once_a_way",
                fields=["scenario", "area", "item", "source", "quota"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="allocation_of_something",
                condition=Q(quantity__gt=0),
                violation_error_message=_("数量须大于0"),
            ),
            models.CheckConstraint(
                name="goods_come_from_a_place_money_of_a_quota",
                condition=Q(item__isnull=True, source__isnull=True)
                | Q(item__isnull=False, source__isnull=False, quota__isnull=True),
                violation_error_message=_("物资从储备地点来,资金从指标来"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.item_id or '元'} {self.quantity}"


class Pin(models.Model):
    """What a village gets of an item was set by hand (人工指定): kept whatever else is planned."""

    id = models.BigAutoField(primary_key=True)
    scenario = models.ForeignKey(Scenario, models.CASCADE, verbose_name=_("方案"), related_name="pins")
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政村"), db_column="area_code")
    item = models.ForeignKey(
        Item, models.PROTECT, verbose_name=_("品种"), related_name="+", null=True, blank=True
    )
    quantity = models.BigIntegerField(_("数量(件;资金为分)"))
    why = models.CharField(_("原因"), max_length=120)
    by_name = models.CharField(_("指定人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("人工指定")
        ordering = ["area", "item"]
        constraints = [
            models.UniqueConstraint(
                name="pin_once_a_village", fields=["scenario", "area", "item"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="pin_not_negative",
                condition=Q(quantity__gte=0),
                violation_error_message=_("数量不能为负"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.item_id or '元'} {self.quantity}"


class Paper(models.Model):
    """A stock document that an ordered scenario was turned into."""

    id = models.BigAutoField(primary_key=True)
    scenario = models.ForeignKey(Scenario, models.PROTECT, verbose_name=_("方案"), related_name="papers")
    document = models.OneToOneField(
        Document, models.PROTECT, verbose_name=_("单据"), related_name="plan_paper"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("方案单据")

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.document_id}"
