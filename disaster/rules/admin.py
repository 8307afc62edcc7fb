"""Editing the dated rules and code lists: the administrator's work, each change in the journal."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from disaster.journal import append
from disaster.people.scope import Rights
from disaster.rules.catalogue import CATALOGUE
from disaster.rules.models import Code, Rule

NATION = "000000000000"
"""The area of a rule that holds everywhere, in the journal."""


class DatedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows in force are ended and followed by new ones; nothing is deleted."""

    def _may(self, request: HttpRequest) -> bool:
        rights: Rights | None = request.rights  # type: ignore[attr-defined]
        return request.user.is_superuser or bool(rights and rights.where("rule.change").prefixes)

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
        """Save the row and tell the journal who changed it, in one transaction."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            append.one(
                "rule.changed",
                object_kind=obj._meta.model_name or "rule",
                object_id=str(obj.pk),
                area_code=getattr(obj, "area_code", "") or NATION,
                put=[],
                by=request.rights,  # type: ignore[attr-defined]
                at=timezone.now(),
            )


@admin.register(Rule)
class RuleAdmin(DatedAdmin):
    """Deadlines, thresholds and standards."""

    list_display = ("title", "key", "value", "area_code", "valid_from", "valid_to", "source", "is_sample")
    list_filter = ("is_sample",)
    search_fields = ("key", "source")

    @admin.display(description=_("含义"))
    def title(self, rule: Rule) -> str:
        """Say in words what the rule is about."""
        known = CATALOGUE.get(rule.key)
        if known is None:
            return rule.key
        return known.en if (get_language() or "").startswith("en") else known.zh


@admin.register(Code)
class CodeAdmin(DatedAdmin):
    """Code lists."""

    list_display = ("list", "key", "zh", "en", "parent", "national", "certain", "valid_from", "valid_to")
    list_filter = ("list", "certain")
    search_fields = ("key", "zh", "en")
