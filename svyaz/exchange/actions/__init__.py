"""Verbs of the exchange."""

from svyaz.exchange.actions.books import ImportIsRunning, Result
from svyaz.exchange.actions.customers import import_customers
from svyaz.exchange.actions.drafts import MissingColumns
from svyaz.exchange.actions.mapping import MappingError, load_mapping, shipped_mappings
from svyaz.exchange.actions.matching import UnknownKey
from svyaz.exchange.actions.reading import UnreadableFile

__all__ = [
    "ImportIsRunning",
    "MappingError",
    "MissingColumns",
    "Result",
    "UnknownKey",
    "UnreadableFile",
    "import_customers",
    "load_mapping",
    "shipped_mappings",
]
