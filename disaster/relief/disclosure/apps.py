"""Disclosure as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisclosureConfig(AppConfig):
    """Registers 公示与投诉, and has needs ask it before an application leaves a public notice."""

    name = "disaster.relief.disclosure"
    label = "disclosure"
    verbose_name = _("公示与投诉")

    def ready(self) -> None:
        """Have needs ask before an application leaves a notice."""
        from disaster.relief.disclosure.services import guards

        guards.register()
