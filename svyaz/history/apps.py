"""Finds the subscribers of all packages when the project starts."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class HistoryConfig(AppConfig):
    """history: imports every package's subscribers.py."""

    name = "svyaz.history"

    def ready(self) -> None:
        autodiscover_modules("subscribers")
