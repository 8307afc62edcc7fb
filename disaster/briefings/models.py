"""Briefings that were made (灾情专报), and who opened them."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disaster.briefings.subscriptions.models import Subscription, Telling
from disaster.events.models import Event
from disaster.relief.needs.models import Programme
from gis.models import Area, PlacedQuerySet

__all__ = ["Briefing", "Opening", "Subscription", "Telling"]


class Briefing(models.Model):
    """A briefing as of one moment: its number (第×期), its frozen content and its witness.

    ``content`` is what :mod:`disaster.briefings.content` encodes; ``digest`` its SHA-256. A
    briefing is never changed: for another moment another one is made.
    """

    class Kind(models.TextChoices):
        """What it speaks of."""

        EVENT = "event", _("灾情专报")
        RELIEF = "relief", _("救助专报")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveIntegerField(_("期号"))
    title = models.CharField(_("标题"), max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code")
    event = models.ForeignKey(
        Event, models.PROTECT, verbose_name=_("灾害过程"), related_name="+", null=True, blank=True
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, verbose_name=_("批次"), related_name="+", null=True, blank=True
    )
    as_of = models.DateTimeField(_("统计截至"))
    basis = models.CharField(_("口径"), max_length=10)
    signer = models.CharField(_("签发人"), max_length=40, blank=True)
    content = models.BinaryField(_("内容"))
    digest = models.CharField(_("内容散列"), max_length=64)
    made_at = models.DateTimeField(_("编制时间"))
    made_by = models.CharField(_("编制人"), max_length=40)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("专报")
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                name="briefing_numbered_once_a_year",
                fields=["area", "year", "serial"],
                violation_error_message=_("期号已用"),
            ),
            models.CheckConstraint(
                name="briefing_speaks_of_one_thing",
                condition=Q(kind="event", event__isnull=False, programme__isnull=True)
                | Q(kind="relief", event__isnull=True, programme__isnull=False),
                violation_error_message=_("专报须针对一个灾害过程或一个救助批次"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.serial} {self.title}"


class Opening(models.Model):
    """Somebody opened a briefing: as which kind of file, or on the page. Append-only."""

    id = models.BigAutoField(primary_key=True)
    briefing = models.ForeignKey(Briefing, models.PROTECT, verbose_name=_("专报"), related_name="openings")
    form = models.CharField(_("形式"), max_length=8)
    at = models.DateTimeField(_("时间"))
    by_id = models.BigIntegerField(_("阅读人编号"))
    by_name = models.CharField(_("阅读人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("阅读记录")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.briefing_id} {self.form}"
