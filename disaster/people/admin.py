"""People in the administration pages. Posts go through the services, so the journal knows.

Who sees and does what here is what :mod:`disaster.people.scope` says, within the areas it
says; only whoever set the system up (a superuser) sees all.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from disaster.people import private, services
from disaster.people.models import Person, Posting
from disaster.people.scope import Rights, may_manage, require, require_grant, rights_of
from disaster.problems import Problem
from gis.models import Area

admin.site.site_header = admin.site.site_title = _("灾情一张图 管理后台")
admin.site.unregister(Group)


def _rights(request: HttpRequest) -> Rights | None:
    return request.rights  # type: ignore[attr-defined]


def _may(request: HttpRequest, verb: str) -> bool:
    """Say whether the reader may do ``verb`` anywhere at all."""
    rights = _rights(request)
    return request.user.is_superuser or bool(rights and rights.where(verb).prefixes)


def _seen(request: HttpRequest) -> QuerySet[Posting]:
    """Give the posts of the areas whose people the reader may see."""
    rights = _rights(request)
    if request.user.is_superuser:
        return Posting.objects.all()
    inside = Q(pk__in=[])
    for prefix in rights.where("person.see").prefixes if rights else ():
        inside |= Q(area__code__startswith=prefix)
    return Posting.objects.filter(inside)


class PhoneForm(forms.ModelForm):  # type: ignore[type-arg]
    """Takes a new telephone number; the old one is never put into a form."""

    new_phone = forms.CharField(
        label=_("新手机号"), required=False, max_length=20, help_text=_("11位数字,留空则不变")
    )

    def clean_new_phone(self) -> str:
        number = "".join(self.cleaned_data["new_phone"].split())
        if number and not re.fullmatch("[0-9]{11}", number):
            raise ValidationError(_("手机号须为11位数字"))
        if Person.objects.by_phone(number).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("这个手机号已属于另一人"))
        return number

    def save(self, commit: bool = True) -> Any:
        if number := self.cleaned_data.get("new_phone"):
            self.instance.phone = number
        return super().save(commit)


class NewPersonForm(PhoneForm, AdminUserCreationForm):  # type: ignore[type-arg]
    """A new account."""


class PersonForm(PhoneForm, UserChangeForm):  # type: ignore[type-arg]
    """An account that is there."""


@admin.register(Person)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    """Accounts; telephone numbers are masked."""

    form = PersonForm
    add_form = NewPersonForm
    list_display = ["username", "name", "masked_phone", "unit", "title", "is_active"]
    list_filter = ["is_active", "is_sample", "postings__role"]
    search_fields = ["username", "name"]
    ordering = ["username"]
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ["username", "password", "name", "masked_phone", "new_phone", "unit", "title"]}),
        (_("状态"), {"fields": ["is_active", "is_staff", "last_login"]}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["username", "name", "new_phone", "usable_password", "password1", "password2"],
            },
        ),
    )
    readonly_fields = ["masked_phone", "last_login"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _may(request, "person.see")

    def has_view_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        return _may(request, "person.see")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _may(request, "person.post")

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Let accounts be changed by who may give every post they hold: a password opens them all."""
        rights = _rights(request)
        if obj is None or request.user.is_superuser or rights is None:
            return _may(request, "person.post")
        held = rights_of(obj, on=timezone.localdate()).posts
        return _may(request, "person.post") and not obj.is_superuser and may_manage(rights, obj.pk, held)

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Accounts are put out of use, never deleted: the journal names them."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        """Show who holds a post in sight, and who holds none yet."""
        people = super().get_queryset(request)
        if request.user.is_superuser:
            return people
        anywhere = Posting.objects.filter(person=OuterRef("pk"))
        return people.filter(Exists(_seen(request).filter(person=OuterRef("pk"))) | ~Exists(anywhere))

    @admin.display(description=_("手机号"))
    def masked_phone(self, person: Person) -> str:
        return private.mask_phone(person.phone)


class PostingForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new post, in an area where the reader may give posts."""

    rights: Rights

    def clean_area(self) -> Area:
        area: Area = self.cleaned_data["area"]
        try:
            require(self.rights, "person.post", area.code)
        except Problem as problem:
            raise ValidationError(problem.message(get_language() or "")) from None
        return area

    def clean(self) -> dict[str, Any]:
        """Refuse a role that is not the reader's to give, at its field."""
        given = super().clean() or {}
        if {"person", "role", "area"} <= given.keys():
            try:
                require_grant(self.rights, given["role"], given["area"].code, person_id=given["person"].pk)
            except Problem as problem:
                self.add_error("role", problem.message(get_language() or ""))
        return given


@admin.register(Posting)
class PostingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Posts: added and ended, never rewritten."""

    form = PostingForm
    list_display = ["person", "role", "area", "post", "valid_from", "valid_to"]
    list_filter = ["role", "post"]
    list_select_related = ["person", "area"]
    search_fields = ["person__username", "person__name", "area__name", "area__code"]
    autocomplete_fields = ["person"]
    raw_id_fields = ["area"]
    actions = ["end_today"]

    def get_form(
        self, request: HttpRequest, obj: Posting | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)  # made anew for each request
        form.rights = request.rights  # type: ignore[attr-defined]
        return form

    def get_queryset(self, request: HttpRequest) -> QuerySet[Posting]:
        return super().get_queryset(request) & _seen(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _may(request, "person.see")

    def has_view_permission(self, request: HttpRequest, obj: Posting | None = None) -> bool:
        return _may(request, "person.see")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _may(request, "person.post")

    def has_end_permission(self, request: HttpRequest) -> bool:
        return _may(request, "person.end")

    def has_change_permission(self, request: HttpRequest, obj: Posting | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Posting | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Posting, form: Any, change: bool) -> None:
        made = services.post(
            obj.person,
            role=obj.role,
            area_code=obj.area_id,
            post=obj.post,
            valid_from=obj.valid_from,
            valid_to=obj.valid_to,
            full_time=obj.full_time,
            trained_on=obj.trained_on,
            by=request.rights,  # type: ignore[attr-defined]
            now=timezone.now(),
        )
        obj.pk = made.pk

    @admin.action(description=_("从今天起免去所选岗位"), permissions=["end"])
    def end_today(self, request: HttpRequest, queryset: Any) -> None:
        """End each post that can be ended, and say of the others why not."""
        for posting in queryset.select_related("person"):
            try:
                services.end_post(posting, on=timezone.localdate(), by=request.rights, now=timezone.now())  # type: ignore[attr-defined]
            except Problem as problem:
                self._refused(request, posting, problem.message(get_language() or ""))
            except ValidationError as error:
                self._refused(request, posting, " ".join(error.messages))

    def _refused(self, request: HttpRequest, posting: Posting, why: str) -> None:
        self.message_user(request, f"{posting.person} {posting}: {why}", messages.ERROR)
