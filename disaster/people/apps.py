"""People as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Registers persons and their posts."""

    name = "disaster.people"
    label = "people"
    verbose_name = _("人员与岗位")
