"""Which own fields a viewer has before him, how their values read, and the conditions that find rows by them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, JSONField, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, IContains, LessThan, LessThanOrEqual
from django.utils.formats import date_format, number_format
from django.utils.translation import pgettext

from svyaz.access.queries import PermissionGroup, Rights, Viewer, permission_groups, rights_of
from svyaz.fields.models import OwnField
from svyaz.fields.permissions import GROUP
from svyaz.history.models import Event
from svyaz.history.queries import changes_of

RANGES = {"gt": GreaterThan, "gte": GreaterThanOrEqual, "lt": LessThan, "lte": LessThanOrEqual}


def fields_of(noun: str, viewer: Viewer, *, party_kind: str = "") -> list[OwnField]:
    """Return the fields of a noun that a viewer may see, in their order; of a kind of party, those that it has."""
    rights = rights_of(viewer)
    found = OwnField.objects.filter(noun=noun, archived_at__isnull=True).order_by("position", "pk")
    return [field for field in found if field.may_see(rights) and field.applies(party_kind)]


def field_named(noun: str, code: str) -> OwnField | None:
    """Return the field of a noun with this code, if it is in use."""
    return OwnField.objects.filter(noun=noun, code=code, archived_at__isnull=True).first()


def seen_fields(noun: str, rights: Rights) -> "QuerySet[OwnField]":
    """Return the fields of a noun that a viewer may see, as rows: for statements that read values with them."""
    start, end = f"own:{noun}.", ":read"
    held = (name.removeprefix(start).removesuffix(end) for name in sorted(rights.areas) if name.startswith(start)
            and name.endswith(end))  # fmt: skip
    found = OwnField.objects.filter(noun=noun, archived_at__isnull=True)
    return found.filter(Q(is_read_restricted=False) | Q(code__in=list(held)))


def all_fields() -> "QuerySet[OwnField]":
    """Return every field, archived ones last: for who keeps them."""
    return OwnField.objects.order_by("noun", F("archived_at").asc(nulls_first=True), "position", "pk")


def hidden_codes(noun: str, viewer: Viewer) -> list[str]:
    """Return the codes of the fields of a noun whose values a viewer must not get, archived ones among them."""
    rights = rights_of(viewer)
    found = OwnField.objects.filter(noun=noun)
    return [field.code for field in found if field.archived_at is not None or not field.may_see(rights)]


def field_permissions() -> PermissionGroup:
    """Return the permissions that restricted fields bring, in words."""
    found = OwnField.objects.filter(archived_at__isnull=True).order_by("noun", "position", "pk")
    named: dict[str, Any] = {}
    for field in found:
        if field.is_read_restricted:
            named[field.read_permission] = pgettext("permission", "see “%(field)s”") % {"field": field}
        if field.is_write_restricted:
            named[field.write_permission] = pgettext("permission", "change “%(field)s”") % {"field": field}
    return PermissionGroup(GROUP, named)


def every_permission_group() -> list[PermissionGroup]:
    """Return the permissions of the packages with those of restricted fields under the heading of own fields."""
    own = field_permissions()
    return [
        PermissionGroup(group.name, {**group.permissions, **own.permissions}) if group.name == GROUP else group
        for group in permission_groups()
    ]


def changes_of_field(field: OwnField) -> "QuerySet[Event]":
    """Return what happened to a field, the latest first."""
    return changes_of((OwnField, [field.pk]))


def words_of(field: OwnField, value: Any, *, parties: Mapping[int, str] | None = None) -> str:
    """Say a value in the reader's language; `parties` are the names of linked ones. Nothing for no value."""
    if value is None or value in ("", []):
        return ""
    if field.kind in {OwnField.Kind.CHOICE, OwnField.Kind.CHOICES}:
        names = field.option_names()
        return ", ".join(names.get(code, str(code)) for code in (value if isinstance(value, list) else [value]))
    if field.kind == OwnField.Kind.BOOLEAN:
        return pgettext("a value", "yes") if value else pgettext("a value", "no")
    if field.kind == OwnField.Kind.DATE:
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    if field.kind in {OwnField.Kind.NUMBER, OwnField.Kind.MONEY}:
        return _number(value) + ("\N{NO-BREAK SPACE}₽" if field.kind == OwnField.Kind.MONEY else "")
    if field.kind == OwnField.Kind.PARTY:
        return (parties or {}).get(value, f"№ {value}")
    return str(value)


def _number(value: Any) -> str:
    amount = Decimal(str(value))
    exponent = amount.normalize().as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)


def linked_parties(fields: Iterable[OwnField], owns: Iterable[Mapping[str, Any]]) -> set[int]:
    """Return the ids of the parties that values link to, so that a page reads their names at once."""
    links = [field.code for field in fields if field.kind == OwnField.Kind.PARTY]
    return {own[code] for own in owns for code in links if isinstance(own.get(code), int)}


def with_value(field: OwnField) -> Q:
    """Return the condition that a row has a value of a field; the index answers it."""
    return Q(own__has_key=field.code) & ~Q(own={})


def with_any_of(field: OwnField, values: Iterable[Any]) -> Q:
    """Return the condition that a row has one of some values (as `actions.values.normal` gives them)."""
    found = Q(pk__in=())
    for value in values:
        wanted = [value] if field.kind == OwnField.Kind.CHOICES and not isinstance(value, list) else value
        found |= Q(own__contains={field.code: wanted})
    return found & ~Q(own={})


def in_range(field: OwnField, operator: str, value: Any) -> Q:
    """Return the condition that a row's value lies above or below one: gt, gte, lt, lte."""
    compared: Any = RANGES[operator](KeyTransform(field.code, "own"), Value(value, JSONField()))
    return Q(compared) & with_value(field)


def holding_text(field: OwnField, text: str) -> Q:
    """Return the condition that a row's text holds a part, case aside."""

    return Q(IContains(KeyTextTransform(field.code, "own"), text)) & with_value(field)
