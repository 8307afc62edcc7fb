"""A receipt: somebody's name under so many of each batch. EPSG:4326."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from disaster.relief.stock.models import Document


class Receipt(models.Model):
    """A signature under goods that changed hands. Its id is made on the phone: a repeat is the same.

    ``counts`` is batch → {received, damaged, returned}. ``taken_at`` is the phone's clock,
    ``stored_at`` ours. ``content`` is the SHA-256 of what was sent: the same id with other
    content is refused. Signature and photo lie in the private store under the receipt's id.
    """

    class Relation(models.TextChoices):
        """Who signed: the person named, or another for them (代领)."""

        SELF = "self", _("本人")
        SPOUSE = "spouse", _("配偶")
        CHILD = "child", _("子女")
        PARENT = "parent", _("父母")
        RELATIVE = "relative", _("其他亲属")
        NEIGHBOUR = "neighbour", _("邻居")
        CADRE = "cadre", _("村干部")

    id = models.UUIDField(primary_key=True, editable=False)
    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("单据"), related_name="receipts")
    load = models.PositiveSmallIntegerField(_("第几车"), default=1)
    area_code = models.CharField(_("行政区划"), max_length=12, db_index=True)
    signer = models.CharField(_("签收人"), max_length=40)
    relation = models.CharField(_("与签收人关系"), max_length=10, choices=Relation, default=Relation.SELF)
    counts = models.JSONField(_("清点"), default=dict)
    reason = models.CharField(_("差异说明"), max_length=200, blank=True)
    has_signature = models.BooleanField(_("手写签名"), default=False)
    has_photo = models.BooleanField(_("照片"), default=False)
    point = models.PointField(_("位置"), srid=4326, null=True, blank=True)
    accuracy_m = models.FloatField(_("定位精度(米)"), null=True, blank=True)
    taken_at = models.DateTimeField(_("签收时间"))
    stored_at = models.DateTimeField(_("收到时间"), db_index=True)
    by_id = models.BigIntegerField(_("经办人编号"))
    by_name = models.CharField(_("经办人"), max_length=40)
    content = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("签收单")
        ordering = ["-stored_at"]

    def __str__(self) -> str:
        return str(self.pk)
