"""Reminders on record: through which channels, to whom, of what, and what became of them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disaster.people import private
from disaster.people.models import Person


class Channel(models.Model):
    """A way to reach people of an area: an apprise address, sealed because it holds keys.

    ``{phone}`` in the address becomes the person's number (an SMS gateway's webhook, for
    example); an address without it is a group (a 企业微信 or 钉钉 robot) that hears of all
    its area's reminders.
    """

    name = models.CharField(_("名称"), max_length=40)
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", db_index=True)
    url_sealed = models.BinaryField(_("地址(加密)"))
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("通知渠道")
        ordering = ["area_code", "order", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """The address in clear."""
        return private.open_sealed(bytes(self.url_sealed))

    @url.setter
    def url(self, text: str) -> None:
        self.url_sealed = private.seal(text)


class Pause(models.Model):
    """The stop switch (停用催报): while one is open, nothing is sent in its area."""

    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    reason = models.CharField(_("原因"), max_length=200)
    since = models.DateTimeField(_("停用时间"))
    by_name = models.CharField(_("停用人"), max_length=40)
    ended_at = models.DateTimeField(_("恢复时间"), null=True, blank=True)
    ended_by = models.CharField(_("恢复人"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("催报停用")
        constraints = [
            models.UniqueConstraint(
                fields=["area_code"],
                condition=Q(ended_at__isnull=True),
                name="reminders_stopped_once",
                violation_error_message=_("催报已经停用"),
            )
        ]

    def __str__(self) -> str:
        return self.reason


class Reminder(models.Model):
    """One person reminded of one cause, once. Rows told in one message share ``at``."""

    class Outcome(models.TextChoices):
        """What became of it."""

        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发出")
        FAILED = "failed", _("发送失败")

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("人员"), db_index=False)
    cause = models.CharField(_("事由"), max_length=90, db_collation="C")
    step = models.CharField(_("层级"), max_length=10)
    event: Any = models.UUIDField(_("灾害过程"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    due_at = models.DateTimeField(_("时限"))
    at = models.DateTimeField(_("催报时间"), db_index=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, default=Outcome.SENDING)
    channel = models.CharField(_("通知渠道"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("催报")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "cause"], name="reminder_once_for_person_and_cause")
        ]
        indexes = [models.Index(fields=["cause"], name="reminder_by_cause")]

    def __str__(self) -> str:
        return self.cause


class Holding(models.Model):
    """A reminder that was held back, with the reason; one row for a person, cause and reason."""

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("人员"), db_index=False)
    cause = models.CharField(_("事由"), max_length=90, db_collation="C")
    why = models.CharField(_("原因"), max_length=10)
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("暂缓催报")
        constraints = [models.UniqueConstraint(fields=["person", "cause", "why"], name="reminder_held_once")]

    def __str__(self) -> str:
        return self.cause
