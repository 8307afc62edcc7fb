"""The map's tools as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AtlasConfig(AppConfig):
    """Registers the search table and the kept views."""

    name = "disaster.atlas"
    label = "atlas"
    verbose_name = _("地图工具")
