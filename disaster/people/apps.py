"""People as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Registers persons and their posts."""

    name = "disaster.people"
    label = "people"
    verbose_name = _("人员与岗位")

    def ready(self) -> None:
        """Listen to sign-ins."""
        from disaster.people import signals  # noqa: F401 - importing connects them
