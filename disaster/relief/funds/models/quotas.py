"""Quotas (指标): money that a paper of the level above, of the county or of a donor gave for one purpose."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disaster.relief.needs.models import Programme
from gis.models import Area, PlacedQuerySet


class Quota(models.Model):
    """One quota paper: so much for one purpose. Never changed: what becomes of it stands in the entries.

    ``purpose`` is the kind of programme it may be spent on and nothing else (专款专用, 条例
    Art. 22). ``intent`` is the area a donor named (12 digits), "" where none was: it is spent
    nowhere else (Art. 24). ``amount`` is fen.
    """

    class Source(models.TextChoices):
        """Whose money it is."""

        CENTRAL = "central", _("中央")
        PROVINCE = "province", _("省级")
        CITY = "city", _("市级")
        COUNTY = "county", _("县级")
        DONOR = "donor", _("捐赠")

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.CharField(_("指标文号"), max_length=60)
    source = models.CharField(_("资金来源"), max_length=8, choices=Source)
    purpose = models.CharField(_("用途"), max_length=2, choices=Programme.Kind)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code")
    amount = models.BigIntegerField(_("金额(分)"))
    received_on = models.DateField(_("下达日期"))
    giver = models.CharField(_("捐赠人"), max_length=60, blank=True)
    intent = models.CharField(_("定向地区"), max_length=12, blank=True)
    remarks = models.CharField(_("备注"), max_length=200, blank=True)
    entered_at = models.DateTimeField(_("登记时间"))
    entered_by = models.CharField(_("登记人"), max_length=40)
    is_sample = models.BooleanField(_("示例"), default=False)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("资金指标")
        ordering = ["-received_on", "number"]
        constraints = [
            models.UniqueConstraint(
                name="quota_once",
                fields=["area", "number", "source", "purpose", "intent"],
                violation_error_message=_("同一文号、来源和用途的指标已登记"),
            ),
            models.CheckConstraint(
                name="quota_of_something",
                condition=Q(amount__gt=0),
                violation_error_message=_("金额须大于0"),
            ),
        ]

    def __str__(self) -> str:
        return self.number
