"""The documents behind every movement (单据): one for both ends, so that they can't drift apart."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from disaster.relief.stock.models.things import Item, Place
from gis.models import PlacedQuerySet


class Document(models.Model):
    """A document with its two ends. Its id is made by whoever writes it: a repeat is the same.

    A transfer may go in several loads (:class:`Load`); ``sent_at`` and ``received_at`` are then the last ones'.

    ``reference`` is the paper's own number (文号). An order by word of mouth (口头指令) is
    ``verbal`` and owes its paper within 48 hours (``paper_due``).
    """

    class Kind(models.TextChoices):
        """What it does."""

        PURCHASE = "purchase", _("采购入库")
        UPPER = "upper", _("上级调入")
        DONATION = "donation", _("捐赠入库")
        TRANSFER = "transfer", _("调拨")
        ISSUE = "issue", _("发放")
        BACK = "back", _("户退回")
        SCRAP = "scrap", _("报废")
        COUNT = "count", _("盘点")

    class State(models.TextChoices):
        """Where it stands; each has one next step."""

        ORDERED = "ordered", _("待发出")
        PARTLY = "partly", _("部分发出,还有车次待发")
        SENT = "sent", _("在途,待签收")
        OPEN = "open", _("有差异,待处理")
        CLOSED = "closed", _("已办结")
        CANCELLED = "cancelled", _("已撤销")

    TO_SEND = (State.ORDERED, State.PARTLY)
    """Some of it waits to be sent."""
    UNDER_WAY = (State.PARTLY, State.SENT, State.OPEN)
    """Some of it may be on its way."""

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.CharField(_("单号"), max_length=20, unique=True)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    state = models.CharField(_("状态"), max_length=10, choices=State, db_index=True)
    area_code = models.CharField(_("行政区划"), max_length=12, db_index=True)
    source = models.ForeignKey(Place, models.PROTECT, verbose_name=_("从"), related_name="+")
    target = models.ForeignKey(Place, models.PROTECT, verbose_name=_("到"), related_name="+")
    reference = models.CharField(_("文号"), max_length=60, blank=True)
    reason = models.CharField(_("事由"), max_length=200, blank=True)
    is_verbal = models.BooleanField(_("口头指令"), default=False)
    paper_due = models.DateTimeField(_("补办期限"), null=True, blank=True)
    contact = models.CharField(_("接收联系人"), max_length=60, blank=True)
    made_at = models.DateTimeField(_("开单时间"))
    made_by = models.CharField(_("开单人"), max_length=40)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    sent_by = models.CharField(_("发出人"), max_length=40, blank=True)
    sent_by_id = models.BigIntegerField(null=True, blank=True, editable=False)
    received_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    received_by = models.CharField(_("签收人"), max_length=40, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("单据")
        ordering = ["-made_at", "number"]
        constraints = [
            models.CheckConstraint(
                name="document_goes_elsewhere",
                condition=~Q(source=F("target")),
                violation_error_message=_("起止地点不能相同"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Load(models.Model):
    """What of a transfer leaves together (一车): each load is sent by one person and signed for by another.

    Most transfers have one. What no lorry holds goes in several, numbered from 1; movements,
    receipts and cases name theirs, so that what is missing is missing from one lorry. ``signed_at``
    and ``signed_by`` are the first signature's, for ever: each later one, under what was found, is a receipt.
    """

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey(Document, models.CASCADE, verbose_name=_("单据"), related_name="loads")
    number = models.PositiveSmallIntegerField(_("第几车"))
    sent_at = models.DateTimeField(_("发出时间"))
    sent_by = models.CharField(_("发出人"), max_length=40)
    sent_by_id = models.BigIntegerField(null=True, editable=False)
    signed_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    signed_by = models.CharField(_("签收人"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("装载")
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(
                name="load_once_a_document",
                fields=["document", "number"],
                violation_error_message=_("这一车已经发出"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.number}"


class Line(models.Model):
    """What a document is about: so many of an item were ordered. What moved stands in the movements."""

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey(Document, models.CASCADE, verbose_name=_("单据"), related_name="lines")
    item = models.ForeignKey(Item, models.PROTECT, verbose_name=_("品种"), related_name="+")
    ordered = models.PositiveIntegerField(_("应发数量"))

    class Meta:
        verbose_name = verbose_name_plural = _("单据明细")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="item_once_a_document",
                fields=["document", "item"],
                violation_error_message=_("同一品种只列一行"),
            ),
            models.CheckConstraint(
                name="line_of_something",
                condition=Q(ordered__gt=0),
                violation_error_message=_("数量须大于0"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.ordered}"
