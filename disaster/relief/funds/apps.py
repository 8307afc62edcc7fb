"""Relief money as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class FundsConfig(AppConfig):
    """Registers 救灾资金, and opens the accounts there is one of."""

    name = "disaster.relief.funds"
    label = "funds"
    verbose_name = _("救灾资金")

    def ready(self) -> None:
        """Open the accounts after each migration."""
        from disaster.relief.funds import load

        post_migrate.connect(load.after_migrate, sender=self, dispatch_uid="funds-accounts")
