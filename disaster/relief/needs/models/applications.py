"""Applications (救助申请), each step of their procedure, and what was granted."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from disaster.relief.needs.models.households import Household, Programme
from disaster.relief.stock.models import Item
from gis.models import Area, PlacedQuerySet


class Application(models.Model):
    """One household in one programme (《救助申请暨民主评议意见表》).

    Needs are what the village found: persons, grain (kg), clothing and bedding (pieces), and
    yuan for heating, medicine, water and others, in ``months``. ``hardships`` are keys of the
    code list ``hardship`` (倒房未入住、绝收…); with the household's types they make it a key one
    (重点). ``state`` moves only by the acts of :mod:`disaster.relief.needs.states`.
    ``notice_until`` is the last day of the notice it is in; what comes after waits for the day
    after. While ``held_at`` is set (an objection or a complaint is open) nothing is paid or
    issued. ``over_limit_why`` is the village's reason for an amount a person above the limit.
    """

    class State(models.TextChoices):
        """Where it stands; each has one ordinary next act."""

        APPLIED = "applied", _("待核实")
        VERIFIED = "verified", _("待评议")
        ASSESSED = "assessed", _("待公示")
        POSTED = "posted", _("公示中")
        OBJECTED = "objected", _("有异议,待复核")
        SUBMITTED = "submitted", _("待乡镇审核")
        PASSED = "passed", _("待县级审批")
        APPROVED = "approved", _("待发放")
        ISSUED = "issued", _("已发放,待公示")
        DISCLOSED = "disclosed", _("发放公示,待回访")
        ARCHIVED = "archived", _("已归档")
        REJECTED = "rejected", _("不予救助")
        WITHDRAWN = "withdrawn", _("已撤回")
        STOPPED = "stopped", _("停发")

    class Origin(models.TextChoices):
        """Who asked (条例 Art. 20)."""

        SELF = "self", _("本人申请")
        GROUP = "group", _("村民小组提名")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("申请号"), max_length=24, unique=True)
    programme = models.ForeignKey(
        Programme, models.PROTECT, verbose_name=_("批次"), related_name="applications"
    )
    household = models.ForeignKey(
        Household, models.PROTECT, verbose_name=_("家庭"), related_name="applications"
    )
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政村"), db_column="area_code")
    origin = models.CharField(_("来源"), max_length=6, choices=Origin, default=Origin.SELF)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.APPLIED, db_index=True)
    persons = models.PositiveSmallIntegerField(_("需救助人口(人)"))
    grain_kg = models.PositiveIntegerField(_("需口粮(公斤)"), default=0)
    clothing = models.PositiveSmallIntegerField(_("需衣被(件)"), default=0)
    heating_yuan = models.PositiveIntegerField(_("需取暖(元)"), default=0)
    medical_yuan = models.PositiveIntegerField(_("需伤病(元)"), default=0)
    water_yuan = models.PositiveIntegerField(_("需饮水(元)"), default=0)
    other_yuan = models.PositiveIntegerField(_("需其他(元)"), default=0)
    months = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("需救助月份"), default=list, blank=True
    )
    hardships = ArrayField(
        models.CharField(max_length=40), verbose_name=_("致困情形"), default=list, blank=True
    )
    is_key = models.BooleanField(_("重点救助"), default=False)
    over_limit_why = models.CharField(_("超限额说明"), max_length=200, blank=True)
    remarks = models.CharField(_("备注"), max_length=200, blank=True)
    applied_at = models.DateTimeField(_("申请时间"))
    posted_on = models.DateField(_("公示起"), null=True, blank=True)
    notice_until = models.DateField(_("公示止"), null=True, blank=True)
    held_at = models.DateTimeField(_("暂停发放起"), null=True, blank=True)
    held_why = models.CharField(_("暂停原因"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    changed_at = models.DateTimeField(_("最后变动"))

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("救助申请")
        ordering = ["area", "number"]
        indexes = [models.Index(fields=["programme", "area", "state"], name="application_by_village")]
        constraints = [
            models.UniqueConstraint(
                name="household_once_a_programme",
                fields=["programme", "household"],
                condition=~Q(state__in=["rejected", "withdrawn", "stopped"]),
                violation_error_message=_("这一户在本批次已有申请"),
            ),
            models.CheckConstraint(
                name="application_for_somebody",
                condition=Q(persons__gte=1),
                violation_error_message=_("需救助人口至少1人"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Step(models.Model):
    """One act upon an application: what, by whom, why, and from which state to which. Append-only.

    Acts that move no state (a visit, a hold, a grant changed, something settled) stand here too.
    ``by_id`` is empty where the public did it (an objection by QR code).

    ``figures`` is what the application came to once the act was done, written by the database
    itself: ``area``, ``persons``, ``clothing``, ``fen`` asked for, and ``grants``, item (``money``:
    fen) → [granted, settled]. The newest step up to a moment therefore is the application as it
    stood then; whoever changes one of these writes a step.
    """

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, models.PROTECT, verbose_name=_("申请"), related_name="steps")
    act = models.CharField(_("操作"), max_length=12)
    before = models.CharField(_("原状态"), max_length=10, blank=True)
    after = models.CharField(_("新状态"), max_length=10)
    why = models.CharField(_("意见"), max_length=500, blank=True)
    at = models.DateTimeField(_("时间"))
    by_id = models.BigIntegerField(_("经办人编号"), null=True, blank=True)
    by_name = models.CharField(_("经办人"), max_length=40)
    figures: Any = models.JSONField(_("办理后数额"), default=dict, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("救助申请办理记录")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.act}"


class Grant(models.Model):
    """What was decided for an application: so many of an item, or money (``item`` None: fen).

    ``settled`` is how much of it has reached the household, never more than was granted: goods
    by a signed issue, money by the bank's answer.
    """

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(
        Application, models.PROTECT, verbose_name=_("申请"), related_name="grants"
    )
    item = models.ForeignKey(
        Item, models.PROTECT, verbose_name=_("品种"), related_name="+", null=True, blank=True
    )
    quantity = models.BigIntegerField(_("核准数量(件;资金为分)"))
    settled = models.BigIntegerField(_("已到户"), default=0)
    decided_at = models.DateTimeField(_("核准时间"))
    decided_by = models.CharField(_("核准人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("核准救助")
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(
                name="grant_once_an_item", fields=["application", "item"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="grant_of_something",
                condition=Q(quantity__gt=0),
                violation_error_message=_("数量须大于0"),
            ),
            models.CheckConstraint(
                name="settled_within_the_grant",
                condition=Q(settled__gte=0, settled__lte=F("quantity")),
                violation_error_message=_("到户数量不能超过核准数量"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.item_id or '元'}"
