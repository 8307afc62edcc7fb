"""People as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers persons and their posts."""

    name = "disaster.people"
    label = "people"
    verbose_name = "人员与岗位"
