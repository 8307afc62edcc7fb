"""The feeders' tokens in the administration pages: made and shown once, revoked at any time.

Alerts are not here: nobody makes one up, and nobody changes one.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disaster.people.scope import Rights
from disaster.warnings import tokens
from disaster.warnings.models import AlertToken, Fetched
from gis.models import Area


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]
    """A feeder's name and area."""

    rights: Rights | None = None

    class Meta:
        model = AlertToken
        fields = ("name", "area_code")

    def clean_area_code(self) -> str:
        """Refuse what is no area, and what is not the administrator's."""
        code: str = self.cleaned_data["area_code"]
        if not Area.objects.filter(code=code).exists():
            raise ValidationError(_("没有这个区划代码"))
        if self.rights is None or not self.rights.may("token.manage", code):
            raise ValidationError(_("不在您管理的区划内"))
        return code


class TokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Who may bring alerts."""

    form = TokenForm
    list_display = ("name", "area_code", "hint", "made_at", "made_by", "used_at", "revoked_at")
    actions = ("revoke",)

    def _rights(self, request: HttpRequest) -> Rights | None:
        return request.rights  # type: ignore[attr-defined]

    def _may(self, request: HttpRequest) -> bool:
        rights = self._rights(request)
        return bool(rights and rights.where("token.manage").prefixes)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The list has to be changeable for its action; a single row is only shown.
        return obj is None and self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Let the form know who asks: an area that is not theirs to give is refused at its field."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("BoundTokenForm", (form,), {"rights": self._rights(request)})

    def save_model(self, request: HttpRequest, obj: AlertToken, form: Any, change: bool) -> None:
        """Make the token and show its text: this once."""
        rights = self._rights(request)
        assert rights is not None  # noqa: S101 - the form has looked
        made = tokens.make(name=obj.name, area_code=obj.area_code, by=rights, now=timezone.now())
        obj.pk = made.row.pk
        obj.hint = made.row.hint
        messages.warning(request, _("令牌(只显示这一次):%(token)s") % {"token": made.text})

    @admin.action(description=_("停用所选令牌"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[AlertToken]) -> None:
        """Take tokens back."""
        rights = self._rights(request)
        for token in queryset.filter(revoked_at__isnull=True):
            if rights is not None and rights.may("token.manage", token.area_code):
                tokens.revoke(token, by=rights, now=timezone.now())


class FetchedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What polled addresses gave last, and why an alert of theirs was refused."""

    list_display = ("url", "at", "version", "told")
    search_fields = ("url",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        rights: Rights | None = request.rights  # type: ignore[attr-defined]
        return bool(rights and rights.where("token.manage").prefixes)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


admin.site.register(AlertToken, TokenAdmin)
admin.site.register(Fetched, FetchedAdmin)
