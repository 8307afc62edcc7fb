"""Public notices (公示): what a village hangs on its wall, for how long, and the proof that it hung there."""

from __future__ import annotations

import secrets
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from disaster.relief.needs.models import Application, Programme
from gis.models import Area, PlacedQuerySet

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Letters and digits that nobody mistakes for another when reading them aloud."""


def new_code() -> str:
    """Make the ten characters by which a notice's objections are addressed: 49 bits, not to be guessed."""
    return "".join(secrets.choice(_LETTERS) for _ in range(10))


class Notice(models.Model):
    """One notice of one village in one programme (榜): who is meant to get what, or who has got it.

    It runs from ``from_on`` to ``until_on``, both included; the days were counted by the rules of
    the day it was posted (``days``, ``is_working``). The day of posting does not count (民法典
    Art. 201). A photograph that was taken later than ``from_on`` moves both: a notice nobody could
    have read does not run. ``over_at`` is when its applications went on, ``down_at`` when it was
    taken down before that.
    """

    class Stage(models.TextChoices):
        """What it tells: the village's assessment (条例 Art. 20), or what was issued (Art. 26)."""

        ASSESSED = "assessed", _("评议公示")
        ISSUED = "issued", _("发放公示")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("公示号"), max_length=20, unique=True)
    code = models.CharField(_("公示码"), max_length=10, unique=True, default=new_code, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("批次"), related_name="notices")
    area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("行政村"), db_column="area_code", related_name="+"
    )
    stage = models.CharField(_("公示环节"), max_length=10, choices=Stage)
    round = models.PositiveSmallIntegerField(_("榜次"), default=1)
    days = models.PositiveSmallIntegerField(_("公示天数"))
    is_working = models.BooleanField(_("按工作日计算"), default=False)
    from_on = models.DateField(_("公示起"))
    until_on = models.DateField(_("公示止"))
    phone = models.CharField(_("监督电话"), max_length=40)
    office = models.CharField(_("受理单位"), max_length=60, blank=True)
    posted_at = models.DateTimeField(_("张贴时间"))
    posted_by_id = models.BigIntegerField(_("张贴人编号"))
    posted_by = models.CharField(_("张贴人"), max_length=40)
    over_at = models.DateTimeField(_("期满办结时间"), null=True, blank=True)
    over_by = models.CharField(_("期满办结人"), max_length=40, blank=True)
    down_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)
    down_by = models.CharField(_("撤下人"), max_length=40, blank=True)
    down_why = models.CharField(_("撤下原因"), max_length=200, blank=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("公示")
        ordering = ["-posted_at", "number"]
        indexes = [models.Index(fields=["programme", "area", "stage"], name="notice_by_village")]
        constraints = [
            models.UniqueConstraint(
                name="notice_round_once",
                fields=["programme", "area", "stage", "round"],
                violation_error_message=_("这个村本批次已有这一榜"),
            ),
            models.CheckConstraint(
                name="notice_runs_for_days",
                condition=Q(until_on__gt=F("from_on")),
                violation_error_message=_("公示止须晚于公示起"),
            ),
            models.CheckConstraint(
                name="notice_taken_down_with_a_reason",
                condition=Q(down_at__isnull=True, down_why="")
                | Q(down_at__isnull=False, over_at__isnull=True) & ~Q(down_why=""),
                violation_error_message=_("撤下公示须写明原因"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Entry(models.Model):
    """One line of a notice: an application as it was posted. What the paper says is what the page says.

    ``category`` is the gravest key of the household's types; the public sees a coarser word for it.
    ``offered`` is what it is to get or has got: ``fen``, ``grain_kg``, ``clothing``, or an item's key
    → whole units. The name is not copied: it is masked by the rule in force whenever it is shown.
    ``is_current`` is the application's newest line of its stage; only that one is shown.
    """

    id = models.BigAutoField(primary_key=True)
    notice = models.ForeignKey(Notice, models.PROTECT, verbose_name=_("公示"), related_name="entries")
    application = models.ForeignKey(
        Application, models.PROTECT, verbose_name=_("申请"), related_name="entries"
    )
    stage = models.CharField(_("公示环节"), max_length=10, choices=Notice.Stage)
    place = models.PositiveSmallIntegerField(_("序号"))
    group = models.CharField(_("村民小组"), max_length=20, blank=True)
    members = models.PositiveSmallIntegerField(_("家庭人口(人)"))
    persons = models.PositiveSmallIntegerField(_("救助人口(人)"))
    category = models.CharField(_("家庭类型"), max_length=40, blank=True)
    offered = models.JSONField(_("救助内容"), default=dict)
    is_current = models.BooleanField(_("当前公示"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("公示名单")
        ordering = ["notice", "place"]
        constraints = [
            models.UniqueConstraint(name="entry_place_once", fields=["notice", "place"]),
            models.UniqueConstraint(name="entry_once_a_notice", fields=["notice", "application"]),
            models.UniqueConstraint(
                name="one_current_entry_a_stage",
                fields=["application", "stage"],
                condition=Q(is_current=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.place}"


class NoticePhoto(models.Model):
    """A photograph of the posted paper, dated: by its EXIF, or, where it has none, by whoever brought it.

    The picture lies in the private store under its hash, written anew without what the camera wrote.
    """

    id = models.BigAutoField(primary_key=True)
    notice = models.ForeignKey(Notice, models.PROTECT, verbose_name=_("公示"), related_name="photos")
    hash = models.CharField(_("照片指纹"), max_length=64)
    width = models.PositiveIntegerField(_("宽"))
    height = models.PositiveIntegerField(_("高"))
    taken_on = models.DateField(_("拍摄日期"))
    taken_at = models.CharField(_("照片拍摄时间"), max_length=32, blank=True)
    is_stated = models.BooleanField(_("日期由上传人填写"), default=False)
    stored_at = models.DateTimeField(_("上传时间"))
    by_id = models.BigIntegerField(_("上传人编号"))
    by_name = models.CharField(_("上传人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("公示照片")
        ordering = ["notice", "taken_on", "id"]
        constraints = [models.UniqueConstraint(name="photo_once_a_notice", fields=["notice", "hash"])]

    def __str__(self) -> str:
        return self.hash[:12]
