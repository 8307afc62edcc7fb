"""What others warned of, who brought it, what the villages were told and what they answered."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disaster.people.models import Person
from gis.models import Area, HazardZone, PlacedQuerySet


class CodedQuerySet(PlacedQuerySet):
    """Rows that name their area by code alone."""

    code_field = "area_code"


class AlertToken(models.Model):
    """The right of a named feeder (气象台, 12379 …) to bring alerts for an area.

    Only the SHA-256 of the token is kept: it has 256 random bits, so that guessing or undoing
    the hash is hopeless. ``hint`` are its first letters, to tell tokens apart and to find the row.
    """

    name = models.CharField(_("来源单位"), max_length=30)
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    hint = models.CharField(_("令牌前缀"), max_length=8, unique=True, editable=False, db_collation="C")
    digest = models.BinaryField(_("散列"), max_length=32, editable=False)
    made_at = models.DateTimeField(_("发放时间"), editable=False)
    made_by = models.CharField(_("发放人"), max_length=40, editable=False)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True, editable=False)
    used_at = models.DateTimeField(_("最近使用"), null=True, blank=True, editable=False)
    minute = models.DateTimeField(_("计数起始"), null=True, blank=True, editable=False)
    in_minute = models.PositiveIntegerField(_("本分钟次数"), default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("预警接入令牌")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="token_area_code_is_12_digits",
                condition=Q(area_code__regex=r"^[0-9]{12}$"),
                violation_error_message=_("区划代码须为12位数字"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.hint}…"


class Alert(models.Model):
    """An alert of somebody else (预警信息), kept as it came and relayed with issuer and time.

    ``state`` is what became of it here. A cancellation is a row of its own, ``done`` from the
    beginning; exercises and tests are ``drill``: shown as such, threatening nobody.
    """

    class State(models.TextChoices):
        """What became of it."""

        ACTIVE = "active", _("生效")
        REPLACED = "replaced", _("已更新")
        CANCELLED = "cancelled", _("已解除")
        EXPIRED = "expired", _("已过期")
        DONE = "done", _("解除通知")
        DRILL = "drill", _("演练或测试")

    class Way(models.TextChoices):
        """How it came."""

        POST = "post", _("接口推送")
        FOLDER = "folder", _("文件夹")
        URL = "url", _("网址轮询")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    identifier = models.CharField(_("预警标识"), max_length=200, db_collation="C")
    sender = models.CharField(_("发布者"), max_length=200)
    sent = models.DateTimeField(_("发布时间"))
    standard = models.CharField(_("标准"), max_length=4)
    status = models.CharField(_("状态(原文)"), max_length=10)
    msg_type = models.CharField(_("类型(原文)"), max_length=10)
    references: Any = models.JSONField(_("所指预警"), default=list)
    issuer = models.CharField(_("发布单位"), max_length=200)
    headline = models.CharField(_("标题"), max_length=300)
    description = models.TextField(_("内容"), blank=True)
    instruction = models.TextField(_("防御指南"), blank=True)
    event = models.CharField(_("事件"), max_length=100, blank=True)
    event_code = models.CharField(_("事件代码"), max_length=12, blank=True)
    level = models.CharField(_("级别"), max_length=8, choices=HazardZone.Level, blank=True)
    effective = models.DateTimeField(_("生效时间"))
    onset = models.DateTimeField(_("预计开始"), null=True, blank=True)
    expires = models.DateTimeField(_("失效时间"), null=True, blank=True)
    places = models.TextField(_("范围描述"), blank=True)
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    raw = models.BinaryField(_("原文"))
    digest = models.BinaryField(_("内容散列"), max_length=32)
    received_at = models.DateTimeField(_("接收时间"))
    way = models.CharField(_("接入方式"), max_length=8, choices=Way)
    feeder = models.CharField(_("接入来源"), max_length=40)
    state = models.CharField(_("处理状态"), max_length=10, choices=State)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("更新为"), null=True, blank=True, related_name="replaced"
    )
    zones = models.ManyToManyField(HazardZone, verbose_name=_("危险区"), blank=True, related_name="alerts")

    objects = CodedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("预警")
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(fields=["identifier", "sender"], name="alert_once"),
            models.CheckConstraint(
                name="alert_area_code_is_12_digits",
                condition=Q(area_code__regex=r"^[0-9]{12}$"),
                violation_error_message=_("区划代码须为12位数字"),
            ),
        ]
        indexes = [
            models.Index(fields=["area_code", "-received_at"], name="alert_by_area"),
            models.Index(fields=["expires"], name="alert_in_force", condition=Q(state="active")),
        ]

    def __str__(self) -> str:
        return self.headline


class Fetched(models.Model):
    """What an address gave last, so that it is asked only for news (ETag, If-Modified-Since).

    ``version`` is what the index said of an entry (its ``updated``); one alert is read once.
    """

    url = models.CharField(_("网址"), max_length=1000, unique=True, db_collation="C")
    etag = models.CharField(_("版本标记(ETag)"), max_length=200, blank=True)
    modified = models.CharField(_("修改时间(原文)"), max_length=60, blank=True)
    version = models.CharField(_("版本"), max_length=100, blank=True)
    at = models.DateTimeField(_("时间"))
    told = models.CharField(_("结果"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("预警网址")

    def __str__(self) -> str:
        return self.url


class Notice(models.Model):
    """One village told of one zone (预警通知). ``answer`` is the newest of its confirmations.

    A notice is closed when the zone is lifted or has run out, or when a later one takes its place.
    """

    class Answer(models.TextChoices):
        """What the village said last."""

        SENT = "sent", _("未回复")
        RECEIVED = "received", _("已收到")
        MOVED = "moved", _("已转移")
        HELP = "help", _("需要支援")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    zone = models.ForeignKey(HazardZone, models.PROTECT, verbose_name=_("危险区"), related_name="notices")
    alert = models.ForeignKey(Alert, models.PROTECT, verbose_name=_("预警"), null=True, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("村(社区)"), db_column="area_code")
    people = models.PositiveIntegerField(_("受威胁人数(估算)"), default=0)
    kind = models.CharField(_("种类"), max_length=16, choices=HazardZone.Kind)
    level = models.CharField(_("级别"), max_length=8, choices=HazardZone.Level)
    headline = models.CharField(_("标题"), max_length=300)
    instruction = models.TextField(_("要求"), blank=True)
    issuer = models.CharField(_("发布单位"), max_length=200)
    issued_at = models.DateTimeField(_("发布时间"))
    sent_at = models.DateTimeField(_("通知时间"))
    sent_by = models.CharField(_("通知人"), max_length=40)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    answer = models.CharField(_("回复"), max_length=10, choices=Answer, default=Answer.SENT)
    persons = models.PositiveIntegerField(_("转移人数"), null=True, blank=True)
    words = models.CharField(_("说明"), max_length=500, blank=True)
    answered_by = models.CharField(_("回复人"), max_length=40, blank=True)
    answered_at = models.DateTimeField(_("回复时间"), null=True, blank=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("预警通知")
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "area"], condition=Q(closed_at__isnull=True), name="notice_open_once"
            )
        ]
        indexes = [models.Index(fields=["area", "-sent_at"], name="notice_by_area")]

    def __str__(self) -> str:
        return self.headline


class Confirmation(models.Model):
    """What one person said to a notice (回执). The id is made on the phone: sent twice, kept once."""

    id = models.UUIDField(primary_key=True)
    notice = models.ForeignKey(
        Notice, models.PROTECT, verbose_name=_("预警通知"), related_name="confirmations"
    )
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("人员"))
    answer = models.CharField(_("回复"), max_length=10, choices=Notice.Answer)
    persons = models.PositiveIntegerField(_("转移人数"), null=True, blank=True)
    words = models.CharField(_("说明"), max_length=500, blank=True)
    said_at = models.DateTimeField(_("回复时间"))
    received_at = models.DateTimeField(_("接收时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("预警回执")
        ordering = ["said_at"]

    def __str__(self) -> str:
        return f"{self.answer} {self.said_at:%m-%d %H:%M}"


class Delivery(models.Model):
    """A notice on its way to one person through the channels of reminders (短信、企业微信 …)."""

    class Outcome(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("待发")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发出")
        FAILED = "failed", _("发送失败")

    notice = models.ForeignKey(Notice, models.PROTECT, verbose_name=_("预警通知"), related_name="deliveries")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("人员"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, default=Outcome.WAITING)
    channel = models.CharField(_("通知渠道"), max_length=40, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("预警发送")
        constraints = [models.UniqueConstraint(fields=["notice", "person"], name="delivery_once")]
        indexes = [models.Index(fields=["at"], name="delivery_waiting", condition=Q(outcome="waiting"))]

    def __str__(self) -> str:
        return self.outcome
