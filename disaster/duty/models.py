"""The duty desk on record: telephone calls, and what :mod:`disaster.duty.reminders` keeps."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from disaster.duty.reminders.models import Channel, Holding, Pause, Reminder
from disaster.events.models import Event

__all__ = ["Call", "Channel", "Holding", "Pause", "Reminder"]


class Call(models.Model):
    """A telephone call of the desk (电话记录, 电话速报): who, to whom, when, what was said.

    A call to a village that brings figures is filed as a report with ``proxy`` besides;
    a call upward (越级同报, 30 minutes by telephone) is proven by this row.
    """

    class Direction(models.TextChoices):
        """Who was called."""

        DOWN = "down", _("向下(催报、询问)")
        UP = "up", _("向上(电话速报)")
        IN = "in", _("来电")

    class Outcome(models.TextChoices):
        """What came of it."""

        REACHED = "reached", _("已接通")
        NO_ANSWER = "no_answer", _("无人接听")
        REFUSED = "refused", _("号码有误或拒接")
        DIALLED = "dialled", _("查看号码")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    direction = models.CharField(_("方向"), max_length=4, choices=Direction, default=Direction.DOWN)
    caller = models.CharField(_("主叫"), max_length=40)
    callee = models.CharField(_("被叫"), max_length=40)
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    event = models.ForeignKey(Event, models.PROTECT, verbose_name=_("灾害过程"), null=True, blank=True)
    at = models.DateTimeField(_("通话时间"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome)
    content = models.TextField(_("通话内容"), blank=True)
    report: Any = models.UUIDField(_("灾情报告"), null=True, blank=True)
    by_name = models.CharField(_("记录人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("电话记录")
        ordering = ["-at"]
        indexes = [models.Index(fields=["area_code", "-at"], name="call_by_area")]

    def __str__(self) -> str:
        return f"{self.caller} → {self.callee}"
