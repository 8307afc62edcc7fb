"""Objections and complaints (异议、投诉): one case each, with its clocks and everything done about it."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from disaster.people import private
from disaster.relief.disclosure.models.notices import Notice
from disaster.relief.needs.models import Application
from gis.models import Area, PlacedQuerySet


class Case(models.Model):
    """What somebody objects to or complains of. While a case on an application is open it is held.

    Whoever takes it first answers for it to the end (首问负责: ``first_id``, ``first_name`` never
    change). ``accept_due`` and ``settle_due`` are the last working days for taking and settling it
    (限时办结), by the rules of the day it came. Name and telephone are optional and sealed.
    Its id is made by whoever writes it: a repeat is the same. ``settle_due`` is made later once at most,
    for a reason, by a leader; ``first_due`` is what it was then.
    """

    class Kind(models.TextChoices):
        """What it is about."""

        OBJECTION = "objection", _("对公示名单有异议")
        UNPAID = "unpaid", _("没有收到钱或物")
        GOODS = "goods", _("物资数量、质量问题")
        CONDUCT = "conduct", _("优亲厚友、干部作风")
        OTHER = "other", _("其他意见")

    class Channel(models.TextChoices):
        """How it came."""

        WEB = "web", _("扫码、网页")
        TELEPHONE = "telephone", _("电话")
        VISIT = "visit", _("来访")
        LETTER = "letter", _("来信")

    class State(models.TextChoices):
        """Where it stands; each has one next step."""

        RECEIVED = "received", _("待受理")
        HANDLING = "handling", _("办理中")
        ANSWERED = "answered", _("已答复,待办结")
        CLOSED = "closed", _("办结:不成立")
        UPHELD = "upheld", _("办结:成立")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("受理号"), max_length=20, unique=True)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    channel = models.CharField(_("来源"), max_length=10, choices=Channel)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.RECEIVED, db_index=True)
    area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code", related_name="+"
    )
    application = models.ForeignKey(
        Application, models.PROTECT, verbose_name=_("申请"), related_name="cases", null=True, blank=True
    )
    notice = models.ForeignKey(
        Notice, models.PROTECT, verbose_name=_("公示"), related_name="cases", null=True, blank=True
    )
    words = models.CharField(_("内容"), max_length=1000)
    name_sealed = models.BinaryField(_("反映人姓名(加密)"), blank=True, default=bytes)
    phone_sealed = models.BinaryField(_("反映人电话(加密)"), blank=True, default=bytes)
    received_at = models.DateTimeField(_("收到时间"), db_index=True)
    received_by = models.CharField(_("登记人"), max_length=40, blank=True)
    accept_due = models.DateField(_("受理期限"))
    settle_due = models.DateField(_("办结期限"), db_index=True)
    first_id = models.BigIntegerField(_("首问责任人编号"), null=True, blank=True)
    first_name = models.CharField(_("首问责任人"), max_length=40, blank=True)
    taken_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    extension_why = models.CharField(_("申请延期理由"), max_length=200, blank=True)
    extension_asked_at = models.DateTimeField(_("申请延期时间"), null=True, blank=True)
    extension_asked_by_id = models.BigIntegerField(_("申请延期人编号"), null=True, blank=True)
    extension_decided_at = models.DateTimeField(_("延期决定时间"), null=True, blank=True)
    extension_decided_by = models.CharField(_("延期决定人"), max_length=40, blank=True)
    first_due = models.DateField(_("原办结期限"), null=True, blank=True)
    answer = models.CharField(_("答复"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    settled_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    settled_by = models.CharField(_("办结人"), max_length=40, blank=True)

    objects = PlacedQuerySet.as_manager()

    OPEN = (State.RECEIVED, State.HANDLING, State.ANSWERED)

    class Meta:
        verbose_name = verbose_name_plural = _("异议与投诉")
        ordering = ["-received_at", "number"]
        constraints = [
            models.CheckConstraint(
                name="case_taken_by_somebody",
                condition=Q(state="received", first_id__isnull=True, taken_at__isnull=True)
                | ~Q(state="received") & Q(first_id__isnull=False, taken_at__isnull=False),
                violation_error_message=_("受理后须有首问责任人"),
            ),
            models.CheckConstraint(
                name="case_settled_with_an_answer",
                condition=Q(settled_at__isnull=True, state__in=["received", "handling", "answered"])
                | Q(settled_at__isnull=False, state__in=["closed", "upheld"]) & ~Q(answer=""),
                violation_error_message=_("办结前须先答复"),
            ),
            models.CheckConstraint(
                name="case_extended_by_decision",
                condition=Q(first_due__isnull=True)
                | Q(extension_decided_at__isnull=False)
                & ~Q(extension_why="")
                & Q(settle_due__gt=F("first_due")),
                violation_error_message=_("延期须有理由和领导批准"),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def is_late(self, *, on: date) -> bool:
        """Say whether it was not taken on, or not settled, in its time."""
        untaken = self.state == self.State.RECEIVED and self.accept_due < on
        return untaken or (self.settled_at is None and self.settle_due < on)

    @property
    def awaits_extension(self) -> bool:
        """Say whether longer time was asked for and nobody has decided."""
        return self.extension_asked_at is not None and self.extension_decided_at is None

    @property
    def name(self) -> str:
        """The complainant's name in clear: show it only where a reason was journaled."""
        return private.open_sealed(bytes(self.name_sealed)) if self.name_sealed else ""

    @name.setter
    def name(self, name: str) -> None:
        self.name_sealed = private.seal(name) if name else b""

    @property
    def phone(self) -> str:
        """The complainant's telephone in clear, with the same caution."""
        return private.open_sealed(bytes(self.phone_sealed)) if self.phone_sealed else ""

    @phone.setter
    def phone(self, number: str) -> None:
        self.phone_sealed = private.seal(number) if number else b""


class CaseStep(models.Model):
    """One thing done about a case: what, by whom, and what was said. Append-only."""

    class Act(models.TextChoices):
        """What was done."""

        OPENED = "opened", _("收到")
        TAKEN = "taken", _("受理")
        ANSWERED = "answered", _("答复")
        CLOSED = "closed", _("办结:不成立")
        UPHELD = "upheld", _("办结:成立")
        ASKED = "asked", _("申请延期")
        EXTENDED = "extended", _("批准延期")
        REFUSED = "refused", _("不批准延期")
        REVEALED = "revealed", _("查看反映人")

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, verbose_name=_("异议与投诉"), related_name="steps")
    act = models.CharField(_("操作"), max_length=10, choices=Act)
    words = models.CharField(_("意见"), max_length=1000, blank=True)
    at = models.DateTimeField(_("时间"))
    by_id = models.BigIntegerField(_("经办人编号"), null=True, blank=True)
    by_name = models.CharField(_("经办人"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("异议与投诉办理记录")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.act}"
