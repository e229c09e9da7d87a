"""Reading one cell: text into the value that the base keeps, or the reason why it cannot be."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from svyaz.lib.emails import InvalidEmail, normalize_email
from svyaz.lib.phones import InvalidPhone, is_mobile, normalize_phone
from svyaz.lib.text import code_key
from svyaz.parties.actions.checks import InvalidField, checked_inn, checked_kpp, checked_ogrn, checked_ogrnip

EARLIEST_BIRTH = date(1890, 1, 1)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", re.ASCII)
_RUSSIAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: 0?0:00(?::00)?)?", re.ASCII)
_SEVERAL = re.compile(r"[;,/\n]+")
_SEVERAL_EMAILS = re.compile(r"[;,\s]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_MONEY = re.compile(r"-?\d{1,12}(?:\.\d{1,2})?", re.ASCII)
KIND_WORDS = {
    "individual": "individual", "person": "individual", "физическое лицо": "individual", "физ. лицо": "individual",
    "физлицо": "individual", "фл": "individual", "ип": "individual",
    "organization": "organization", "organisation": "organization", "company": "organization",
    "юридическое лицо": "organization", "юр. лицо": "organization", "юрлицо": "organization", "юл": "organization",
}  # fmt: skip
GENDER_WORDS = {
    **dict.fromkeys(("female", "f", "woman", "ж", "жен", "женский"), "female"),
    **dict.fromkeys(("male", "m", "man", "м", "муж", "мужской"), "male"),
}
TIER_WORDS = {
    "standard": "standard", "silver": "silver", "gold": "gold", "platinum": "platinum", "стандарт": "standard",
    "стандартный": "standard", "серебро": "silver", "серебряный": "silver", "золото": "gold", "золотой": "gold",
    "платина": "platinum", "платиновый": "platinum",
}  # fmt: skip
ACCOUNT_WORDS = {
    **dict.fromkeys(("prepaid", "аванс", "авансовый", "предоплата"), "prepaid"),
    **dict.fromkeys(("postpaid", "кредит", "кредитный", "постоплата"), "postpaid"),
}
_YES = frozenset({"yes", "y", "true", "1", "да", "д"})
_NO = frozenset({"no", "n", "false", "0", "нет", "н"})


class BadValue(ValueError):
    """The cell does not hold what its column should; the text says why."""


@dataclass(frozen=True)
class Setting:
    """What reading a cell needs to know beyond the cell."""

    as_of: date
    areas: Mapping[str, int]


def text_of(limit: int) -> Callable[[str, Setting], str]:
    """Return a reader of text of at most `limit` characters, with single blanks."""

    def read(text: str, setting: Setting) -> str:
        text = " ".join(text.split())
        if len(text) > limit:
            raise BadValue(_("longer than {limit} characters").format(limit=limit))
        return text

    return read


def word_of(words: Mapping[str, str]) -> Callable[[str, Setting], str]:
    """Return a reader of one of the known words, each of which means one of the base's."""

    def read(text: str, setting: Setting) -> str:
        try:
            return words[text.casefold().rstrip(".")]
        except KeyError:
            raise BadValue(_("unknown value {value}").format(value=text[:60])) from None

    return read


def document(kind: str) -> Callable[[str, Setting], list[tuple[str, str]]]:
    """Return a reader of a document's number; the reason of a refusal does not tell it."""

    def read(text: str, setting: Setting) -> list[tuple[str, str]]:
        if not 4 <= len(code_key(text)) <= 32:
            raise BadValue(_("not a document's number"))
        return [(kind, " ".join(text.split()))]

    return read


def day(text: str, setting: Setting) -> date:
    """Read a date written 2026-11-23 or 23.11.2026."""
    try:
        if found := _RUSSIAN.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise BadValue(_("not a date: {value}").format(value=text[:60]))


def birth_date(text: str, setting: Setting) -> date:
    """Read a birth date: of somebody who may live."""
    found = day(text, setting)
    if not EARLIEST_BIRTH <= found <= setting.as_of:
        raise BadValue(_("not a birth date: {value}").format(value=text))
    return found


def past_day(text: str, setting: Setting) -> date:
    """Read a date that is not after the day that the file stands for."""
    found = day(text, setting)
    if found > setting.as_of:
        raise BadValue(_("later than the file's date: {value}").format(value=text))
    return found


def end_day(text: str, setting: Setting) -> date:
    """Read the day of an end: a date, or `as_of` where the file only says that it ended."""
    return setting.as_of if text == "as_of" else past_day(text, setting)


def months(text: str, setting: Setting) -> int:
    """Read a number of months."""
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= 1200):
        raise BadValue(_("not a number of months: {value}").format(value=text[:60]))
    return int(text)


def phones(text: str, setting: Setting) -> list[tuple[str, str]]:
    """Read one phone or several, parted by commas, semicolons or slashes."""
    found = []
    for part in _SEVERAL.split(text):
        if written := part.strip():
            number = _phone(written)
            found.append(("mobile" if is_mobile(number) else "phone", number))
    return found


def faxes(text: str, setting: Setting) -> list[tuple[str, str]]:
    """Read fax numbers."""
    return [("fax", _phone(part.strip())) for part in _SEVERAL.split(text) if part.strip()]


def _phone(text: str) -> str:
    try:
        return normalize_phone(text)
    except InvalidPhone as error:
        raise BadValue(_("not a phone number: {value}").format(value=text[:60])) from error


def emails(text: str, setting: Setting) -> list[tuple[str, str]]:
    """Read one e-mail address or several."""
    found = []
    for part in _SEVERAL_EMAILS.split(text):
        if part:
            try:
                address = normalize_email(part)
            except InvalidEmail as error:
                raise BadValue(_("not an e-mail address: {value}").format(value=part[:60])) from error
            if len(address) > 254 or not _EMAIL.fullmatch(address):
                raise BadValue(_("not an e-mail address: {value}").format(value=part[:60]))
            found.append(("email", address))
    return found


def inn(text: str, setting: Setting) -> str:
    """Read an INN and check its digits; whether it is a company's or a person's shows later."""
    return _checked(
        lambda value: checked_inn(value, length=12 if len(value) > 10 else 10), text, _("not an INN: {value}")
    )


def ogrn(text: str, setting: Setting) -> str:
    """Read a company's OGRN or a sole trader's OGRNIP and check its digits."""
    return _checked(checked_ogrnip if len(text) > 13 else checked_ogrn, text, _("not an OGRN: {value}"))


def kpp(text: str, setting: Setting) -> str:
    """Read a KPP."""
    return _checked(checked_kpp, text, _("not a KPP: {value}"))


def _checked(check: Callable[[str], str], text: str, reason: str) -> str:
    try:
        return check(text)
    except InvalidField as error:
        raise BadValue(reason.format(value=text[:60])) from error


def area(text: str, setting: Setting) -> int:
    """Read an area by its code or its name."""
    found = setting.areas.get(text.casefold())
    if found is None:
        raise BadValue(_("unknown area {value}").format(value=text[:60]))
    return found


def money(text: str, setting: Setting) -> str:
    """Read an amount with at most two decimals; kept as text, so that no digit changes."""
    plain = text.replace("\u00a0", "").replace(" ", "").replace(",", ".")
    if not _MONEY.fullmatch(plain):
        raise BadValue(_("not an amount: {value}").format(value=text[:60]))
    try:
        return str(Decimal(plain).quantize(Decimal("0.01")))
    except InvalidOperation as error:
        raise BadValue(_("not an amount: {value}").format(value=text[:60])) from error


def integer(text: str, setting: Setting) -> int:
    """Read a whole number."""
    if not re.fullmatch(r"-?\d{1,15}", text, re.ASCII):
        raise BadValue(_("not a whole number: {value}").format(value=text[:60]))
    return int(text)


def yes_no(text: str, setting: Setting) -> bool:
    """Read yes or no."""
    word = text.casefold()
    if word not in _YES and word not in _NO:
        raise BadValue(_("neither yes nor no: {value}").format(value=text[:60]))
    return word in _YES


Reader = Callable[[str, Setting], Any]

TYPE_READERS: dict[str, Reader] = {"text": text_of(300), "money": money, "integer": integer, "yes_no": yes_no}
