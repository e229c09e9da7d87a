"""Creating persons and companies, and changing what is known of them."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from svyaz.history.actions import record
from svyaz.lib.text import name_key
from svyaz.parties.actions.checks import (
    InvalidField,
    as_expected,
    checked_inn,
    checked_kpp,
    checked_ogrn,
    checked_ogrnip,
    fits,
    one_of,
    required,
)
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Party
from svyaz.places.models import Area
from svyaz.users.models import User


class PartyAlreadyExists(Exception):
    """A company with this INN and KPP is known already."""


class NoSuchField(Exception):
    """A party has no such field, or it is not one to be changed."""


NAME_PARTS = ("family_name", "given_name", "middle_name")
PERSON_FIELDS = frozenset(
    {*NAME_PARTS, "birth_date", "gender", "legal_form", "inn", "ogrn", "language", "home_area", "characteristics"}
)
TEXTS = (*NAME_PARTS, "name", "name_key", "legal_form", "language")
COMPANY_FIELDS = frozenset({"name", "legal_form", "inn", "kpp", "ogrn", "language", "home_area", "characteristics"})


@transaction.atomic
def create_individual(
    *, by: User | None, at: datetime, family_name: str = "", given_name: str = "", middle_name: str = "",
    birth_date: date | None = None, gender: str = "", inn: str = "", ogrnip: str = "", language: str = "",
    home_area: Area | None = None,
) -> Party:  # fmt: skip
    """Create a person; one with an OGRNIP is a sole trader (ИП). Whoever has no name yet shows by his number."""
    party = Party(
        kind=Party.Kind.INDIVIDUAL, family_name=family_name, given_name=given_name, middle_name=middle_name,
        birth_date=birth_date, gender=gender, inn=inn, ogrn=ogrnip,
        language=language, home_area=home_area, created_at=at,
    )  # fmt: skip
    return _create(party, by=by, at=at)


@transaction.atomic
def create_organization(
    *, name: str, by: User | None, at: datetime, legal_form: str = "", inn: str = "", kpp: str = "", ogrn: str = "",
    language: str = "", home_area: Area | None = None,
) -> Party:  # fmt: skip
    """Create a company or a branch of one: branches share an INN and differ in KPP; raise PartyAlreadyExists."""
    party = Party(
        kind=Party.Kind.ORGANIZATION, name=required("name", name), legal_form=legal_form, inn=inn, kpp=kpp, ogrn=ogrn,
        language=language, home_area=home_area, created_at=at,
    )  # fmt: skip
    return _create(party, by=by, at=at)


def _create(party: Party, *, by: User | None, at: datetime) -> Party:
    _put_in_order(party, at.date())
    _save(party)
    record(PartyEvent.CREATED, subject=party, party_id=party.pk, by=by, at=at, kind=party.kind, name=party.name)
    return party


@transaction.atomic
def change_party(
    *, party: Party, changes: dict[str, Any], by: User | None, at: datetime, expected: dict[str, Any] | None = None
) -> Party:
    """Change fields of a party; the event keeps former and new values. Nothing changes: no event.

    `expected` are the values its author saw, as `changeable_values` gives them: where they are others by now, nothing
    is changed. Raises NoSuchField, InvalidField, PartyAlreadyExists, ChangedMeanwhile.
    """
    party = Party.objects.select_for_update().get(pk=party.pk)
    if unknown := changes.keys() - fields_of(party):
        raise NoSuchField(", ".join(sorted(unknown)))
    before = changeable_values(party)
    for field, value in changes.items():
        setattr(party, field, value)
    _put_in_order(party, at.date())
    after = changeable_values(party)
    as_expected(before, expected, after)
    changed = [field for field in after if after[field] != before[field]]
    if changed:
        _save(party)
        former, new = {f: before[f] for f in changed}, {f: after[f] for f in changed}
        record(PartyEvent.CHANGED, subject=party, party_id=party.pk, by=by, at=at, former=former, new=new)
    return party


def fields_of(party: Party) -> frozenset[str]:
    """Return what can be changed of a party of this kind."""
    return PERSON_FIELDS if party.is_person else COMPANY_FIELDS


def changeable_values(party: Party) -> dict[str, Any]:
    """Return a party's changeable fields as JSON keeps them."""
    return {field: party.as_json(field) for field in sorted(PERSON_FIELDS | COMPANY_FIELDS)}


def _put_in_order(party: Party, today: date) -> None:
    """Check the fields against each other and against the registers' rules, and derive name and key."""
    if party.is_person:
        _put_person_in_order(party, today)
    else:
        party.inn = checked_inn(party.inn, length=10)
        party.kpp = checked_kpp(party.kpp)
        party.ogrn = checked_ogrn(party.ogrn)
        party.name = required("name", party.name)
    party.legal_form = party.legal_form.strip()
    party.name_key = name_key(party.name)
    fits(party, *TEXTS)


def _put_person_in_order(party: Party, today: date) -> None:
    party.inn = checked_inn(party.inn, length=12)
    party.ogrn = checked_ogrnip(party.ogrn)
    if party.birth_date is not None and not date(1890, 1, 1) <= party.birth_date <= today:
        raise InvalidField("birth_date", party.birth_date.isoformat(), "out_of_range")
    party.gender = one_of("gender", party.gender, ["", *Party.Gender.values])
    party.legal_form = one_of("legal_form", "ИП" if party.ogrn else party.legal_form, ["", "ИП"])
    for part in NAME_PARTS:
        setattr(party, part, " ".join(getattr(party, part).split()))
    party.name = " ".join(filter(None, (getattr(party, part) for part in NAME_PARTS)))


def _save(party: Party) -> None:
    """Save; what was merged into another party keeps its INN for that one's whole relationship."""
    if party.inn and party.merged_into_id is None and _is_known_as_merged(party):
        raise PartyAlreadyExists(party.inn, party.kpp)
    try:
        with transaction.atomic():
            party.save()
    except IntegrityError as error:
        if "party_inn_kpp_once" in str(error):
            raise PartyAlreadyExists(party.inn, party.kpp) from error
        raise


def _is_known_as_merged(party: Party) -> bool:
    merged = Party.objects.filter(inn=party.inn, kpp=party.kpp, merged_into__isnull=False)
    return merged.exclude(canonical=party.pk).exists()
