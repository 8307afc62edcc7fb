"""Places as a Django app."""

from django.apps import AppConfig


class GisConfig(AppConfig):
    """Registers areas, shelters and hazard zones."""

    name = "gis"
    label = "places"  # django.contrib.gis has taken "gis"
    verbose_name = "地理空间"
