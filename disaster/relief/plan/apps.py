"""The allocation planner as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanConfig(AppConfig):
    """Registers 救助分配方案."""

    name = "disaster.relief.plan"
    label = "plan"
    verbose_name = _("救助分配方案")
