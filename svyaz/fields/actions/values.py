"""Values of own fields: checked in this one place, written on the noun's row, told in one event."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction

from svyaz.access.queries import rights_of
from svyaz.fields.models import OwnField
from svyaz.history.actions import record
from svyaz.lib.changes import difference
from svyaz.lib.phones import InvalidPhone, normalize_phone
from svyaz.users.models import User

RowT = TypeVar("RowT", bound=models.Model)
MayLink = Callable[[int], bool]
Reader = Callable[[OwnField, Any, MayLink | None], Any]
MOST = {OwnField.Kind.TEXT: 300, OwnField.Kind.LONG_TEXT: 4000, OwnField.Kind.URL: 500, OwnField.Kind.EMAIL: 254}
YES, NO = {"yes", "true", "1", "on", "да"}, {"no", "false", "0", "off", "нет"}


class NoSuchOwnField(Exception):
    """The noun has no such field, or the one who acts does not see it."""


class MayNotSetOwnField(Exception):
    """The field may be changed by other roles only."""


class InvalidOwnValue(ValueError):
    """A value cannot stand in an own field: `code` of the field and `reason`.

    Reasons: empty, too_long, not_a_number, out_of_range, not_a_date, not_yes_or_no, unknown, not_an_email,
    not_a_phone, not_a_link.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code, reason)
        self.code, self.reason = code, reason


def normal(field: OwnField, value: Any, *, may_link: MayLink | None = None) -> Any:
    """Return a value as it is kept (JSON), read from what a form, a file or a program sent; None for an empty one.

    Raises InvalidOwnValue.
    """
    if isinstance(value, str):
        value = value.strip()
    if value is None or value in ("", []):
        return None
    reader: Reader = _READERS.get(field.kind, _text)
    return reader(field, value, may_link)


def _text(field: OwnField, value: Any, may_link: MayLink | None) -> str:
    text = str(value)
    if field.kind == OwnField.Kind.TEXT:
        text = " ".join(text.split())
    if len(text) > MOST.get(OwnField.Kind(field.kind), 300):
        raise InvalidOwnValue(field.code, "too_long")
    if "\x00" in text:
        raise InvalidOwnValue(field.code, "unknown")
    return text


def _number(field: OwnField, value: Any, may_link: MayLink | None) -> int | float:
    """Read a number: 1 500,50 and 1500.50 alike; 15 digits, of money two after the point."""
    try:
        amount = Decimal("".join(str(value).replace("₽", "").split()).replace(",", "."))
    except InvalidOperation as error:
        raise InvalidOwnValue(field.code, "not_a_number") from error
    if isinstance(value, bool) or not amount.is_finite():
        raise InvalidOwnValue(field.code, "not_a_number")
    places = 2 if field.kind == OwnField.Kind.MONEY else 6
    if (
        abs(amount) >= Decimal(10) ** 12
        or amount != round(amount, places)
        or len(amount.normalize().as_tuple().digits) > 15
    ):
        raise InvalidOwnValue(field.code, "out_of_range")
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _date(field: OwnField, value: Any, may_link: MayLink | None) -> str:
    """Read a day: 2026-05-19 and 19.05.2026 alike."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    parts = text.split(".")
    if len(parts) == 3:
        text = "-".join(part.zfill(2) for part in reversed(parts))
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError as error:
        raise InvalidOwnValue(field.code, "not_a_date") from error


def _boolean(field: OwnField, value: Any, may_link: MayLink | None) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word not in YES | NO:
        raise InvalidOwnValue(field.code, "not_yes_or_no")
    return word in YES


def _choice(field: OwnField, value: Any, may_link: MayLink | None) -> str:
    """Read one of the options, by its code or its name in either language."""
    wanted = str(value).strip().casefold()
    for option in field.options:
        names = {option["code"], option["name"], option.get("name_en", "")} - {""}
        if wanted in {name.casefold() for name in names}:
            return str(option["code"])
    raise InvalidOwnValue(field.code, "unknown")


def _choices(field: OwnField, value: Any, may_link: MayLink | None) -> list[str] | None:
    parts = value if isinstance(value, (list, tuple)) else str(value).replace(";", ",").split(",")
    chosen = {_choice(field, part, may_link) for part in parts if str(part).strip()}
    order = [option["code"] for option in field.options]
    return sorted(chosen, key=order.index) or None


def _party(field: OwnField, value: Any, may_link: MayLink | None) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InvalidOwnValue(field.code, "unknown")
    if may_link is not None and not may_link(int(text)):
        raise InvalidOwnValue(field.code, "unknown")
    return int(text)


def _email(field: OwnField, value: Any, may_link: MayLink | None) -> str:
    text = _text(field, value, may_link).lower()
    try:
        validate_email(text)
    except ValidationError as error:
        raise InvalidOwnValue(field.code, "not_an_email") from error
    return text


def _phone(field: OwnField, value: Any, may_link: MayLink | None) -> str:
    try:
        return normalize_phone(str(value))
    except InvalidPhone as error:
        raise InvalidOwnValue(field.code, "not_a_phone") from error


def _url(field: OwnField, value: Any, may_link: MayLink | None) -> str:
    """Read an address of the web: nothing else may become a link that somebody presses."""
    text = _text(field, value, may_link)
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise InvalidOwnValue(field.code, "not_a_link") from error
    if parts.scheme not in {"http", "https"} or not parts.netloc or " " in text:
        raise InvalidOwnValue(field.code, "not_a_link")
    return text


_READERS: Mapping[str, Reader] = {
    OwnField.Kind.NUMBER: _number, OwnField.Kind.MONEY: _number, OwnField.Kind.DATE: _date,
    OwnField.Kind.BOOLEAN: _boolean, OwnField.Kind.CHOICE: _choice, OwnField.Kind.CHOICES: _choices,
    OwnField.Kind.PARTY: _party, OwnField.Kind.EMAIL: _email, OwnField.Kind.PHONE: _phone, OwnField.Kind.URL: _url,
}  # fmt: skip


def checked_values(
    noun: str, values: Mapping[str, Any], *, by: User | None, party_kind: str = "", may_link: MayLink | None = None,
    fields: Iterable[OwnField] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return the values of a noun's fields as they are kept; None for one that is to be emptied.

    `fields` are the noun's, where the caller has read them. Raises NoSuchOwnField, MayNotSetOwnField, InvalidOwnValue.
    """
    if not values:
        return {}
    found = OwnField.objects.filter(noun=noun, archived_at__isnull=True) if fields is None else fields
    known = {field.code: field for field in found if field.applies(party_kind)}
    rights = None if by is None or by.kind == User.Kind.SYSTEM else rights_of(by)
    kept = {}
    for code, value in values.items():
        field = known.get(code)
        if field is None or (rights is not None and not field.may_see(rights)):
            raise NoSuchOwnField(code)
        if rights is not None and not field.may_set(rights):
            raise MayNotSetOwnField(code)
        kept[code] = normal(field, value, may_link=may_link)
        if kept[code] is None and field.is_required:
            raise InvalidOwnValue(code, "empty")
    return kept


@transaction.atomic
def put_own_values(
    *, row: RowT, noun: str, values: Mapping[str, Any], event: StrEnum, party_id: int | None, by: User | None,
    at: datetime, party_kind: str = "", may_link: MayLink | None = None,
) -> RowT:  # fmt: skip
    """Change some own values of a row of a noun; the others stay. Nothing changes: no event.

    The noun's package calls it from its own verb, which knows who may change the row. Raises what `checked_values`
    raises.
    """
    kept = checked_values(noun, values, by=by, party_kind=party_kind, may_link=may_link)
    row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    before: dict[str, Any] = row.own  # type: ignore[attr-defined]
    after = {code: value for code, value in {**before, **kept}.items() if value is not None}
    former, new = difference({code: before.get(code) for code in kept}, {code: after.get(code) for code in kept})
    if new:
        row.own = after  # type: ignore[attr-defined]
        row.save(update_fields=["own"])
        record(event, subject=row, party_id=party_id, by=by, at=at, former=former, new=new)
    return row
