"""What a change changed: the values before and after, of those fields alone that differ."""

from collections.abc import Mapping
from typing import Any

Values = dict[str, Any]


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Values, Values]:
    """Return the values of the fields that differ, before and after; two empty ones where nothing changed."""
    changed = [field for field in after if before.get(field) != after[field]]
    return {field: before[field] for field in changed if field in before}, {field: after[field] for field in changed}
