"""灾害过程: what happened, from its beginning to its end."""

from __future__ import annotations

import uuid
from datetime import datetime
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
    """One disaster event (灾害过程) of an area; reports are cumulative inside it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    hazard = models.CharField(_("灾种"), max_length=40)
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", db_index=True)
    started_at = models.DateTimeField(_("开始时间"))
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

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


class EventView(msgspec.Struct, frozen=True, tag_field="object", tag="event"):
    """An event as the feed and the snapshot show it."""

    id: UUID
    name: str
    hazard: str
    area: str
    state: str
    started_at: datetime
    closed_at: datetime | None


def view(event: Event) -> EventView:
    """Show an event."""
    return EventView(
        id=event.id,
        name=event.name,
        hazard=event.hazard,
        area=event.area_code,
        state="open" if event.is_open else "closed",
        started_at=event.started_at,
        closed_at=event.closed_at,
    )
