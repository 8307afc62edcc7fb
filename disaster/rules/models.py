"""Dated configuration: every deadline, threshold and code list, each with its source.

A statistical system changes its rules between two disasters, and an old event has to be
read by the rules of its own day. So a row is never overwritten: a new one begins on the
day the old one ends.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from disaster.rules.catalogue import CATALOGUE, WrongValue


def _in_force() -> Func:
    return Func(F("valid_from"), F("valid_to"), function="daterange", output_field=DateRangeField())


class Dated(models.Model):
    """What holds from one day to another, by a named source."""

    valid_from = models.DateField(_("施行日期"))
    valid_to = models.DateField(_("失效日期(不含)"), null=True, blank=True)
    source = models.CharField(_("依据"), max_length=200)
    is_sample = models.BooleanField(_("示例,须按本地规定核定"), default=False)

    class Meta:
        abstract = True

    def holds_on(self, day: date) -> bool:
        """Say whether the row is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Rule(Dated):
    """One deadline, threshold or standard: a key of the catalogue and its value.

    ``area_code`` is empty for everywhere; a row of a narrower area wins over a wider one
    (a city may set its own response thresholds).
    """

    key = models.CharField(_("规则"), max_length=60, db_collation="C")
    area_code = models.CharField(_("区划代码"), max_length=12, blank=True, db_collation="C")
    value: Any = models.JSONField(_("值"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("规则")
        ordering = ["key", "area_code", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                name="rule_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("失效日期须晚于施行日期"),
            ),
            ExclusionConstraint(
                name="rule_one_value_at_a_time",
                expressions=[
                    ("key", RangeOperators.EQUAL),
                    ("area_code", RangeOperators.EQUAL),
                    (_in_force(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("同一规则在此期间已有取值,请先给旧的一条填上失效日期"),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        """Refuse a key nobody reads and a value of the wrong kind."""
        known = CATALOGUE.get(self.key)
        if known is None:
            raise ValidationError({"key": _("没有这条规则")})
        try:
            known.read(self.value)
        except WrongValue as wrong:
            raise ValidationError({"value": str(wrong)}) from None


class Code(Dated):
    """One entry of a code list (代码表): a hazard, a household type, a cause of death.

    ``key`` is ours and never changes; ``national`` is the code of the standard or system
    it maps to, ``certain`` False where that number has not been compared with the paper.
    """

    list = models.CharField(_("代码表"), max_length=30, db_collation="C")
    key = models.CharField(_("代码"), max_length=40, db_collation="C")
    zh = models.CharField(_("中文名称"), max_length=60)
    en = models.CharField(_("英文名称"), max_length=80)
    parent = models.CharField(_("上级代码"), max_length=40, blank=True, db_collation="C")
    national = models.CharField(_("国家标准代码"), max_length=40, blank=True)
    certain = models.BooleanField(_("已与标准文本核对"), default=True)
    order = models.PositiveIntegerField(_("次序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("代码")
        ordering = ["list", "order", "key"]
        constraints = [
            models.CheckConstraint(
                name="code_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("失效日期须晚于施行日期"),
            ),
            ExclusionConstraint(
                name="code_means_one_thing_at_a_time",
                expressions=[
                    ("list", RangeOperators.EQUAL),
                    ("key", RangeOperators.EQUAL),
                    (_in_force(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这个代码在此期间已有含义"),
            ),
        ]

    def __str__(self) -> str:
        return self.zh
