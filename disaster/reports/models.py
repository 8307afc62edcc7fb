"""灾情报告: every version that was ever filed, and the photos that came with it."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from disaster.events.models import Event
from disaster.people.models import Person
from gis.models import Area


class NextSerial(models.Func):
    """The next serial number of a report, the same for all areas."""

    template = "nextval('reports_serial')"
    output_field = models.BigIntegerField()


class Report(models.Model):
    """One version of one area's report, cumulative since the event began.

    ``series`` joins the versions of one area in one event; the newest one that was not
    returned stands for all of it (:mod:`disaster.reports.totals`). ``superseded_by`` is
    set once a later version names this one (``corrects``); ``crosses`` names a version
    that was filed meanwhile and that the writer did not know. A row is never removed.
    """

    class Kind(models.TextChoices):
        """初报, 续报, 核报 and 零报告 of the statutory reporting system."""

        FIRST = "first", _("初报")
        FOLLOWUP = "followup", _("续报")
        VERIFIED = "verified", _("核报")
        ZERO = "zero", _("零报告")

    class State(models.TextChoices):
        """How far the report has come at the bureau."""

        STORED = "stored", _("已到市局")
        SEEN = "seen", _("已阅")
        PASSED = "passed", _("乡镇已审")
        RETURNED = "returned", _("退回")
        APPROVED = "approved", _("县级核定")

    id = models.UUIDField(primary_key=True, editable=False)
    serial = models.BigIntegerField(_("序号"), db_default=NextSerial())
    number = models.CharField(_("报告编号"), max_length=40, unique=True, db_collation="C")
    digest = models.BinaryField(_("内容散列"), max_length=32)
    series = models.UUIDField(_("系列"))
    # Each index costs every report: those that Django would add stand first in the ones below.
    event = models.ForeignKey(
        Event, models.PROTECT, verbose_name=_("灾害过程"), null=True, blank=True, db_index=False
    )
    area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code", db_index=False
    )
    kind = models.CharField(_("报告种类"), max_length=10, choices=Kind)
    hazard = models.CharField(_("灾种"), max_length=40)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.STORED)
    remark = models.CharField(_("退回意见"), max_length=500, blank=True)
    author = models.ForeignKey(Person, models.PROTECT, verbose_name=_("报告人"), db_index=False)
    author_name = models.CharField(_("报告人姓名"), max_length=40)
    corrects = models.UUIDField(_("更正的版本"), null=True, blank=True)
    crosses = models.UUIDField(_("同时修改的版本"), null=True, blank=True)
    superseded_by = models.UUIDField(_("被更新为"), null=True, blank=True)

    occurred_at = models.DateTimeField(_("发生时间"))
    discovered_at = models.DateTimeField(_("发现时间"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"))
    received_at = models.DateTimeField(_("接收时间"))
    seen_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)
    passed_at = models.DateTimeField(_("乡镇审核时间"), null=True, blank=True)
    passed_by = models.CharField(_("乡镇审核人"), max_length=40, blank=True)
    approved_at = models.DateTimeField(_("县级核定时间"), null=True, blank=True)
    approved_by = models.CharField(_("县级核定人"), max_length=40, blank=True)
    returned_at = models.DateTimeField(_("退回时间"), null=True, blank=True)
    returned_by = models.CharField(_("退回人"), max_length=40, blank=True)
    returned_fields: Any = ArrayField(
        models.CharField(max_length=60), verbose_name=_("退回指标"), default=list
    )
    proxy: Any = models.JSONField(_("代报"), null=True, blank=True)
    clock_skew_s = models.FloatField(_("手机时钟偏差(秒)"))

    point = models.PointField(_("位置"), srid=4326, null=True, blank=True)
    raw_lon = models.FloatField(_("原始经度"), null=True, blank=True)
    raw_lat = models.FloatField(_("原始纬度"), null=True, blank=True)
    datum = models.CharField(_("坐标系"), max_length=8, blank=True)
    method = models.CharField(_("定位方式"), max_length=8, blank=True)
    accuracy_m = models.FloatField(_("精度(米)"), null=True, blank=True)
    age_s = models.FloatField(_("定位距提交(秒)"), null=True, blank=True)
    placed_in = models.CharField(_("位置所在村"), max_length=12, db_collation="C", blank=True)

    figures: Any = models.JSONField(_("指标"), default=dict)
    entered: Any = models.JSONField(_("原始填报"), default=dict)
    text = models.TextField(_("文字说明"), blank=True)
    notes: Any = models.JSONField(_("核实说明"), default=dict)
    photos: Any = ArrayField(models.CharField(max_length=64), verbose_name=_("照片"), default=list)
    voices: Any = ArrayField(models.CharField(max_length=64), verbose_name=_("语音"), default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("灾情报告")
        indexes = [
            models.Index(fields=["series", "serial"], name="report_versions"),
            models.Index(fields=["area", "-serial"], name="report_by_area"),
            models.Index(fields=["event", "area"], name="report_by_event"),
            # Numbers are given in the order of writing: one small entry for many pages finds them.
            BrinIndex(fields=["serial"], name="report_by_serial", pages_per_range=16, autosummarize=True),
            models.Index(
                fields=["superseded_by"], condition=Q(superseded_by__isnull=False), name="report_superseded"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="report_returned_with_a_remark",
                condition=~Q(state="returned") | ~Q(remark=""),
                violation_error_message=_("退回须写明意见"),
            ),
            models.CheckConstraint(
                name="report_place_is_whole",
                condition=Q(point__isnull=True, raw_lon__isnull=True, raw_lat__isnull=True, datum="")
                | (Q(point__isnull=False, raw_lon__isnull=False, raw_lat__isnull=False) & ~Q(datum="")),
                violation_error_message=_("位置、原始坐标和坐标系必须同时填写"),
            ),
            models.CheckConstraint(
                name="report_does_not_replace_itself",
                condition=(Q(superseded_by__isnull=True) | ~Q(superseded_by=F("id")))
                & (Q(corrects__isnull=True) | ~Q(corrects=F("id"))),
                violation_error_message=_("报告不能更正自己"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Move(models.Model):
    """A report's passage from one event to another: events merged or parted again, split, or found later.

    The report's own columns say where it is now; these rows say where it was before, so
    that a table as of an earlier cutoff stays what it was.
    """

    class Cause(models.TextChoices):
        """Why it moved."""

        MERGED = "merged", _("过程合并")
        SPLIT = "split", _("过程拆分")
        ASSIGNED = "assigned", _("归入过程")
        UNMERGED = "unmerged", _("撤销合并")

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(
        Report, models.PROTECT, verbose_name=_("灾情报告"), related_name="moves", db_index=False
    )
    at = models.DateTimeField(_("时间"))
    cause = models.CharField(_("原因"), max_length=10, choices=Cause)
    from_event = models.ForeignKey(
        Event, models.PROTECT, verbose_name=_("原过程"), null=True, related_name="+"
    )
    from_series = models.UUIDField(_("原系列"))
    to_event = models.ForeignKey(Event, models.PROTECT, verbose_name=_("新过程"), related_name="+")
    to_series = models.UUIDField(_("新系列"))
    by_name = models.CharField(_("操作人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("报告归属调整")
        indexes = [models.Index(fields=["report", "at"], name="move_by_report")]

    def __str__(self) -> str:
        return f"{self.report_id} → {self.to_event_id}"


class Claim(models.Model):
    """Who is reviewing a series now, and until when: a lease that ends by itself."""

    series = models.UUIDField(_("系列"), primary_key=True)
    holder = models.ForeignKey(Person, models.CASCADE, verbose_name=_("审核人"))
    holder_name = models.CharField(_("审核人姓名"), max_length=40)
    since = models.DateTimeField(_("开始时间"))
    until = models.DateTimeField(_("占用至"))
    taken_from = models.CharField(_("接手自"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("审核占用")

    def __str__(self) -> str:
        return self.holder_name


class Photo(models.Model):
    """A photo of a report, re-encoded; what its EXIF said is kept here, not in the file.

    ``hash`` is the SHA-256 of the bytes as the phone sent them. ``far_m`` is how many metres
    from the report's place it was taken, ``hours_off`` how many hours outside the time from
    the disaster to the filing; null where the photo does not tell.
    """

    report = models.ForeignKey(
        Report, models.PROTECT, verbose_name=_("灾情报告"), related_name="stored_photos"
    )
    hash = models.CharField(_("散列"), max_length=64)
    width = models.PositiveIntegerField(_("宽"))
    height = models.PositiveIntegerField(_("高"))
    taken_at = models.CharField(_("拍摄时间"), max_length=32, blank=True)
    taken_point = models.PointField(_("拍摄位置"), srid=4326, null=True, blank=True)
    far_m = models.PositiveIntegerField(_("距报告位置(米)"), null=True, blank=True)
    hours_off = models.FloatField(_("时间相差(小时)"), null=True, blank=True)
    stored_at = models.DateTimeField(_("存入时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("照片")
        constraints = [
            models.UniqueConstraint(fields=["report", "hash"], name="photo_once_in_a_report"),
            models.CheckConstraint(
                name="photo_hash_is_sha256",
                condition=Q(hash__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("照片散列格式不对"),
            ),
        ]
        indexes = [models.Index(fields=["hash"], name="photo_by_hash")]

    def __str__(self) -> str:
        return self.hash[:12]


class Voice(models.Model):
    """A voice note of a report, kept as it came; ``hash`` is the SHA-256 of its bytes."""

    report = models.ForeignKey(
        Report, models.PROTECT, verbose_name=_("灾情报告"), related_name="stored_voices"
    )
    hash = models.CharField(_("散列"), max_length=64)
    mime = models.CharField(_("格式"), max_length=16)
    bytes = models.PositiveIntegerField(_("大小(字节)"))
    stored_at = models.DateTimeField(_("存入时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("语音说明")
        constraints = [
            models.UniqueConstraint(fields=["report", "hash"], name="voice_once_in_a_report"),
            models.CheckConstraint(
                name="voice_hash_is_sha256",
                condition=Q(hash__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("照片散列格式不对"),
            ),
        ]
        indexes = [models.Index(fields=["hash"], name="voice_by_hash")]

    def __str__(self) -> str:
        return self.hash[:12]
