"""The persons of a household besides its head (家庭成员)."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from disaster.people import private
from disaster.registers.models import mask_name
from disaster.relief.needs.models.households import Household


class Member(private.SealedIdentity, models.Model):
    """One person of a household who is not its head; with the head they are at most the persons stated.

    ``relation`` is a key of the code list ``member_relation``, ``marks`` are keys of ``member_mark``.
    The identity number is sealed as the head's is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, verbose_name=_("家庭"), related_name="people")
    name = models.CharField(_("姓名"), max_length=40)
    identity_sealed = models.BinaryField(_("身份证号(加密)"), blank=True, default=bytes)
    identity_hash = models.CharField(
        _("身份证号索引"), max_length=64, blank=True, editable=False, db_index=True
    )
    relation = models.CharField(_("与户主关系"), max_length=40)
    marks = ArrayField(models.CharField(max_length=40), verbose_name=_("人员标识"), default=list, blank=True)
    entered_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("家庭成员")
        ordering = ["household", "entered_at", "id"]

    def __str__(self) -> str:
        return mask_name(self.name)
