"""灾害过程: what happened, from its beginning to its end."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gis.models import PlacedQuerySet


class EventQuerySet(PlacedQuerySet):
    """Events, by the area they concern."""

    code_field = "area_code"


class Event(models.Model):
    """One disaster event (灾害过程) of an area; reports are cumulative inside it.

    ``hazard`` is the main one: where hazards concur, only the main hazard is reported
    (应急〔2020〕19号). ``stable_at`` is when the disaster had become stable (灾情稳定): daily
    reports end there and the 核报 clock begins. An event merged into another is closed,
    and its reports have moved (:class:`disaster.reports.models.Move`).
    """

    class Origin(models.TextChoices):
        """How the event came to be opened."""

        HAND = "hand", _("人工启动")
        WARNING = "warning", _("预警启动")
        PROPOSED = "proposed", _("系统提示")
        SPLIT = "split", _("拆分")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    hazard = models.CharField(_("灾种"), max_length=40)
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", db_index=True)
    started_at = models.DateTimeField(_("开始时间"))
    stable_at = models.DateTimeField(_("灾情稳定时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    origin = models.CharField(_("来源"), max_length=10, choices=Origin, default=Origin.HAND)
    warning = models.CharField(_("所据预警"), max_length=120, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("并入的过程"), null=True, blank=True, related_name="merged"
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("灾害过程")
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                name="event_ends_after_it_starts",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("started_at")),
                violation_error_message=_("结束时间不能早于开始时间"),
            ),
            models.CheckConstraint(
                name="event_stable_after_it_starts",
                condition=Q(stable_at__isnull=True) | Q(stable_at__gte=F("started_at")),
                violation_error_message=_("灾情稳定时间不能早于开始时间"),
            ),
            models.CheckConstraint(
                name="event_merged_is_closed",
                condition=Q(merged_into__isnull=True)
                | (Q(closed_at__isnull=False) & ~Q(merged_into=F("id"))),
                violation_error_message=_("并入其他过程后须结束"),
            ),
            models.CheckConstraint(
                name="event_area_code_is_12_digits",
                condition=Q(area_code__regex=r"^[0-9]{12}$"),
                violation_error_message=_("区划代码须为12位数字"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Reports are still expected."""
        return self.closed_at is None


class Proposal(models.Model):
    """A possible event: reports outside any event that lie close in space and time.

    The system only points; a person of the bureau opens an event from it or dismisses it.
    """

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("待确认")
        CONFIRMED = "confirmed", _("已立项")
        DISMISSED = "dismissed", _("不予立项")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", db_index=True)
    hazard = models.CharField(_("灾种"), max_length=40)
    reports: Any = models.JSONField(_("所据报告"), default=list)
    first_at = models.DateTimeField(_("最早发生时间"))
    last_at = models.DateTimeField(_("最晚发生时间"))
    found_at = models.DateTimeField(_("提示时间"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    event = models.ForeignKey(Event, models.PROTECT, verbose_name=_("灾害过程"), null=True, blank=True)
    decided_by = models.CharField(_("确认人"), max_length=40, blank=True)
    decided_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("灾害过程提示")
        ordering = ["-found_at"]

    def __str__(self) -> str:
        return f"{self.hazard} {self.first_at:%m-%d %H:%M}"


class Response(models.Model):
    """An emergency response (应急响应) of one level, started and ended by human decision.

    The system only advises; ``basis`` keeps what the advice rested on (rule, figures,
    cutoff) at the moment of the decision. Levels 1 (一级, gravest) to 4.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, verbose_name=_("灾害过程"), related_name="responses")
    area_code = models.CharField(_("响应范围"), max_length=12, db_collation="C", db_index=True)
    level = models.PositiveSmallIntegerField(_("响应级别"))
    number = models.CharField(_("启动文号"), max_length=60)
    started_at = models.DateTimeField(_("启动时间"))
    started_by = models.CharField(_("启动登记人"), max_length=40)
    measures = models.TextField(_("措施"), blank=True)
    basis: Any = models.JSONField(_("依据"), default=dict)
    end_number = models.CharField(_("终止文号"), max_length=60, blank=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    ended_by = models.CharField(_("终止登记人"), max_length=40, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("应急响应")
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                name="response_level_is_1_to_4",
                condition=Q(level__gte=1, level__lte=4),
                violation_error_message=_("响应级别须为一级至四级"),
            ),
            models.CheckConstraint(
                name="response_ends_after_it_starts",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                violation_error_message=_("终止时间不能早于启动时间"),
            ),
            models.UniqueConstraint(
                fields=["event", "area_code"],
                condition=Q(ended_at__isnull=True),
                name="response_one_at_a_time",
                violation_error_message=_("这个范围已有响应在进行"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class EventView(msgspec.Struct, frozen=True, tag_field="object", tag="event"):
    """An event as the feed and the snapshot show it."""

    id: UUID
    name: str
    hazard: str
    area: str
    state: str
    started_at: datetime
    stable_at: datetime | None
    closed_at: datetime | None
    merged_into: UUID | None


def view(event: Event) -> EventView:
    """Show an event."""
    return EventView(
        id=event.id,
        name=event.name,
        hazard=event.hazard,
        area=event.area_code,
        state="open" if event.is_open else "merged" if event.merged_into_id else "closed",
        started_at=event.started_at,
        stable_at=event.stable_at,
        closed_at=event.closed_at,
        merged_into=event.merged_into_id,
    )
