"""Subscriptions (订阅) and what was told upon them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disaster.people.models import Person
from gis.models import Area


class Subscription(models.Model):
    """A person wants a briefing of an area: each morning, or when a threshold is hit.

    ``figure`` is an indicator's key and ``limit`` what it has to reach; for ``response`` the limit is
    the level of the thresholds of response (1 gravest) that has to be reached. Ended, never deleted.
    """

    class Kind(models.TextChoices):
        """What the briefing speaks of: every event in force there, or every running programme."""

        EVENT = "event", _("进行中的灾害过程")
        RELIEF = "relief", _("进行中的救助批次")

    class Trigger(models.TextChoices):
        """When it is sent."""

        DAILY = "daily", _("每天早上")
        FIGURE = "figure", _("指标达到")
        RESPONSE = "response", _("达到响应条件")

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("订阅人"), related_name="+")
    kind = models.CharField(_("内容"), max_length=8, choices=Kind)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code")
    trigger = models.CharField(_("时机"), max_length=8, choices=Trigger)
    figure = models.CharField(_("指标"), max_length=40, blank=True)
    limit = models.DecimalField(_("阈值"), max_digits=14, decimal_places=2, default=0)
    made_at = models.DateTimeField(_("订阅时间"))
    ended_at = models.DateTimeField(_("取消时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("专报订阅")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="subscribed_once",
                fields=["person", "kind", "area", "trigger", "figure", "limit"],
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("已经订阅过了"),
            ),
            models.CheckConstraint(
                name="subscription_by_figures_is_of_events",
                condition=Q(trigger="daily", figure="", limit=0)
                | Q(kind="event", trigger="figure", limit__gt=0) & ~Q(figure="")
                | Q(kind="event", trigger="response", figure="", limit__in=[1, 2, 3, 4]),
                violation_error_message=_("按阈值订阅须有指标和数值,且只能是灾害过程"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.area_id} {self.trigger}"


class Telling(models.Model):
    """One person told of one cause on one day, once; or held back, and told later the same day.

    ``value`` is what a figure had reached (a level, for a response): the next day only more is news.
    """

    class Outcome(models.TextChoices):
        """What became of it."""

        HELD = "held", _("暂缓")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发出")
        FAILED = "failed", _("发送失败")

    id = models.BigAutoField(primary_key=True)
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, verbose_name=_("订阅"), related_name="tellings"
    )
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("收件人"), related_name="+")
    cause = models.CharField(_("事由"), max_length=120, db_collation="C")
    day = models.DateField(_("日期"))
    value = models.DecimalField(_("达到的数值"), max_digits=14, decimal_places=2, null=True)
    briefing = models.ForeignKey(
        "briefings.Briefing", models.PROTECT, verbose_name=_("专报"), related_name="tellings", null=True
    )
    at = models.DateTimeField(_("时间"), db_index=True)
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome)
    channel = models.CharField(_("通知渠道"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("专报送达记录")
        ordering = ["-at", "id"]
        constraints = [models.UniqueConstraint(name="told_once_a_day", fields=["person", "cause", "day"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.cause}"
