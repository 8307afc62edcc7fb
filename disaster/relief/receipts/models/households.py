"""What reached which household (签领), and the vouchers (领取凭证) it comes with."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disaster.relief.needs.models import Application
from disaster.relief.receipts.models.receipts import Receipt
from disaster.relief.stock.models import Item


class Issue(models.Model):
    """So many of an item given to a household, or taken back from it, under one signature. Append-only.

    What a household has is what was given less what was taken back; it is also the
    ``settled`` of the grant it was given for.
    """

    class Kind(models.TextChoices):
        """Which way it went."""

        GIVEN = "given", _("发放")
        BACK = "back", _("退回")

    class Condition(models.TextChoices):
        """How goods came back: into stock again, or scrapped."""

        WHOLE = "whole", _("完好")
        DAMAGED = "damaged", _("损坏")

    id = models.BigAutoField(primary_key=True)
    receipt = models.ForeignKey(Receipt, models.PROTECT, verbose_name=_("签收单"), related_name="issues")
    application = models.ForeignKey(
        Application, models.PROTECT, verbose_name=_("申请"), related_name="issues"
    )
    item = models.ForeignKey(Item, models.PROTECT, verbose_name=_("品种"), related_name="+")
    kind = models.CharField(_("类型"), max_length=5, choices=Kind)
    condition = models.CharField(_("状况"), max_length=7, choices=Condition, default=Condition.WHOLE)
    quantity = models.PositiveIntegerField(_("数量"))
    at = models.DateTimeField(_("时间"), db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("到户记录")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="issue_of_something",
                condition=Q(quantity__gt=0),
                violation_error_message=_("数量须大于0"),
            ),
            models.CheckConstraint(
                name="only_what_comes_back_is_damaged",
                condition=Q(kind="back") | Q(condition="whole"),
                violation_error_message=_("损坏的物资不能发放"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.item_id} {self.quantity}"


class VoucherKey(models.Model):
    """A key that signs vouchers (凭证签名密钥). Phones get the public half alone, and that of every key before it.

    ``public`` is SubjectPublicKeyInfo in base64, ``sealed`` the private key (PKCS 8), sealed like
    personal data. A retired key signs no more, and what it signed stays good; what a key signed
    that leaked (``leaked_at``) is void.
    """

    number = models.PositiveSmallIntegerField(_("序号"), primary_key=True)
    algorithm = models.CharField(_("算法"), max_length=10, default="P-256", editable=False)
    public = models.CharField(_("公钥"), max_length=200, editable=False)
    sealed = models.BinaryField(editable=False)
    reason = models.CharField(_("更换原因"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("制作时间"))
    made_by = models.CharField(_("制作人"), max_length=40)
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    leaked_at = models.DateTimeField(_("泄露作废时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("凭证签名密钥")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="one_voucher_key_signs",
                fields=["algorithm"],
                condition=Q(retired_at__isnull=True),
                violation_error_message=_("只有一把密钥在用"),
            ),
            models.CheckConstraint(
                name="leaked_voucher_key_is_retired",
                condition=Q(leaked_at__isnull=True) | Q(retired_at__isnull=False),
                violation_error_message=_("泄露的密钥须停用"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Voucher(models.Model):
    """A household's paper with a QR code that a phone verifies without a network.

    ``code`` is the whole line that is printed (:mod:`disaster.relief.receipts.codes`). Only the
    newest of an application is good: printing anew voids the one before. ``used_at`` is when
    the last of the grant was given.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    application = models.ForeignKey(
        Application, models.PROTECT, verbose_name=_("申请"), related_name="vouchers"
    )
    area_code = models.CharField(_("行政村"), max_length=12, db_index=True)
    key = models.ForeignKey(VoucherKey, models.PROTECT, verbose_name=_("签名密钥"), related_name="vouchers")
    code = models.CharField(_("二维码内容"), max_length=1000, editable=False)
    until = models.DateField(_("有效期至"))
    printed_at = models.DateTimeField(_("制作时间"))
    printed_by = models.CharField(_("制作人"), max_length=40)
    void_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    used_at = models.DateTimeField(_("领完时间"), null=True, blank=True)
    used_by = models.CharField(_("发放人"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("领取凭证")
        ordering = ["printed_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_good_voucher_an_application",
                fields=["application"],
                condition=Q(void_at__isnull=True),
                violation_error_message=_("一份申请只有一张有效凭证"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
