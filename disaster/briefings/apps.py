"""Briefings as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BriefingsConfig(AppConfig):
    """Registers 专报."""

    name = "disaster.briefings"
    label = "briefings"
    verbose_name = _("专报")
