"""People in the administration pages. Posts go through the services, so the journal knows."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disaster.people import private, services
from disaster.people.models import Person, Posting

admin.site.site_header = admin.site.site_title = _("灾情一张图 管理后台")
admin.site.unregister(Group)


@admin.register(Person)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    """Accounts; telephone numbers are masked."""

    list_display = ["username", "name", "masked_phone", "unit", "title", "is_active"]
    list_filter = ["is_active", "is_sample", "postings__role"]
    search_fields = ["username", "name"]
    ordering = ["username"]
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ["username", "password", "name", "masked_phone", "unit", "title"]}),
        (_("状态"), {"fields": ["is_active", "is_staff", "last_login"]}),
    )
    add_fieldsets = ((None, {"classes": ["wide"], "fields": ["username", "name", "password1", "password2"]}),)
    readonly_fields = ["masked_phone", "last_login"]

    @admin.display(description=_("手机号"))
    def masked_phone(self, person: Person) -> str:
        return private.mask_phone(person.phone)


@admin.register(Posting)
class PostingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Posts: added and ended, never rewritten."""

    list_display = ["person", "role", "area", "post", "valid_from", "valid_to"]
    list_filter = ["role", "post"]
    list_select_related = ["person", "area"]
    search_fields = ["person__username", "person__name", "area__name", "area__code"]
    autocomplete_fields = ["person"]
    raw_id_fields = ["area"]
    actions = ["end_today"]

    def has_change_permission(self, request: HttpRequest, obj: Posting | None = None) -> bool:
        return obj is None and super().has_change_permission(request)

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

    @admin.action(description=_("从今天起免去所选岗位"))
    def end_today(self, request: HttpRequest, queryset: Any) -> None:
        for posting in queryset:
            services.end_post(posting, on=timezone.localdate(), by=request.rights, now=timezone.now())  # type: ignore[attr-defined]
