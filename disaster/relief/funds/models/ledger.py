"""The money ledger (资金台账) as double entry: an entry takes from one account what it gives to another.

Vouchers and entries are never changed or removed; the database keeps the balances from the
entries by a trigger, and refuses an account of ours less than nothing.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from disaster.relief.funds.models.payments import PayBatch, PayLine
from disaster.relief.funds.models.quotas import Quota


class Account(models.Model):
    """Where money is: with those who gave it, on the county's special account, at the bank, paid.

    A plan's reservation for a village is an account of its own, as is a payment batch at the
    bank: so neither can give more than was put there. Those who give may owe: what came from
    them is their debt.
    """

    class Kind(models.TextChoices):
        """What the account is."""

        CENTRAL = "central", _("中央财政")
        PROVINCE = "province", _("省级财政")
        CITY = "city", _("市级财政")
        COUNTY = "county", _("县级财政")
        DONOR = "donor", _("捐赠人")
        FREE = "free", _("专户可用")
        PLANNED = "planned", _("方案安排")
        BANK = "bank", _("代发在途")
        PAID = "paid", _("已到户")
        RETURNED = "returned", _("已上缴")
        SHIFT = "shift", _("指标间调剂")

    OURS = (Kind.FREE, Kind.PLANNED, Kind.BANK)
    OWING = (Kind.CENTRAL, Kind.PROVINCE, Kind.CITY, Kind.COUNTY, Kind.DONOR, Kind.SHIFT)
    MANY = (Kind.PLANNED, Kind.BANK)

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    plan_id = models.UUIDField(_("方案编号"), null=True, blank=True, db_index=True)
    area_code = models.CharField(_("行政村"), max_length=12, blank=True)
    batch = models.OneToOneField(
        PayBatch, models.PROTECT, verbose_name=_("付款批次"), related_name="account", null=True, blank=True
    )

    class Meta:
        verbose_name = verbose_name_plural = _("资金账户")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="account_of_its_kind_once",
                fields=["kind"],
                condition=~Q(kind__in=["planned", "bank"]),
                violation_error_message=_("这类账户只有一个"),
            ),
            models.UniqueConstraint(
                name="account_once_a_plan_and_village",
                fields=["plan_id", "area_code"],
                condition=Q(kind="planned"),
                violation_error_message=_("一个方案对一个村只有一笔安排"),
            ),
            models.CheckConstraint(
                name="account_is_of_a_plan_or_a_batch",
                condition=(Q(kind="planned") & Q(plan_id__isnull=False) & ~Q(area_code=""))
                | (~Q(kind="planned") & Q(plan_id__isnull=True, area_code="")),
                violation_error_message=_("方案安排须有方案和行政村"),
            ),
            models.CheckConstraint(
                name="account_at_the_bank_has_its_batch",
                condition=Q(kind="bank", batch__isnull=False) | (~Q(kind="bank") & Q(batch__isnull=True)),
                violation_error_message=_("代发在途须有付款批次"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Voucher(models.Model):
    """The paper (凭证) behind entries. Its id is made by whoever writes it: a repeat is the same. Append-only.

    ``reference`` is the paper's own number (文号).
    """

    class Kind(models.TextChoices):
        """What it does."""

        RECEIVE = "receive", _("指标下达")
        PLAN = "plan", _("方案安排")
        UNPLAN = "unplan", _("取消安排")
        PAY = "pay", _("付款制单")
        BACK = "back", _("付款退回")
        ANSWER = "answer", _("银行回盘")
        RETURN = "return", _("结余上缴")
        TRANSFER = "transfer", _("指标调剂")

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.CharField(_("凭证号"), max_length=20, unique=True)
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    area_code = models.CharField(_("行政区划"), max_length=12, db_index=True)
    batch = models.ForeignKey(
        PayBatch, models.PROTECT, verbose_name=_("付款批次"), related_name="vouchers", null=True, blank=True
    )
    plan_id = models.UUIDField(_("方案编号"), null=True, blank=True)
    reference = models.CharField(_("文号"), max_length=60, blank=True)
    reason = models.CharField(_("事由"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    by_id = models.BigIntegerField(_("经办人编号"))
    by_name = models.CharField(_("经办人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("资金凭证")
        ordering = ["at", "number"]

    def __str__(self) -> str:
        return self.number


class Entry(models.Model):
    """So many fen of a quota from one account to another, upon a voucher. Append-only."""

    id = models.BigAutoField(primary_key=True)
    voucher = models.ForeignKey(Voucher, models.PROTECT, verbose_name=_("凭证"), related_name="entries")
    quota = models.ForeignKey(Quota, models.PROTECT, verbose_name=_("指标"), related_name="entries")
    source = models.ForeignKey(Account, models.PROTECT, verbose_name=_("从"), related_name="+")
    target = models.ForeignKey(Account, models.PROTECT, verbose_name=_("到"), related_name="+")
    line = models.ForeignKey(
        PayLine, models.PROTECT, verbose_name=_("付款明细"), related_name="entries", null=True, blank=True
    )
    amount = models.BigIntegerField(_("金额(分)"))

    class Meta:
        verbose_name = verbose_name_plural = _("资金分录")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="entry_of_something",
                condition=Q(amount__gt=0),
                violation_error_message=_("金额须大于0"),
            ),
            models.CheckConstraint(
                name="entry_goes_elsewhere",
                condition=~Q(source=F("target")),
                violation_error_message=_("借贷账户不能相同"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Balance(models.Model):
    """How many fen of a quota an account has: kept by the database from the entries alone."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, verbose_name=_("账户"), related_name="balances")
    quota = models.ForeignKey(Quota, models.PROTECT, verbose_name=_("指标"), related_name="balances")
    amount = models.BigIntegerField(_("余额(分)"), default=0)
    may_owe = models.BooleanField(_("外部"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("资金余额")
        constraints = [
            models.UniqueConstraint(name="fund_balance_once", fields=["account", "quota"]),
            models.CheckConstraint(
                name="money_never_below_nothing",
                condition=Q(amount__gte=0) | Q(may_owe=True),
                violation_error_message=_("余额不能为负"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.quota_id}"
