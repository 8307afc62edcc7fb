"""What drivers' phones have sent: where lorries were, and what was done. Ids are the phones' own. EPSG:4326."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from disaster.relief.dispatch.models.trips import Stop, Trip


class Fix(models.Model):
    """Where a lorry was. Its id is made by the phone: sent twice it is kept once. Append-only."""

    id = models.UUIDField(primary_key=True, editable=False)
    trip = models.ForeignKey(Trip, models.CASCADE, verbose_name=_("车次"), related_name="fixes")
    point = models.PointField(_("位置"), srid=4326)
    accuracy_m = models.FloatField(_("精度(米)"), null=True, blank=True)
    at = models.DateTimeField(_("时间"))
    received_at = models.DateTimeField(_("收到时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("轨迹点")
        ordering = ["at"]
        indexes = [models.Index(fields=["trip", "at"], name="fix_by_trip")]

    def __str__(self) -> str:
        return f"{self.trip_id} {self.at}"


class Act(models.Model):
    """What a driver or a desk did on a trip, at the moment the phone says. Done once for each id. Append-only."""

    class Kind(models.TextChoices):
        """What may be done."""

        DEPART = "depart", _("发车")
        LOAD = "load", _("装车")
        ARRIVE = "arrive", _("到达")
        BACK = "back", _("回场")

    id = models.UUIDField(primary_key=True, editable=False)
    trip = models.ForeignKey(Trip, models.CASCADE, verbose_name=_("车次"), related_name="acts")
    stop = models.ForeignKey(Stop, models.CASCADE, related_name="+", null=True, blank=True)
    kind = models.CharField(_("动作"), max_length=10, choices=Kind)
    at = models.DateTimeField(_("时间"))
    received_at = models.DateTimeField(_("收到时间"))
    by_name = models.CharField(_("经手人"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("行车动作")
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.trip_id} {self.kind}"
