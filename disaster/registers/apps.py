"""The registers as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistersConfig(AppConfig):
    """Registers 因灾死亡失踪人口 and 因灾倒塌损坏住房户 (台账)."""

    name = "disaster.registers"
    label = "registers"
    verbose_name = _("台账")
