"""Receipts as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReceiptsConfig(AppConfig):
    """Who signed for what, where and when."""

    name = "disaster.relief.receipts"
    label = "receipts"
    verbose_name = _("签收")
