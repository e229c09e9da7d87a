"""Checks of what people type: each refusal names the field and the reason."""

from typing import Any

from django.db import models
from stdnum.ru import inn as inn_number
from stdnum.ru import ogrn as ogrn_number

from svyaz.lib.text import digits_of


class InvalidField(ValueError):
    """A field holds what it cannot: `field`, `value`, and `reason` as a code for the screen's words.

    Reasons: empty, not_digits, wrong_length, wrong_checksum, out_of_range, too_long, not_text, not_a_phone,
    not_an_email, unknown.
    """

    def __init__(self, field: str, value: str, reason: str) -> None:
        super().__init__(field, value, reason)
        self.field, self.value, self.reason = field, value, reason

    def __str__(self) -> str:
        return f"{self.field}: {self.reason} ({self.value!r})"


class ChangedMeanwhile(Exception):
    """Somebody changed this after it was read; `current` holds the values of now, `expected` those that were read."""

    def __init__(self, current: dict[str, Any], expected: dict[str, Any]) -> None:
        super().__init__(current, expected)
        self.current, self.expected = current, expected


def as_expected(current: dict[str, Any], expected: dict[str, Any] | None, wanted: dict[str, Any]) -> None:
    """Refuse a change of what is not any more as its author saw it; what is already as he wants it is no conflict."""
    for field, value in (expected or {}).items():
        if current.get(field) != value and current.get(field) != wanted.get(field):
            raise ChangedMeanwhile({name: current.get(name) for name in expected or {}}, dict(expected or {}))


def required(field: str, value: str) -> str:
    """Return a text without blanks around it and doubled within; refuse an empty one."""
    text = " ".join(value.split())
    if not text:
        raise InvalidField(field, value, "empty")
    return text


def one_of(field: str, value: str, known: list[str]) -> str:
    """Return a value of a known list; refuse another."""
    if value not in known:
        raise InvalidField(field, value, "unknown")
    return value


def _checked_digits(field: str, value: str, length: int) -> str:
    text = "".join(value.split())
    if text and digits_of(text) != text:
        raise InvalidField(field, value, "not_digits")
    if text and len(text) != length:
        raise InvalidField(field, value, "wrong_length")
    return text


def checked_inn(value: str, *, length: int) -> str:
    """Return an INN (a company's has 10 digits, a person's 12) whose check digits agree; an empty one stays empty."""
    text = _checked_digits("inn", value, length)
    if text and not inn_number.is_valid(text):
        raise InvalidField("inn", value, "wrong_checksum")
    return text


def checked_kpp(value: str) -> str:
    """Return a KPP: nine characters, digits but for two in the middle that may be capital Latin letters."""
    text = "".join(value.split()).upper()
    if not text:
        return ""
    if len(text) != 9:
        raise InvalidField("kpp", value, "wrong_length")
    if not (text[:4] + text[6:]).isdecimal() or not (text[4:6].isascii() and text[4:6].isalnum()):
        raise InvalidField("kpp", value, "not_digits")
    return text


def checked_ogrn(value: str) -> str:
    """Return a company's OGRN: 13 digits whose check digit agrees; an empty one stays empty."""
    text = _checked_digits("ogrn", value, 13)
    if text and not ogrn_number.is_valid(text):
        raise InvalidField("ogrn", value, "wrong_checksum")
    return text


def checked_ogrnip(value: str) -> str:
    """Return a sole trader's OGRNIP: 15 digits whose check digit agrees; an empty one stays empty.

    The check digit is the last digit of the remainder by 13; python-stdnum takes the whole remainder and so refuses
    good numbers, wherefore it is computed here.
    """
    text = _checked_digits("ogrn", value, 15)
    if text and (text[0] not in "34" or int(text[:-1]) % 13 % 10 != int(text[-1])):
        raise InvalidField("ogrn", value, "wrong_checksum")
    return text


def fits(row: models.Model, *names: str) -> None:
    """Refuse texts that are longer than their field, or that the base cannot hold."""
    for name in names:
        value, longest = getattr(row, name), getattr(row._meta.get_field(name), "max_length", None)
        if "\x00" in value:
            raise InvalidField(name, value, "not_text")
        if longest is not None and len(value) > longest:
            raise InvalidField(name, value, "too_long")
