"""A case (差异): so many of a batch that a hop does not account for, until somebody says what became of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disaster.relief.receipts.models.receipts import Receipt
from disaster.relief.stock.models import Batch, Document


class Case(models.Model):
    """What differed at a hop, opened by the receipt that found it. The hop is the document's two ends.

    ``area_code`` is where the goods should have arrived. Of goods on their way the sender is
    the ``holder``, who answers for them (谁发出谁负责) until ``due``. A case of missing goods
    follows what is still on its way: found later, it settles itself.
    """

    class Kind(models.TextChoices):
        """How what came differs from what was sent."""

        SHORT = "short", _("短少")
        DAMAGED = "damaged", _("损坏")
        OVER = "over", _("多出")

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("待处理")
        SETTLED = "settled", _("已处理")

    class Resolution(models.TextChoices):
        """What became of them."""

        FOUND = "found", _("后来签收")
        AT_SOURCE = "at_source", _("没有装车,仍在发出地")
        LOST = "lost", _("确认遗失,核销")
        PAID = "paid", _("确认遗失,责任人赔偿后核销")
        SPOILT = "spoilt", _("确认损坏,已报废")
        REPLACED = "replaced", _("由供应商或承运人更换")
        BOOKED = "booked", _("属实,登记为盘盈")
        MISCOUNTED = "miscounted", _("清点错误,没有多出")

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.CharField(_("编号"), max_length=20, unique=True)
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN, db_index=True)
    area_code = models.CharField(_("行政区划"), max_length=12, db_index=True)
    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("单据"), related_name="cases")
    load = models.PositiveSmallIntegerField(_("第几车"), default=1)
    batch = models.ForeignKey(Batch, models.PROTECT, verbose_name=_("批次"), related_name="cases")
    receipt = models.ForeignKey(Receipt, models.PROTECT, verbose_name=_("签收单"), related_name="cases")
    quantity = models.PositiveIntegerField(_("数量"))
    reason = models.CharField(_("签收人说明"), max_length=200, blank=True)
    holder = models.CharField(_("责任人"), max_length=40)
    holder_id = models.BigIntegerField(null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(_("立案时间"))
    opened_by = models.CharField(_("立案人"), max_length=40)
    due = models.DateTimeField(_("办理期限"))
    resolution = models.CharField(_("处理结果"), max_length=10, choices=Resolution, blank=True)
    words = models.CharField(_("处理说明"), max_length=200, blank=True)
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    settled_by = models.CharField(_("处理人"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("差异")
        ordering = ["-opened_at", "number"]
        indexes = [models.Index(fields=["state", "due"], name="case_by_due")]
        constraints = [
            models.CheckConstraint(
                name="case_of_something",
                condition=Q(quantity__gt=0),
                violation_error_message=_("数量须大于0"),
            ),
            models.CheckConstraint(
                name="case_settled_with_a_result",
                condition=Q(state="open", settled_at__isnull=True, resolution="")
                | (Q(state="settled", settled_at__isnull=False) & ~Q(resolution="")),
                violation_error_message=_("处理差异须写明结果"),
            ),
            models.UniqueConstraint(
                name="missing_once_a_batch_and_document",
                fields=["document", "load", "batch"],
                condition=Q(kind="short", state="open"),
                violation_error_message=_("同一车同一批次的短少只立一案"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Handover(models.Model):
    """A case given to another responsible person (换责任人), and why. Append-only."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.CASCADE, verbose_name=_("差异"), related_name="handovers")
    before = models.CharField(_("原责任人"), max_length=40)
    after = models.CharField(_("新责任人"), max_length=40)
    reason = models.CharField(_("原因"), max_length=200)
    at = models.DateTimeField(_("时间"))
    by_name = models.CharField(_("经办人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("换责任人")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.after}"
