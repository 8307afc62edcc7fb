"""Places as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GisConfig(AppConfig):
    """Registers areas, shelters and hazard zones."""

    name = "gis"
    label = "places"  # django.contrib.gis has taken "gis"
    verbose_name = _("地理空间")

    def ready(self) -> None:
        """Enter the checks of the settings."""
        from gis.basemap import checks  # noqa: F401 - registers itself
