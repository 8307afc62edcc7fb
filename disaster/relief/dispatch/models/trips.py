"""Lorries, drafts of their trips, the trips, and where they stop. EPSG:4326."""

from __future__ import annotations

import secrets
import uuid

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disaster.people.models import Person
from disaster.relief.stock.models import Document, Place
from gis.models import Area, PlacedQuerySet


class Vehicle(models.Model):
    """A lorry (运输车辆): what it holds, where it is at home, who drives it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plate = models.CharField(_("车牌号"), max_length=12, unique=True)
    kind = models.CharField(_("车型"), max_length=30, blank=True)
    capacity_kg = models.PositiveIntegerField(_("载重(公斤)"))
    capacity_m3 = models.DecimalField(_("容积(立方米)"), max_digits=6, decimal_places=2)
    home = models.ForeignKey(Place, models.PROTECT, verbose_name=_("驻地"), related_name="+")
    driver = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("驾驶员"), related_name="+", null=True, blank=True
    )
    is_usable = models.BooleanField(_("可用"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("车辆")
        ordering = ["plate"]
        constraints = [
            models.CheckConstraint(
                name="vehicle_holds_something",
                condition=Q(capacity_kg__gt=0, capacity_m3__gt=0),
                violation_error_message=_("载重和容积须大于0"),
            ),
        ]

    def __str__(self) -> str:
        return self.plate


class Draft(models.Model):
    """Trips that were worked out and not yet ordered: both plans side by side, to be confirmed as they are.

    ``asked`` is what was asked for, ``plans`` the answers by aim (see ``planning``). Confirmed
    twice it makes the same trips.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area_code = models.CharField(_("行政区划"), max_length=12)
    asked = models.JSONField()
    plans = models.JSONField()
    made_at = models.DateTimeField(_("编排时间"))
    made_by = models.CharField(_("编排人"), max_length=40)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    aim = models.CharField(_("目标"), max_length=10, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("编排草案")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return str(self.pk)


def a_token() -> str:
    """Make what the waybill's QR code names a trip by: nobody guesses it."""
    return secrets.token_urlsafe(12)


class Trip(models.Model):
    """A lorry's way from home by its stops and back (车次).

    ``legs`` is a list, one for each way from place to place: ``line`` (EPSG:4326), ``seconds``,
    ``metres``, ``verdict`` and what it ``meets``; ``version`` grows when they are found anew,
    ``difference`` then says what changed and why, ``danger`` names the zones and closures they
    were found under. ``off_since`` is set while the lorry is farther from its line than the
    rule allows, ``still_since`` while it stands elsewhere than at a stop; ``off_first`` and
    ``anchor`` are what the two are found by. ``told_at`` is when the feed last heard that it moved,
    ``is_untold`` says that it has moved since.
    """

    class State(models.TextChoices):
        """Where it stands; each has one next step."""

        READY = "ready", _("待发车")
        AWAY = "away", _("运输中")
        ARRIVED = "arrived", _("已全部送到")
        BACK = "back", _("已回场")
        CANCELLED = "cancelled", _("已取消")

    OPEN = (State.READY, State.AWAY, State.ARRIVED)
    MOVING = (State.AWAY, State.ARRIVED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("车次号"), max_length=20, unique=True)
    token = models.CharField(max_length=24, unique=True, default=a_token, editable=False)
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="trips", editable=False)
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, verbose_name=_("车辆"), related_name="trips")
    driver = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("驾驶员"), related_name="+", null=True, blank=True
    )
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.READY, db_index=True)
    legs = models.JSONField(_("路线"), default=list)
    version = models.PositiveIntegerField(_("路线版本"), default=1)
    danger = models.JSONField(default=list, editable=False)
    difference = models.JSONField(_("路线变化"), default=list)
    by_roads = models.BooleanField(_("按道路计算"), default=True)
    starts_at = models.DateTimeField(_("计划发车"))
    ends_at = models.DateTimeField(_("计划回场"))
    made_at = models.DateTimeField(_("编排时间"))
    made_by = models.CharField(_("编排人"), max_length=40)
    departed_at = models.DateTimeField(_("实际发车"), null=True, blank=True)
    back_at = models.DateTimeField(_("实际回场"), null=True, blank=True)
    reason = models.CharField(_("取消原因"), max_length=200, blank=True)
    point = models.PointField(_("现在位置"), srid=4326, null=True, blank=True)
    seen_at = models.DateTimeField(_("位置时间"), null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_untold = models.BooleanField(default=False, editable=False)
    anchor = models.PointField(_("停留位置"), srid=4326, null=True, blank=True)
    anchored_at = models.DateTimeField(_("停留起"), null=True, blank=True)
    off_first = models.DateTimeField(null=True, blank=True, editable=False)
    off_since = models.DateTimeField(_("偏离起"), null=True, blank=True)
    still_since = models.DateTimeField(_("异常停车起"), null=True, blank=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("车次")
        ordering = ["-made_at", "number"]
        constraints = [
            models.UniqueConstraint(
                name="one_trip_of_a_lorry_under_way",
                fields=["vehicle"],
                condition=Q(state__in=["away", "arrived"]),
                violation_error_message=_("这辆车正在途中"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Stop(models.Model):
    """A place on a trip: a load of a document is fetched there, or dropped.

    ``goods`` is item → whole units of this load, ``load`` its number: what no lorry holds goes
    in several. ``counts`` is False once its trip was cancelled: a load has one drop that
    counts, and no more is planned than was ordered, so that two clerks can't carry it twice.
    ``is_sent`` says whether the load was sent; it is read along by ``ways.stops_of``, and kept nowhere.
    """

    id = models.BigAutoField(primary_key=True)
    trip = models.ForeignKey(Trip, models.CASCADE, verbose_name=_("车次"), related_name="stops")
    order = models.PositiveIntegerField(_("次序"))
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("地点"), related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("单据"), related_name="stops")
    load = models.PositiveSmallIntegerField(_("第几车"), default=1)
    goods = models.JSONField(_("装载"), default=dict)
    is_drop = models.BooleanField(_("卸货"), default=True)
    counts = models.BooleanField(default=True, editable=False)
    is_sent: bool
    planned_at = models.DateTimeField(_("计划到达"))
    eta = models.DateTimeField(_("预计到达"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("实际到达"), null=True, blank=True)
    by_fence = models.BooleanField(_("定位到达"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("停靠")
        ordering = ["trip", "order"]
        constraints = [
            models.UniqueConstraint(name="stop_once_in_its_order", fields=["trip", "order"]),
            models.UniqueConstraint(
                name="load_on_one_trip_at_a_time",
                fields=["document", "load", "is_drop"],
                condition=Q(counts=True),
                violation_error_message=_("这一车已排入别的车次"),
            ),
            models.CheckConstraint(
                name="fence_says_when",
                condition=Q(by_fence=False) | Q(arrived_at__isnull=False),
                violation_error_message=_("定位到达须有到达时间"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trip_id} {self.order}"
