"""Adding, changing, archiving own fields."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from svyaz.fields.events import FieldEvent
from svyaz.fields.models import OwnField
from svyaz.history.actions import record
from svyaz.lib.changes import difference
from svyaz.users.models import User

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
PARTY_KINDS = ("individual", "organization")
CHANGEABLE = (
    "name", "name_en", "help", "options", "applies_to", "is_required", "in_lists", "is_read_restricted",
    "is_write_restricted", "position",
)  # fmt: skip
MOST_FIELDS = 100


class FieldCodeTaken(Exception):
    """The noun has a field of this code, in use or archived."""


class FieldIsWrong(ValueError):
    """A field cannot be so: `field` names what is wrong, `reason` why (empty, too_long, unknown, taken)."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field, self.reason = field, reason


class TooManyFields(Exception):
    """A noun with more fields than this is a form that nobody fills in."""


@transaction.atomic
def add_field(*, noun: str, code: str, kind: str, name: str, by: User | None, at: datetime, **more: Any) -> OwnField:
    """Add a field to a noun, after the others; `more` as `change_field`.

    Raises FieldCodeTaken, FieldIsWrong, TooManyFields.
    """
    if noun not in OwnField.Noun.values:
        raise FieldIsWrong("noun", "unknown")
    if kind not in OwnField.Kind.values:
        raise FieldIsWrong("kind", "unknown")
    if not CODE.fullmatch(code):
        raise FieldIsWrong("code", "unknown")
    others = OwnField.objects.filter(noun=noun)
    if others.filter(code=code).exists():
        raise FieldCodeTaken(code)
    if others.filter(archived_at__isnull=True).count() >= MOST_FIELDS:
        raise TooManyFields(noun)
    last = others.aggregate(last=Max("position"))["last"] or 0
    field = OwnField(noun=noun, code=code, kind=kind, position=last + 1)
    _fill(field, {"name": name, **more})
    field.save()
    record(
        FieldEvent.SAVED, subject=field, by=by, at=at, noun=noun, code=code, kind=kind, former={}, new=_values(field)
    )
    return field


@transaction.atomic
def change_field(*, field: OwnField, by: User | None, at: datetime, **changes: Any) -> OwnField:
    """Change what a field is called, offers, and for whom it is; its noun, code and kind stay for good.

    Options that are left out are retired, not removed: values keep them. Nothing changes: no event.

    Raises FieldIsWrong.
    """
    field = OwnField.objects.select_for_update().get(pk=field.pk)
    before = _values(field)
    _fill(field, changes)
    former, new = difference(before, _values(field))
    if new:
        field.save()
        record(FieldEvent.SAVED, subject=field, by=by, at=at, noun=field.noun, code=field.code, former=former, new=new)
    return field


@transaction.atomic
def archive_field(*, field: OwnField, by: User | None, at: datetime) -> OwnField:
    """Take a field out of use; its values stay on their rows and come back with it."""
    field = OwnField.objects.select_for_update().get(pk=field.pk)
    if field.archived_at is None:
        field.archived_at = at
        field.save(update_fields=["archived_at"])
        record(FieldEvent.ARCHIVED, subject=field, by=by, at=at, noun=field.noun, code=field.code)
    return field


@transaction.atomic
def restore_field(*, field: OwnField, by: User | None, at: datetime) -> OwnField:
    """Take an archived field into use again, with the values that it had."""
    field = OwnField.objects.select_for_update().get(pk=field.pk)
    if field.archived_at is not None:
        field.archived_at = None
        field.save(update_fields=["archived_at"])
        record(FieldEvent.RESTORED, subject=field, by=by, at=at, noun=field.noun, code=field.code)
    return field


def _values(field: OwnField) -> dict[str, Any]:
    return {name: getattr(field, name) for name in CHANGEABLE}


def _fill(field: OwnField, changes: Mapping[str, Any]) -> None:
    if unknown := changes.keys() - set(CHANGEABLE):
        raise FieldIsWrong(", ".join(sorted(unknown)), "unknown")
    for name, value in changes.items():
        setattr(field, name, " ".join(value.split()) if isinstance(value, str) else value)
    for name, most in (("name", 100), ("name_en", 100), ("help", 200)):
        if len(getattr(field, name)) > most:
            raise FieldIsWrong(name, "too_long")
    if not field.name:
        raise FieldIsWrong("name", "empty")
    field.applies_to = _party_kinds(field)
    field.options = _options(field, changes.get("options"))


def _party_kinds(field: OwnField) -> list[str]:
    chosen = sorted(set(field.applies_to))
    if set(chosen) - set(PARTY_KINDS) or (chosen and field.noun != OwnField.Noun.PARTY):
        raise FieldIsWrong("applies_to", "unknown")
    return [] if len(chosen) == len(PARTY_KINDS) else chosen


def _options(field: OwnField, given: Iterable[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Return the options in the order given, each with a code for good; those left out come last, retired."""
    if field.kind not in {OwnField.Kind.CHOICE, OwnField.Kind.CHOICES}:
        return []
    stored = OwnField.objects.filter(pk=field.pk).values_list("options", flat=True).first() or []
    if given is None:
        given = stored
    found: dict[str, dict[str, Any]] = {}
    taken = {option["code"] for option in stored}
    for option in given:
        name = " ".join(str(option.get("name", "")).split())
        if not name or len(name) > 100:
            raise FieldIsWrong("options", "too_long" if name else "empty")
        code = str(option.get("code") or "") or _code_for(option, taken)
        if code in found:
            raise FieldIsWrong("options", "taken")
        taken.add(code)
        name_en = " ".join(str(option.get("name_en", "")).split())[:100]
        found[code] = {"code": code, "name": name, "name_en": name_en, "is_active": bool(option.get("is_active", True))}
    for option in stored:
        found.setdefault(option["code"], {**option, "is_active": False})
    if not any(option["is_active"] for option in found.values()):
        raise FieldIsWrong("options", "empty")
    return list(found.values())


def _code_for(option: Mapping[str, Any], taken: set[str]) -> str:
    """Return a code for an option that has none: from its English name, else its number."""
    words = re.sub(r"[^a-z0-9]+", "_", str(option.get("name_en") or option.get("name", "")).lower()).strip("_")[:30]
    if words and words not in taken:
        return words
    number = 1
    while f"option_{number}" in taken:
        number += 1
    return f"option_{number}"
