"""Dated rules as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RulesConfig(AppConfig):
    """Registers the deadlines, thresholds and code lists, and puts the shipped ones in place."""

    name = "disaster.rules"
    label = "rules"
    verbose_name = _("规则与代码")

    def ready(self) -> None:
        """Load what is shipped after each migration; forget what is known when a row changes."""
        from django.db.models.signals import post_delete, post_save

        from disaster.rules import book, load
        from disaster.rules.models import Code, Rule

        post_migrate.connect(load.after_migrate, sender=self, dispatch_uid="rules-shipped")
        for model in (Rule, Code):
            post_save.connect(book.forget, sender=model, dispatch_uid=f"rules-saved-{model.__name__}")
            post_delete.connect(book.forget, sender=model, dispatch_uid=f"rules-gone-{model.__name__}")
