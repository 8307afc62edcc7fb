"""The stock ledger (物资台账) as double entry: a movement takes from one place what it gives to another.

Movements are never changed or removed; the database keeps the balances from them by
triggers, and refuses a place of ours less than nothing.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from disaster.relief.stock.models.papers import Document
from disaster.relief.stock.models.things import Item, Place


class Batch(models.Model):
    """Goods that came together (批次): one item, price, age, and donor's wish.

    ``intent`` is the area a donor named for it (12 digits), "" where none was: they go
    nowhere else (自然灾害救助条例 Art. 24). ``price`` is yuan a unit. A batch is closed (结清)
    when all of it has ended somewhere and every hop adds up; then nothing of it moves any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("批号"), max_length=30, unique=True)
    item = models.ForeignKey(Item, models.PROTECT, verbose_name=_("品种"), related_name="batches")
    price = models.DecimalField(_("单价(元)"), max_digits=10, decimal_places=2)
    made_on = models.DateField(_("生产日期"), null=True, blank=True)
    expires_on = models.DateField(_("失效日期"), null=True, blank=True)
    giver = models.CharField(_("来源单位"), max_length=60, blank=True)
    intent = models.CharField(_("定向地区"), max_length=12, blank=True)
    intent_words = models.CharField(_("捐赠意愿"), max_length=120, blank=True)
    closed_at = models.DateTimeField(_("结清时间"), null=True, blank=True)
    closed_by = models.CharField(_("结清人"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("批次")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="batch_price_not_negative",
                condition=Q(price__gte=0),
                violation_error_message=_("单价不能为负"),
            ),
            models.CheckConstraint(
                name="batch_expires_after_it_is_made",
                condition=Q(made_on__isnull=True)
                | Q(expires_on__isnull=True)
                | Q(expires_on__gt=F("made_on")),
                violation_error_message=_("失效日期须晚于生产日期"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Movement(models.Model):
    """So many of a batch from one place to another, upon a document. Append-only."""

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("单据"), related_name="movements")
    batch = models.ForeignKey(Batch, models.PROTECT, verbose_name=_("批次"), related_name="movements")
    source = models.ForeignKey(Place, models.PROTECT, verbose_name=_("从"), related_name="+")
    target = models.ForeignKey(Place, models.PROTECT, verbose_name=_("到"), related_name="+")
    quantity = models.PositiveIntegerField(_("数量"))
    load = models.PositiveSmallIntegerField(_("第几车"), default=1)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    by_name = models.CharField(_("经手人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("台账分录")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="movement_of_something",
                condition=Q(quantity__gt=0),
                violation_error_message=_("数量须大于0"),
            ),
            models.CheckConstraint(
                name="movement_goes_elsewhere",
                condition=~Q(source=F("target")),
                violation_error_message=_("起止地点不能相同"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Balance(models.Model):
    """How many of a batch a place has: kept by the database from the movements alone."""

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("地点"), related_name="balances")
    batch = models.ForeignKey(Batch, models.PROTECT, verbose_name=_("批次"), related_name="balances")
    quantity = models.BigIntegerField(_("结存"), default=0)
    may_owe = models.BooleanField(_("外部"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("结存")
        constraints = [
            models.UniqueConstraint(name="balance_once", fields=["place", "batch"]),
            models.CheckConstraint(
                name="stock_never_below_nothing",
                condition=Q(quantity__gte=0) | Q(may_owe=True),
                violation_error_message=_("结存不能为负"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.batch_id}"
