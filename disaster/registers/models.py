"""The two registers (台账) that stand behind the figures, person by person and home by home.

应急统表8 因灾死亡失踪人口一览表 and 应急统表9 因灾倒塌损坏住房户一览表. Identity numbers and
telephone numbers are sealed (个人信息保护法 Art. 51); an exact identity number is found by its
keyed hash. Nothing is deleted: a row is withdrawn (注销), and every change leaves a version.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disaster.events.models import Event
from disaster.people import private
from gis.models import Area, PlacedQuerySet

Kind = str
"""``casualties`` (应急统表8) or ``homes`` (应急统表9): the part of an address that names a register."""
CASUALTIES, HOMES = "casualties", "homes"


def mask_name(name: str) -> str:
    """Show a name by its first character alone.

    >>> mask_name("张三"), mask_name("欧阳修远")
    ('张*', '欧***')
    """
    return name[:1] + "*" * (len(name) - 1)


class Row(private.SealedIdentity, models.Model):
    """What a row of either register holds. Places are EPSG:4326, money is in yuan."""

    kind: Kind = ""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, verbose_name=_("灾害过程"))
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code")
    name = models.CharField(_("姓名"), max_length=40)
    identity_sealed = models.BinaryField(_("身份证号(加密)"), blank=True, default=bytes)
    identity_hash = models.CharField(_("身份证号索引"), max_length=64, blank=True, editable=False)
    phone_sealed = models.BinaryField(_("联系电话(加密)"), blank=True, default=bytes)
    address = models.CharField(_("住址"), max_length=120, blank=True)
    hazard = models.CharField(_("灾种"), max_length=40)
    occurred_at = models.DateTimeField(_("发生时间"))
    point = models.PointField(_("位置"), srid=4326, null=True, blank=True)
    remarks = models.CharField(_("备注"), max_length=500, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    entered_at = models.DateTimeField(_("登记时间"))
    entered_by = models.CharField(_("登记人"), max_length=40)
    changed_at = models.DateTimeField(_("最后修改时间"))
    withdrawn_at = models.DateTimeField(_("注销时间"), null=True, blank=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return mask_name(self.name)

    @property
    def number(self) -> str:
        """A short number to speak of the row by."""
        return self.id.hex[:8].upper()

    @property
    def phone(self) -> str:
        """The telephone number in clear, with the same caution."""
        return private.open_sealed(bytes(self.phone_sealed)) if self.phone_sealed else ""

    @phone.setter
    def phone(self, number: str) -> None:
        self.phone_sealed = private.seal(number) if number else b""


class Casualty(Row):
    """One person dead, missing, or found alive after having been missing (应急统表8).

    ``area`` is the village the death or disappearance is counted in; ``phone`` is the
    family's. ``capacity`` is what the person was at the time (死亡失踪时身份), ``is_resident``
    False for who does not usually live there (非常住). ``birth_date`` stands only where there
    is no identity number: the number says it, sealed.
    """

    kind = CASUALTIES

    class Status(models.TextChoices):
        """What is known of the person."""

        DEAD = "dead", _("死亡")
        MISSING = "missing", _("失踪")
        ALIVE = "alive", _("生还")

    class Sex(models.TextChoices):
        """GB/T 2261.1."""

        MALE = "male", _("男")
        FEMALE = "female", _("女")

    status = models.CharField(_("状态"), max_length=8, choices=Status)
    sex = models.CharField(_("性别"), max_length=6, choices=Sex)
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    age = models.PositiveSmallIntegerField(_("年龄"), null=True, blank=True)
    ethnicity = models.CharField(_("民族"), max_length=40, blank=True)
    residence = models.CharField(_("户籍所在地"), max_length=120, blank=True)
    is_resident = models.BooleanField(_("常住人口"), default=True)
    place = models.CharField(_("死亡失踪地点"), max_length=120)
    cause = models.CharField(_("死亡失踪原因"), max_length=40)
    capacity = models.CharField(_("死亡失踪时身份"), max_length=40)
    family_contact = models.CharField(_("家属联系人"), max_length=40, blank=True)
    comfort_yuan = models.DecimalField(
        _("抚慰金(元)"), max_digits=12, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = verbose_name_plural = _("因灾死亡失踪人口一览表")
        ordering = ["area", "entered_at", "id"]
        indexes = [models.Index(fields=["event", "area"], name="casualty_by_event")]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "identity_hash"],
                condition=~Q(identity_hash="") & Q(withdrawn_at__isnull=True),
                name="casualty_once_an_event",
                violation_error_message=_("这个身份证号在本过程中已登记"),
            ),
        ]


class DamagedHome(Row):
    """One household whose home collapsed or was damaged (应急统表9). ``name`` is its head's.

    Rooms are 自然间. A household counts once, by its gravest damage (一户整体判定).
    """

    kind = HOMES

    household_types = ArrayField(models.CharField(max_length=40), verbose_name=_("家庭类型"))
    members = models.PositiveSmallIntegerField(_("家庭人口"))
    structure = models.CharField(_("房屋结构"), max_length=40)
    rooms_collapsed = models.PositiveSmallIntegerField(_("倒塌间数"), default=0)
    rooms_severe = models.PositiveSmallIntegerField(_("严重损坏间数"), default=0)
    rooms_slight = models.PositiveSmallIntegerField(_("一般损坏间数"), default=0)
    rebuild_way = models.CharField(_("重建方式"), max_length=40, blank=True)
    rooms_to_rebuild = models.PositiveSmallIntegerField(_("需重建间数"), default=0)
    rooms_to_repair = models.PositiveSmallIntegerField(_("需修缮间数"), default=0)
    subsidy_yuan = models.DecimalField(
        _("补助金额(元)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    insured = models.BooleanField(_("已参加农房保险"), default=False)
    completed_on = models.DateField(_("重建修缮完成日期"), null=True, blank=True)
    photos: Any = ArrayField(
        models.CharField(max_length=64), verbose_name=_("照片"), default=list, blank=True
    )

    class Meta:
        verbose_name = verbose_name_plural = _("因灾倒塌损坏住房户一览表")
        ordering = ["area", "entered_at", "id"]
        indexes = [models.Index(fields=["event", "area"], name="home_by_event")]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "identity_hash"],
                condition=~Q(identity_hash="") & Q(withdrawn_at__isnull=True),
                name="home_once_an_event",
                violation_error_message=_("这个身份证号在本过程中已登记"),
            ),
            models.CheckConstraint(
                name="home_has_damage",
                condition=Q(rooms_collapsed__gt=0) | Q(rooms_severe__gt=0) | Q(rooms_slight__gt=0),
                violation_error_message=_("倒塌、严重损坏、一般损坏间数至少有一项大于0"),
            ),
        ]

    @property
    def damage(self) -> str:
        """The gravest damage, by which the household counts: collapsed, severe or slight."""
        return "collapsed" if self.rooms_collapsed else "severe" if self.rooms_severe else "slight"


class Version(models.Model):
    """What one change made of a row: never changed itself, so any past cutoff can be counted.

    ``counts_as`` is the figure the row adds one to from then on (``dead``, ``missing``,
    ``collapsed``, ``severe``, ``slight``), empty where it counts for nothing: 生还 or 注销.
    ``changes`` holds field → [before, after], private values masked; what a private field
    held before is in ``before_sealed``.
    """

    class Act(models.TextChoices):
        """What was done."""

        ENTERED = "entered", _("登记")
        CHANGED = "changed", _("修改")
        STATUS = "status", _("状态变更")
        WITHDRAWN = "withdrawn", _("注销")
        MOVED = "moved", _("调整所属过程")

    id = models.BigAutoField(primary_key=True)
    row_id = models.UUIDField(_("台账记录"))
    kind = models.CharField(_("台账"), max_length=12, db_collation="C")
    number = models.PositiveIntegerField(_("版本"))
    event = models.ForeignKey(Event, models.PROTECT, verbose_name=_("灾害过程"), related_name="+")
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    counts_as = models.CharField(_("计入"), max_length=10, blank=True, db_collation="C")
    act = models.CharField(_("操作"), max_length=10, choices=Act)
    why = models.CharField(_("原因"), max_length=500, blank=True)
    changes: Any = models.JSONField(_("变更内容"), default=dict)
    before_sealed = models.BinaryField(_("原个人信息(加密)"), blank=True, default=bytes)
    at = models.DateTimeField(_("时间"))
    by_id = models.BigIntegerField(_("操作人编号"))
    by_name = models.CharField(_("操作人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("台账变更记录")
        ordering = ["row_id", "number"]
        indexes = [models.Index(fields=["event", "area_code"], name="version_by_event")]
        constraints = [
            models.UniqueConstraint(fields=["row_id", "number"], name="version_numbers_a_row"),
        ]

    def __str__(self) -> str:
        return f"{self.row_id} {self.number}"


class Reading(models.Model):
    """Somebody saw a row's private data in full, and said why (§8.3: 查看须说明原因并留痕)."""

    id = models.BigAutoField(primary_key=True)
    row_id = models.UUIDField(_("台账记录"), db_index=True)
    kind = models.CharField(_("台账"), max_length=12, db_collation="C")
    why = models.CharField(_("原因"), max_length=500)
    at = models.DateTimeField(_("时间"))
    by_id = models.BigIntegerField(_("查看人编号"))
    by_name = models.CharField(_("查看人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("台账查看记录")
        ordering = ["row_id", "at"]

    def __str__(self) -> str:
        return f"{self.row_id} {self.by_name}"


MODELS: dict[Kind, type[Casualty] | type[DamagedHome]] = {CASUALTIES: Casualty, HOMES: DamagedHome}
"""The model of each register."""
