"""What can be done with own fields and their values."""

from svyaz.fields.actions.define import (
    FieldCodeTaken,
    FieldIsWrong,
    TooManyFields,
    add_field,
    archive_field,
    change_field,
    restore_field,
)
from svyaz.fields.actions.values import (
    InvalidOwnValue,
    MayNotSetOwnField,
    NoSuchOwnField,
    checked_values,
    normal,
    put_own_values,
)

__all__ = [
    "FieldCodeTaken",
    "FieldIsWrong",
    "InvalidOwnValue",
    "MayNotSetOwnField",
    "NoSuchOwnField",
    "TooManyFields",
    "add_field",
    "archive_field",
    "change_field",
    "checked_values",
    "normal",
    "put_own_values",
    "restore_field",
]
