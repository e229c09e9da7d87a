"""Reading the 360° view, and the facts on it that can be pinned."""

from svyaz.customer360.queries.relationship import (
    Relationship,
    camel,
    opening_of,
    relationship,
    snake,
    statement,
)

__all__ = ["Relationship", "camel", "opening_of", "relationship", "snake", "statement"]
