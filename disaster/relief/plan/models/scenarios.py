"""Scenarios (分配方案) of a programme, and the frozen inputs that each rests on."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from disaster.relief.needs.models import Programme
from gis.models import Area, PlacedQuerySet


class Scenario(models.Model):
    """One way to share out a programme's goods and money among its villages.

    Made by one person, reviewed by another, approved by a third; only then do orders follow
    from it. What was approved is *in force* until another takes its place. ``former`` is the
    scenario it was planned anew from. ``params`` are the choices of whoever made it,
    ``figures`` what it comes to.
    """

    class Policy(models.TextChoices):
        """What is wanted first."""

        PROPORTIONAL = "proportional", _("按比例")
        PRIORITY = "priority", _("先重点后一般")
        FAIREST = "fairest", _("最差者优先")
        LEAST = "least", _("加权缺口最小")

    class State(models.TextChoices):
        """Where it stands; each has one next step."""

        DRAFT = "draft", _("待复核")
        REVIEWED = "reviewed", _("待审批")
        APPROVED = "approved", _("已批准,待下单")
        ORDERED = "ordered", _("已下单")
        SUPERSEDED = "superseded", _("已被取代")

    IN_FORCE = (State.APPROVED, State.ORDERED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("批次"), related_name="scenarios")
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code")
    number = models.PositiveIntegerField(_("方案号"))
    name = models.CharField(_("名称"), max_length=60)
    policy = models.CharField(_("分配原则"), max_length=12, choices=Policy)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT, db_index=True)
    former = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("调整自"), related_name="later", null=True, blank=True
    )
    params: Any = models.JSONField(_("参数"), default=dict)
    figures: Any = models.JSONField(_("指标"), default=dict)
    position = models.BigIntegerField(_("日志位置"))
    made_at = models.DateTimeField(_("编制时间"))
    made_by = models.CharField(_("编制人"), max_length=40)
    made_by_id = models.BigIntegerField(editable=False)
    reviewed_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    reviewed_by = models.CharField(_("复核人"), max_length=40, blank=True)
    reviewed_by_id = models.BigIntegerField(null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    approved_by = models.CharField(_("审批人"), max_length=40, blank=True)
    approved_by_id = models.BigIntegerField(null=True, blank=True, editable=False)
    ordered_at = models.DateTimeField(_("下单时间"), null=True, blank=True)
    ordered_by = models.CharField(_("下单人"), max_length=40, blank=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("分配方案")
        ordering = ["programme", "-number"]
        constraints = [
            models.UniqueConstraint(name="scenario_numbers_a_programme", fields=["programme", "number"]),
            models.UniqueConstraint(
                name="one_scenario_in_force",
                fields=["programme"],
                condition=Q(state__in=["approved", "ordered"]),
                violation_error_message=_("一个批次只有一个方案生效"),
            ),
            models.CheckConstraint(
                name="scenario_made_reviewed_approved_by_three",
                condition=(Q(reviewed_by_id__isnull=True) | ~Q(reviewed_by_id=F("made_by_id")))
                & (
                    Q(approved_by_id__isnull=True)
                    | (~Q(approved_by_id=F("made_by_id")) & ~Q(approved_by_id=F("reviewed_by_id")))
                ),
                violation_error_message=_("编制、复核、审批须由三个人办理"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Basis(models.Model):
    """The inputs a scenario was solved from, frozen: needs, stock, budget, minutes, standards.

    With the scenario's ``position`` in the journal, whoever doubts a number finds what it came
    from. The layout is :class:`disaster.relief.plan.solve.model.Problem`.
    """

    scenario = models.OneToOneField(
        Scenario, models.CASCADE, primary_key=True, verbose_name=_("方案"), related_name="basis"
    )
    problem: Any = models.JSONField(_("冻结的输入"))

    class Meta:
        verbose_name = verbose_name_plural = _("方案依据")

    def __str__(self) -> str:
        return str(self.scenario_id)
