"""The library that guards signing in, under a name that an administrator reads."""

from axes.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignInsConfig(AppConfig):
    """Counts failed sign-ins and locks."""

    verbose_name = _("登录保护")
