"""The channels in the administration pages: an address is typed once and never shown again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disaster.duty.reminders.models import Channel
from disaster.duty.reminders.send import is_address
from disaster.journal import append
from disaster.people.scope import Rights


class ChannelForm(forms.ModelForm):  # type: ignore[type-arg]
    """Takes a new address; the old one holds keys and is never put into a form."""

    new_url = forms.CharField(
        label=_("新地址"),
        required=False,
        max_length=500,
        help_text=_("apprise 地址,如 wecombot://密钥 或 jsons://短信网关/发送/{phone};留空则不变"),
    )

    class Meta:
        model = Channel
        fields = ("name", "area_code", "order", "is_active")

    def clean_new_url(self) -> str:
        """Refuse what apprise does not know, and a new channel without an address."""
        url: str = self.cleaned_data["new_url"].strip()
        if (url and not is_address(url)) or (not url and not self.instance.pk):
            raise ValidationError(_("通知渠道地址无法识别"))
        return url

    def save(self, commit: bool = True) -> Any:
        """Seal the address before the row is written."""
        if self.cleaned_data["new_url"]:
            self.instance.url = self.cleaned_data["new_url"]
        return super().save(commit)


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Ways to reach people."""

    form = ChannelForm
    list_display = ("name", "area_code", "order", "is_active")

    def _may(self, request: HttpRequest) -> bool:
        rights: Rights | None = request.rights  # type: ignore[attr-defined]
        return request.user.is_superuser or bool(rights and rights.where("channel.change").prefixes)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and tell the journal who did it."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            append.one(
                "reminder.channel_changed",
                object_kind="channel",
                object_id=str(obj.pk),
                area_code=obj.area_code,
                put=[],
                by=request.rights,  # type: ignore[attr-defined]
                at=timezone.now(),
            )
