"""The household register (救助对象台账) and the programmes (批次) it is used for. EPSG:4326."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from disaster.events.models import Event
from disaster.people import private
from gis.models import Area, PlacedQuerySet


class Programme(models.Model):
    """One round of help of one kind (救助批次) in one county; nobody is helped twice for one need window.

    ``starts_on`` to ``ends_on`` is the window the need is in (冬春: December to May).
    """

    class Kind(models.TextChoices):
        """What it is for (救助类型); the letters are the provincial system's."""

        WINTER = "DC", _("冬春救助")
        EMERGENCY = "YJ", _("应急救助")
        TRANSITION = "GD", _("过渡期救助")
        REBUILD = "CJ", _("民房恢复重建")
        COMFORT = "SW", _("遇难人员家属抚慰")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("批次号"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("救助类型"), max_length=2, choices=Kind)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code")
    event = models.ForeignKey(
        Event, models.PROTECT, verbose_name=_("灾害过程"), related_name="+", null=True, blank=True
    )
    starts_on = models.DateField(_("救助期起"))
    ends_on = models.DateField(_("救助期止"))
    opened_at = models.DateTimeField(_("设立时间"))
    opened_by = models.CharField(_("设立人"), max_length=40)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("救助批次")
        ordering = ["-opened_at", "number"]
        constraints = [
            models.CheckConstraint(
                name="programme_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("救助期止不能早于救助期起"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Household(private.SealedIdentity, models.Model):
    """A household that may be helped (户档案, 应急统表10): its head, its size, how it stands.

    ``types`` are keys of the code list ``household_type``; the statutory form takes the gravest.
    ``name`` is the head's. Identity number, telephone and bank card are sealed. While
    ``card_refused_why`` is set the bank has refused the card (退票): nothing can be paid to it.
    """

    class State(models.TextChoices):
        """Whether it still lives here."""

        LIVING = "living", _("在册")
        DECEASED = "deceased", _("户主死亡")
        MOVED = "moved", _("迁出")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政村"), db_column="area_code")
    group = models.CharField(_("村民小组"), max_length=20, blank=True)
    name = models.CharField(_("户主姓名"), max_length=40)
    identity_sealed = models.BinaryField(_("身份证号(加密)"), blank=True, default=bytes)
    identity_hash = models.CharField(
        _("身份证号索引"), max_length=64, blank=True, editable=False, db_index=True
    )
    phone_sealed = models.BinaryField(_("联系电话(加密)"), blank=True, default=bytes)
    card_sealed = models.BinaryField(_("一卡通账号(加密)"), blank=True, default=bytes)
    card_hash = models.CharField(
        _("一卡通账号索引"), max_length=64, blank=True, editable=False, db_index=True
    )
    card_refused_why = models.CharField(_("银行退票原因"), max_length=200, blank=True)
    bank = models.CharField(_("开户银行"), max_length=40, blank=True)
    members = models.PositiveSmallIntegerField(_("家庭人口(人)"))
    types = ArrayField(models.CharField(max_length=40), verbose_name=_("家庭类型"), default=list, blank=True)
    address = models.CharField(_("家庭住址"), max_length=120, blank=True)
    point = models.PointField(_("位置"), srid=4326, null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.LIVING)
    version = models.PositiveIntegerField(_("版本"), default=1)
    entered_at = models.DateTimeField(_("登记时间"))
    entered_by = models.CharField(_("登记人"), max_length=40)
    changed_at = models.DateTimeField(_("最后修改时间"))
    is_sample = models.BooleanField(_("示例"), default=False)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("救助家庭")
        ordering = ["area", "group", "name"]
        indexes = [models.Index(fields=["area", "group"], name="household_by_group")]
        constraints = [
            models.CheckConstraint(
                name="household_of_somebody",
                condition=Q(members__gte=1),
                violation_error_message=_("家庭人口至少1人"),
            ),
            models.UniqueConstraint(
                name="household_identity_once",
                fields=["identity_hash"],
                condition=~Q(identity_hash="") & Q(state="living"),
                violation_error_message=_("这个身份证号已登记在另一户"),
            ),
        ]

    def __str__(self) -> str:
        return self.name[:1] + "*" * (len(self.name) - 1)

    @property
    def phone(self) -> str:
        """The telephone number in clear, with the same caution."""
        return private.open_sealed(bytes(self.phone_sealed)) if self.phone_sealed else ""

    @phone.setter
    def phone(self, number: str) -> None:
        self.phone_sealed = private.seal(number) if number else b""

    @property
    def card(self) -> str:
        """The bank card (一卡通) in clear, with the same caution."""
        return private.open_sealed(bytes(self.card_sealed)) if self.card_sealed else ""

    @card.setter
    def card(self, number: str) -> None:
        self.card_sealed = private.seal(number) if number else b""
        self.card_hash = private.blind(number) if number else ""


class Change(models.Model):
    """What one change made of a household: field → [before, after], private values masked. Append-only."""

    class Act(models.TextChoices):
        """What was done."""

        CHANGED = "changed", _("修改")
        DECEASED = "deceased", _("户主死亡")
        MOVED = "moved", _("迁出")
        BACK = "living", _("恢复在册")

    id = models.BigAutoField(primary_key=True)
    household = models.ForeignKey(Household, models.PROTECT, verbose_name=_("家庭"), related_name="changes")
    number = models.PositiveIntegerField(_("版本"))
    act = models.CharField(_("操作"), max_length=10, choices=Act)
    why = models.CharField(_("原因"), max_length=200, blank=True)
    changes: Any = models.JSONField(_("变更内容"), default=dict)
    at = models.DateTimeField(_("时间"))
    by_id = models.BigIntegerField(_("操作人编号"))
    by_name = models.CharField(_("操作人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("救助家庭变更记录")
        ordering = ["household", "number"]
        constraints = [
            models.UniqueConstraint(fields=["household", "number"], name="household_change_numbers"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.number}"


class Reading(models.Model):
    """Somebody saw a household's private data in full, and said why (查看须说明原因并留痕)."""

    id = models.BigAutoField(primary_key=True)
    household = models.ForeignKey(Household, models.PROTECT, verbose_name=_("家庭"), related_name="readings")
    why = models.CharField(_("原因"), max_length=200)
    at = models.DateTimeField(_("时间"))
    by_id = models.BigIntegerField(_("查看人编号"))
    by_name = models.CharField(_("查看人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("救助家庭查看记录")
        ordering = ["household", "at"]

    def __str__(self) -> str:
        return f"{self.household_id} {self.by_name}"
