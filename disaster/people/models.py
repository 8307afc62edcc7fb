"""Who works here, and as what: persons and their posts by area, effective by date."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from disaster.people import private
from gis.models import Area


class PersonManager(BaseUserManager["Person"]):
    """Makes and finds persons."""

    def create_user(
        self, username: str, password: str | None = None, *, phone: str = "", **fields: Any
    ) -> Person:
        """Make a person who signs in with ``password``."""
        person = self.model(username=username, **fields)
        person.phone = phone
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> Person:
        """Make whoever sets the system up (``manage.py createsuperuser``); ``appoint`` gives the first post."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)

    def by_phone(self, phone: str) -> models.QuerySet[Person]:
        """Find persons by telephone number, however it is written, through its keyed hash."""
        number = private.plain_phone(phone)
        return self.filter(phone_hash=private.blind(number)) if number else self.none()


class Person(AbstractBaseUser, PermissionsMixin):
    """A person with an account. The telephone number is encrypted at rest (个人信息保护法 Art. 51)."""

    username = models.CharField(_("账号"), max_length=40, unique=True)
    name = models.CharField(_("姓名"), max_length=40)
    phone_sealed = models.BinaryField(_("手机号(加密)"), blank=True, default=bytes)
    phone_hash = models.CharField(_("手机号索引"), max_length=64, blank=True, editable=False)
    unit = models.CharField(_("单位"), max_length=60, blank=True)
    title = models.CharField(_("职务"), max_length=40, blank=True)
    language = models.CharField(_("语言"), max_length=10, blank=True)
    is_active = models.BooleanField(_("在用"), default=True)
    is_staff = models.BooleanField(_("可进管理后台"), default=False)
    is_sample = models.BooleanField(_("示例账号"), default=False)
    joined_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    objects = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = _("人员")
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                fields=["phone_hash"],
                condition=~Q(phone_hash=""),
                name="person_phone_is_unique",
                violation_error_message=_("这个手机号已属于另一人"),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone(self) -> str:
        """The telephone number in clear: show it masked unless a reason was journaled."""
        return private.open_sealed(bytes(self.phone_sealed)) if self.phone_sealed else ""

    @phone.setter
    def phone(self, text: str) -> None:
        number = private.plain_phone(text)
        if text and not number:
            raise ValueError("not a telephone number")
        self.phone_sealed = private.seal(number) if number else b""
        self.phone_hash = private.blind(number) if number else ""


class Posting(models.Model):
    """A role held at an area from one day to another (岗位任职).

    Each village and township has one A and one B officer at a time (应急〔2020〕11号: A 角
    reports, B 角 stands in); the database refuses an overlap.
    """

    class Role(models.TextChoices):
        """What a person may be."""

        OFFICER = "officer", _("灾害信息员")
        REVIEWER = "reviewer", _("乡镇审核员")
        COORDINATOR = "coordinator", _("市局协调员")
        KEEPER = "keeper", _("物资保管员")
        LEADER = "leader", _("领导")
        AUDITOR = "auditor", _("审计员")
        ADMINISTRATOR = "administrator", _("系统管理员")

    class Post(models.TextChoices):
        """A 角 reports, B 角 stands in."""

        NONE = "", _("不分")
        A = "A", _("A角")
        B = "B", _("B角")

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("人员"), related_name="postings")
    role = models.CharField(_("角色"), max_length=16, choices=Role)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("行政区划"), db_column="area_code")
    post = models.CharField(_("岗位"), max_length=1, choices=Post, blank=True, default="")
    full_time = models.BooleanField(_("专职"), default=False)
    trained_on = models.DateField(_("最近培训日期"), null=True, blank=True)
    valid_from = models.DateField(_("任职起"))
    valid_to = models.DateField(_("任职止(不含)"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("岗位任职")
        ordering = ["area", "role", "post"]
        indexes = [models.Index(fields=["person", "valid_from"], name="posting_by_person")]
        constraints = [
            models.CheckConstraint(
                name="posting_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("任职止须晚于任职起"),
            ),
            models.CheckConstraint(
                name="posting_a_or_b_for_officers_only",
                condition=Q(role="officer", post__in=["A", "B"]) | (~Q(role="officer") & Q(post="")),
                violation_error_message=_("灾害信息员须分A角、B角,其他角色不分"),
            ),
            ExclusionConstraint(
                name="posting_one_a_and_one_b_at_a_time",
                expressions=[
                    ("area", RangeOperators.EQUAL),
                    ("post", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_to"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(role="officer"),
                violation_error_message=_("这个村(社区)在此期间已有同岗位的灾害信息员"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}{self.post}"

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Compare whole posts only: a form leaves out what it has found wrong already.

        Without the role, Django can't write the exclusion constraint's condition and fails.
        """
        if not {"role", "area", "post", "valid_from", "valid_to"} & set(exclude or ()):
            super().validate_constraints(exclude)

    def is_held_on(self, day: date) -> bool:
        """Say whether the post is held on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @classmethod
    def words(cls, role: str, post: str) -> str:
        """Give the words for a role and a post ("" for none): 灾害信息员A角."""
        return f"{cls.Role(role).label}{cls.Post(post).label if post else ''}"


class ApiToken(models.Model):
    """A long-lived token by which another program reads as this person (OGC API, tiles).

    Only the hash of its secret is kept; the secret has 256 random bits, so a plain hash is enough.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, verbose_name=_("人员"), related_name="tokens")
    name = models.CharField(_("用途"), max_length=60)
    digest = models.BinaryField(_("令牌散列"), max_length=32, unique=True)
    made_at = models.DateTimeField(_("建立时间"))
    ends_at = models.DateTimeField(_("到期时间"))
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("接口令牌")
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="token_ends_after_it_begins",
                condition=Q(ends_at__gt=F("made_at")),
                violation_error_message=_("失效时间须晚于发放时间"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
