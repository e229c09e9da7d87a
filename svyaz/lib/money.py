"""Money: decimal, two places, never a float."""

from typing import Any

from django.db import models


class MoneyField(models.DecimalField[Any, Any]):
    """An amount of money: fourteen digits, two of them after the point."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_digits=14, decimal_places=2)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Stand in migrations as the decimal field that it is."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs
