"""Payments by card (一卡通): batches for the bank, a line for each household, what the bank answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disaster.people import private
from disaster.relief.needs.models import Application, Programme
from gis.models import Area, PlacedQuerySet


class PayBatch(models.Model):
    """Payments that go to the bank together. Its id is made by whoever writes it: a repeat is the same.

    Two people make it and release it (制单、放行). ``check_sum`` is the SHA-256 of the file for
    the bank, fixed when it is released; the bank's answer repeats it.
    """

    class State(models.TextChoices):
        """Where it stands; each has one next step."""

        MADE = "made", _("待放行")
        RELEASED = "released", _("待银行回盘")
        ANSWERED = "answered", _("已办结")
        CANCELLED = "cancelled", _("已撤销")

    SENT = (State.RELEASED, State.ANSWERED)

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.CharField(_("批次号"), max_length=20, unique=True)
    programme = models.ForeignKey(
        Programme, models.PROTECT, verbose_name=_("救助批次"), related_name="payments"
    )
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.MADE, db_index=True)
    remark = models.CharField(_("摘要"), max_length=20)
    check_sum = models.CharField(_("校验码"), max_length=64, blank=True)
    made_at = models.DateTimeField(_("制单时间"))
    made_by = models.CharField(_("制单人"), max_length=40)
    made_by_id = models.BigIntegerField(editable=False)
    released_at = models.DateTimeField(_("放行时间"), null=True, blank=True)
    released_by = models.CharField(_("放行人"), max_length=40, blank=True)
    released_by_id = models.BigIntegerField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    reason = models.CharField(_("撤销原因"), max_length=200, blank=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("付款批次")
        ordering = ["-made_at", "number"]
        constraints = [
            models.CheckConstraint(
                name="batch_released_by_another",
                condition=Q(released_by_id__isnull=True) | ~Q(released_by_id=models.F("made_by_id")),
                violation_error_message=_("制单和放行须由两个人办理"),
            ),
            models.CheckConstraint(
                name="batch_release_is_whole",
                condition=Q(released_at__isnull=True, released_by_id__isnull=True)
                | Q(released_at__isnull=False, released_by_id__isnull=False),
                violation_error_message=_("放行时间和放行人必须同时填写"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PayLine(models.Model):
    """One household's payment in a batch, as the bank is told it. ``amount`` is fen.

    Name, card and bank are kept as they were sent; the card is sealed, ``card_tail`` its last
    four digits. An application is never in two open batches.
    """

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("待回盘")
        PAID = "paid", _("已到账")
        REFUSED = "refused", _("退票")
        DROPPED = "dropped", _("未发送")

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(PayBatch, models.PROTECT, verbose_name=_("付款批次"), related_name="lines")
    serial = models.PositiveIntegerField(_("序号"))
    application = models.ForeignKey(
        Application, models.PROTECT, verbose_name=_("救助申请"), related_name="payments"
    )
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政村"), db_column="area_code")
    name = models.CharField(_("户名"), max_length=40)
    card_sealed = models.BinaryField(_("一卡通账号(加密)"))
    card_hash = models.CharField(_("一卡通账号索引"), max_length=64, editable=False)
    card_tail = models.CharField(_("账号末四位"), max_length=4)
    bank = models.CharField(_("开户银行"), max_length=40, blank=True)
    amount = models.BigIntegerField(_("金额(分)"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    answered_at = models.DateTimeField(_("回盘时间"), null=True, blank=True)
    why = models.CharField(_("退票原因"), max_length=200, blank=True)
    bank_number = models.CharField(_("银行流水号"), max_length=40, blank=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("付款明细")
        ordering = ["batch", "serial"]
        indexes = [models.Index(fields=["area", "state"], name="payment_by_village")]
        constraints = [
            models.UniqueConstraint(
                name="payment_serial_once",
                fields=["batch", "serial"],
                violation_error_message=_("同一批次内序号不能重复"),
            ),
            models.UniqueConstraint(
                name="application_once_at_the_bank",
                fields=["application"],
                condition=Q(state="waiting"),
                violation_error_message=_("这一户已在另一付款批次中"),
            ),
            models.CheckConstraint(
                name="payment_of_something",
                condition=Q(amount__gt=0),
                violation_error_message=_("金额须大于0"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.serial}"

    @property
    def card(self) -> str:
        """The card in clear: for the bank's file alone."""
        return private.open_sealed(bytes(self.card_sealed))

    @property
    def card_masked(self) -> str:
        """The card as it is shown: its last four digits."""
        return f"****{self.card_tail}"


class Answer(models.Model):
    """A file of the bank's that was read: once, however often it is sent. Append-only."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(PayBatch, models.PROTECT, verbose_name=_("付款批次"), related_name="answers")
    digest = models.CharField(_("内容摘要"), max_length=64)
    paid = models.PositiveIntegerField(_("成功笔数"))
    refused = models.PositiveIntegerField(_("退票笔数"))
    at = models.DateTimeField(_("时间"))
    by_name = models.CharField(_("经办人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("银行回盘文件")
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                name="answer_read_once",
                fields=["batch", "digest"],
                violation_error_message=_("这份回盘文件已读入"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.at}"


class Download(models.Model):
    """Somebody took the bank's file with its full card numbers, and said why (须说明原因并留痕)."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(PayBatch, models.PROTECT, verbose_name=_("付款批次"), related_name="downloads")
    kind = models.CharField(_("格式"), max_length=4)
    why = models.CharField(_("原因"), max_length=200)
    at = models.DateTimeField(_("时间"))
    by_id = models.BigIntegerField(_("下载人编号"))
    by_name = models.CharField(_("下载人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("代发文件下载记录")
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.by_name}"
