"""Registers the facts that can be pinned."""

from django.apps import AppConfig


class Customer360Config(AppConfig):
    """customer360: everything about one relationship."""

    name = "svyaz.customer360"

    def ready(self) -> None:
        from svyaz.customer360.queries import facts  # noqa: F401
